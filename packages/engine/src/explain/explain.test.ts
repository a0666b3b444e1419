import { expect, test } from 'vitest';
import { explain } from '../index.js';
import type { Decision, Forward } from '../index.js';
import type { Reason } from '../reasons.js';
import { runExample } from '../testing/run-example.js';
import { sampleReasons } from '../testing/sample-reasons.js';
import { consumerSentenceOf } from './for-consumers.js';

const inside = 'inside-' as const;
/** Fields that are the provider's business, whatever the reason. */
const concealed = new Set('upstream leased bucket weightBps version needed present group groups'.split(' '));

function forwardWith(reasons: readonly Reason[]): Forward {
  const decision: Decision = runExample(
    { title: '', route: {}, requests: [] },
    { says: '', expect: { outcome: 'forward' } },
  );
  if (decision.kind !== 'forward') throw new Error('the plain route forwards');
  return {
    ...decision,
    path: `/${inside}path`,
    account: { ...decision.account, upstream: `${inside}upstream` },
    reasons,
  };
}

test('every reason reads as a sentence to members', () => {
  const { reasons } = explain(forwardWith(sampleReasons), 'member');
  expect(reasons.map(({ code }) => code)).toEqual(sampleReasons.map(({ code }) => code));
  for (const { code, sentence } of reasons) expect(sentence, code).toMatch(/^[A-Z].*\.$/);
});

test('a consumer reads nothing of the inside, whatever the reason says', () => {
  const telling = sampleReasons.map((reason) =>
    Object.fromEntries(
      Object.entries(reason).map(([field, value]: [string, unknown]) =>
        concealed.has(field)
          ? [field, Array.isArray(value) ? [`${inside}${field}`] : `${inside}${field}`]
          : [field, value],
      ),
    ),
  ) as unknown as Reason[];
  const explanation = JSON.stringify(explain(forwardWith(telling), 'consumer'));
  expect(explanation).not.toContain(inside);
  expect(explanation).not.toContain('orders/create');
});

test('what lost, was mirrored, weighed or tried in a dry run is left out for consumers', () => {
  const told = sampleReasons.filter((reason) => consumerSentenceOf(reason) !== undefined).map(({ code }) => code);
  for (const code of ['route_lost', 'mirrored', 'weights_live', 'weights_ignored', 'limit_would_refuse', 'arm_only'])
    expect(told).not.toContain(code);
});

test('a reason that this version does not know is left out for consumers', () => {
  const later = { code: 'of_a_later_version', upstream: 'secret' } as unknown as Reason;
  expect(explain(forwardWith([later]), 'consumer').reasons).toEqual([]);
});

test('the outcome names the upstream to members alone', () => {
  const decision = forwardWith([]);
  expect(explain(decision, 'member').outcome).toContain(`${inside}upstream as /${inside}path`);
  expect(explain(decision, 'consumer').outcome).toBe('The request goes on to the API.');
});
