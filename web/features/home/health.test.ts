import { expect, test } from 'vitest';
import { healthOf } from './health';

const live = { revision: 4, hash: 'h', publishedAt: '2026-01-01T00:00:00Z' };
const fine = { applied: 2, refused: 0, live: 2 };
const totals = { requests: 1000, s5xx: 0 };
const windowInWords = 'hour';

test('the worst state speaks first', () => {
  expect(healthOf({ live: null, receipts: null, totals, windowInWords }).tone).toBe('neutral');
  expect(healthOf({ live, receipts: { ...fine, live: 0 }, totals, windowInWords }).tone).toBe('bad');
  expect(
    healthOf({ live, receipts: { ...fine, refused: 1 }, totals: { requests: 10, s5xx: 9 }, windowInWords }),
  ).toEqual({
    tone: 'bad',
    sentence: '1 gateway refused a part of r4.',
  });
  expect(healthOf({ live, receipts: fine, totals: { requests: 1000, s5xx: 41 }, windowInWords }).sentence).toBe(
    '4.1 % of the requests of the last hour failed with 5xx.',
  );
  expect(healthOf({ live, receipts: { ...fine, applied: 1 }, totals, windowInWords }).tone).toBe('warn');
});

test('all is well only when nothing speaks against it', () => {
  expect(healthOf({ live, receipts: fine, totals, windowInWords })).toEqual({
    tone: 'ok',
    sentence: 'All gateways are serving r4.',
  });
});
