import { expect, test } from 'vitest';
import { readRange, widerRange, windowOf } from './range';

test('a window is as long as its name says, and the one before touches it', () => {
  const window = windowOf('15m', Date.UTC(2026, 0, 1, 12));
  expect(window).toEqual({
    from: '2026-01-01T11:45:00.000Z',
    to: '2026-01-01T12:00:00.000Z',
    before: { from: '2026-01-01T11:30:00.000Z', to: '2026-01-01T11:45:00.000Z' },
  });
});

test('an unknown range in the address falls back instead of failing', () => {
  expect([readRange('7d'), readRange('9y'), readRange(undefined)]).toEqual(['7d', '1h', '1h']);
  expect([widerRange('24h'), widerRange('7d')]).toEqual(['7d', undefined]);
});
