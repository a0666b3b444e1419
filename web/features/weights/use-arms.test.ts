import { expect, test } from 'vitest';
import { measuredFrom } from './use-arms';

const now = Date.UTC(2026, 0, 1, 12, 0, 30);

test('what the old weights did is never measured as the new ones', () => {
  expect(measuredFrom(now, '2026-01-01T11:58:20Z')).toBe(Date.UTC(2026, 0, 1, 11, 59));
  expect(measuredFrom(now, '2026-01-01T12:00:10Z')).toBeGreaterThan(now);
});

test('without a change the last 15 minutes are measured', () => {
  expect(measuredFrom(now, null)).toBe(now - 900_000);
  expect(measuredFrom(now, '2025-12-01T00:00:00Z')).toBe(now - 900_000);
});
