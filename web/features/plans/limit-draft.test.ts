import { limitSchema } from '@sluice/contracts';
import type { Limit } from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyLimit, limitDraftOf, limitKinds, limitOf } from './limit-draft';

const units = fc.integer({ min: 1, max: 999_999_999_999 });
const time = fc.constantFrom('second', 'minute', 'hour', 'day', '1s', '36h', '9999d');
const perTime = fc.tuple(units, time).map(([count, unit]) => `${count}/${unit}`);
const common = {
  name: fc.constantFrom('burst', 'per-day'),
  onOutage: fc.constantFrom('deny' as const, 'local' as const),
  dryRun: fc.boolean(),
};
const limit: fc.Arbitrary<Limit> = fc.oneof(
  fc.record(
    { ...common, rate: perTime, burst: fc.integer({ min: 1, max: 1_000_000_000 }) },
    { requiredKeys: ['rate', 'onOutage'] },
  ),
  fc.record({ ...common, window: perTime, sliding: fc.boolean() }, { requiredKeys: ['window', 'onOutage'] }),
  fc.record(
    {
      ...common,
      quota: fc.tuple(units, fc.constantFrom('hour', 'day', 'week', 'month', 'year')).map((parts) => parts.join('/')),
      anchor: fc.constantFrom('calendar' as const, 'subscription' as const),
    },
    { requiredKeys: ['quota', 'onOutage'] },
  ),
  fc.record(
    { ...common, concurrency: fc.integer({ min: 1, max: 100_000 }) },
    { requiredKeys: ['concurrency', 'onOutage'] },
  ),
);

test('a limit of any kind that goes through the form comes out as it went in', () => {
  fc.assert(
    fc.property(limit, (written) => {
      const known = limitSchema.parse(written);
      expect(limitOf(limitDraftOf(known, 0))).toEqual(known);
    }),
    { numRuns: 500 },
  );
});

test('the form knows every field that a limit has', () => {
  const known = ['anchor', 'burst', 'concurrency', 'dryRun', 'name', 'onOutage', 'quota', 'rate', 'sliding', 'window'];
  expect(Object.keys(limitSchema.shape).toSorted()).toEqual(known);
});

test('each kind is valid as it is proposed, and numbers may be written with commas', () => {
  for (const kind of limitKinds) expect(limitSchema.safeParse(limitOf(emptyLimit(0, kind))).success).toBe(true);
  expect(limitOf({ ...emptyLimit(0, 'quota'), quotaUnits: '1,000,000' }).quota).toBe('1000000/month');
  expect(limitOf({ ...emptyLimit(0, 'concurrency'), concurrency: '1,000' }).concurrency).toBe(1000);
});

test('an amount that is no whole number is refused by the schema at its own field', () => {
  const refusedAt = (draft: Parameters<typeof limitOf>[0]) =>
    limitSchema.safeParse(limitOf(draft)).error?.issues.map((issue) => issue.path.join('/'));
  expect(refusedAt({ ...emptyLimit(0, 'rate'), burst: 'all' })).toEqual(['burst']);
  expect(refusedAt({ ...emptyLimit(0, 'quota'), quotaUnits: '' })).toEqual(['quota']);
  expect(refusedAt({ ...emptyLimit(0, 'concurrency'), concurrency: '1.5' })).toEqual(['concurrency']);
  expect(refusedAt({ ...emptyLimit(0, 'concurrency'), concurrency: '1,5' })).toEqual(['concurrency']);
  expect(refusedAt({ ...emptyLimit(0, 'window'), window: 'often' })).toEqual(['window']);
});

test('what belongs to one kind is not sent with another', () => {
  const draft = { ...emptyLimit(0, 'rate'), burst: '20', sliding: true, anchor: 'subscription' as const };
  for (const kind of limitKinds) expect(limitSchema.safeParse(limitOf({ ...draft, kind })).success).toBe(true);
});
