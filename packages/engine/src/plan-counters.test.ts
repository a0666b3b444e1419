import type { Limit } from '@sluice/contracts';
import { limitSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { compileLimits } from './compile-limits.js';
import { withCounters } from './plan-counters.js';
import { ask, compiledOf, documentWith } from './testing/try-route.js';

const countersOf = (...limits: object[]): string[] =>
  withCounters(
    compileLimits(
      limits.map((limit): Limit => limitSchema.parse(limit)),
      () => undefined,
    ),
  ).map(({ counter }) => counter);

test.each([
  ['a quota', { quota: '10/month' }, { name: 'gold', quota: '500/month' }, { quota: '10/day' }],
  [
    'a quota from the start',
    { quota: '1/day', anchor: 'subscription' },
    { name: 'x', quota: '9/day', anchor: 'subscription' },
    { quota: '1/day' },
  ],
  ['a window', { window: '10/minute' }, { name: 'burst', window: '99/60s' }, { window: '10/hour' }],
  [
    'a sliding window',
    { window: '10/hour', sliding: true },
    { name: 's', window: '9/60m', sliding: true },
    { window: '10/hour' },
  ],
  ['a rate', { rate: '10/second' }, { name: 'r', rate: '7/1s', burst: 3 }, { rate: '10/minute' }],
  ['requests at a time', { concurrency: 2 }, { name: 'few', concurrency: 1 }, { rate: '1/second' }],
])('%s of one plan is counted where another plan counts its own, whatever it is called', (_, one, same, other) => {
  expect(countersOf(one)).toEqual(countersOf(same));
  expect(countersOf(one)).not.toEqual(countersOf(other));
});

test('of several with one kind and period the one that binds has the shared counter, in any order', () => {
  const [soft, hard, trial] = [
    { name: 'soft', quota: '100/month' },
    { name: 'hard', quota: '500/month' },
    { name: 'trial', quota: '1/month', dryRun: true },
  ];
  expect(countersOf(soft, hard, trial)).toEqual(['quota-month', 'quota-month:hard', 'quota-month:trial']);
  expect(countersOf(trial, hard, soft)).toEqual(['quota-month:trial', 'quota-month:hard', 'quota-month']);
});

test('of two plans that a subscription has had under one revision, the later one outranks the former', () => {
  const document = documentWith([{ 'api-key': {} }]);
  const limited = { title: 'Free', apis: ['orders'], limits: [limitSchema.parse({ name: 'mine', quota: '10/month' })] };
  const compiled = compiledOf({ ...document, plans: { free: limited } });
  const chargeAfter = (planChanges: number | undefined) => {
    const subscription = { id: 'sub_1', applicationId: 'app_1', plan: 'free', state: 'active', revision: 1 } as const;
    const decision = ask(compiled, {
      request: { headers: { 'x-api-key': 'good' } },
      facts: {
        credential: () => ({ id: 'key_1', subscriptionId: 'sub_1', isRevoked: false }),
        subscription: () => ({ ...subscription, planChanges }),
      },
    });
    return decision.spend.map(({ limit: { key, name, version } }) => ({ key, name, version }));
  };
  const charge = { key: 'sub_1/quota-month', name: 'mine' };
  expect(chargeAfter(undefined)).toEqual([{ ...charge, version: 1 }]);
  expect(chargeAfter(3)).toEqual([{ ...charge, version: 4 }]);
});
