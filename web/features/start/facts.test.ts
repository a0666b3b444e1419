import { expect, test } from 'vitest';
import { factsOf } from './facts';

const live = { revision: 1, hash: 'x', publishedAt: '2026-01-01T00:00:00Z' };

test('the checklist after a reload says what is there: an API, live, called', () => {
  expect(factsOf(0, { live: null }, null)).toEqual({ hasApi: false, isLive: false, hasAnswered: false });
  expect(factsOf(1, { live: null }, null)).toEqual({ hasApi: true, isLive: false, hasAnswered: false });
  expect(factsOf(1, { live }, { totals: { requests: 3 } })).toEqual({ hasApi: true, isLive: true, hasAnswered: true });
});

test('an environment that could not be read is not called live', () => {
  expect(factsOf(1, null, null).isLive).toBe(false);
});
