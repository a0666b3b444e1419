import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitInWords, limitName, limitSchema, parseWindow } from './limit.js';

const limit = (window: string) => limitSchema.parse({ window });

test('every window that the schema takes can be read, and is neither empty nor endless', () => {
  const windows = fc.tuple(
    fc.integer({ min: 1, max: 1e9 }),
    fc.integer({ min: 1, max: 9999 }),
    fc.constantFrom('s', 'm', 'h', 'd'),
  );
  fc.assert(
    fc.property(windows, ([units, count, unit]) => {
      const read = parseWindow(limit(`${units}/${count}${unit}`).window);
      expect(read.units).toBe(units);
      expect(read.windowMs).toBeGreaterThanOrEqual(1000);
    }),
  );
});

test('raising a limit keeps its name, so what was used stays used', () => {
  expect(limitName(limit('900/day'))).toBe(limitName(limit('1000/day')));
  expect(limitName(limit('900/day'))).toBe(limitName(limit('900/24h')));
  expect(limitName(limit('900/day'))).not.toBe(limitName(limit('900/hour')));
});

test.each(['0/day', '-1/day', '1.5/day', '10/week', '10', '10/0h', '10 / day', ''])(
  '%j is refused as a window',
  (window) => {
    expect(limitSchema.safeParse({ window }).success).toBe(false);
  },
);

test('a limit reads as a sentence', () => {
  expect(limitInWords(limit('10000/day'))).toBe('10,000 requests a day');
  expect(limitInWords(limit('1/hour'))).toBe('1 request an hour');
  expect(limitInWords(limit('50/36h'))).toBe('50 requests every 36h');
});
