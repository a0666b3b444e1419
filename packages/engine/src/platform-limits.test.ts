// The platform plan's bounds as limits of a whole tenant.
import { expect, test } from 'vitest';
import type { Decision, Need } from './decision.js';
import { platformLimits } from './platform-limits.js';
import { ask, compiledOf, documentWith, outcomeOf } from './testing/try-route.js';

const bounds = { version: 7, requestsPerSecond: 50, recordsPerDay: 1_000 };
const limits = platformLimits('ten_1', bounds);
const costly = [{ 'rate-limit': { limits: [{ window: '5/minute', scope: 'route' }] } }] as const;
const compiled = { ...compiledOf(documentWith([...costly])), platformLimits: limits };

function spent(decision: Decision | Need): readonly string[] {
  return decision.kind === 'need' ? [] : decision.spend.map(({ limit, cost }) => `${limit.key} ${cost}`);
}

test('every request takes one of each, of the tenant and not of the environment, whoever calls', () => {
  expect(spent(ask(compiled))).toEqual([
    'env_1/orders/orders/window-60000 1',
    'ten_1/platform:requests 1',
    'ten_1/platform:records 1',
  ]);
  expect(spent(ask(compiled, { request: { path: '/nothing-here' } }))).toEqual([]);
});

test('a used up bound refuses by its own name, and says when there is more', () => {
  const decision = ask(compiled, {
    facts: {
      refusal: (key) => (key === 'ten_1/platform:records' ? { state: 'exhausted', resetMs: 60_000 } : undefined),
    },
  });
  expect(outcomeOf(decision)).toBe('limit_exceeded');
  expect(decision.reasons).toContainEqual({
    code: 'limit_used_up',
    limit: 'platform:records',
    units: 1_000,
    resetMs: 60_000,
  });
});

test('without a bound there is no limit, and one of an older control plane is none either', () => {
  expect(platformLimits('ten_1', undefined)).toEqual([]);
  expect(platformLimits('ten_1', { version: 1, requestsPerSecond: null, recordsPerDay: null })).toEqual([]);
  expect(limits.map(({ name }) => name)).toEqual(['platform:requests', 'platform:records']);
});
