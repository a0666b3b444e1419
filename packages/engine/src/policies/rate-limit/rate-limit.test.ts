import type { Policy } from '@sluice/contracts';
import { documentSchema } from '@sluice/contracts';
import { describe, expect, test } from 'vitest';
import type { Decision, Facts, Need } from '../../decision.js';
import { validateDocument } from '../../compile.js';
import { ask, compiledOf, documentWith, faultsOf, outcomeOf } from '../../testing/try-route.js';

const key: Policy = { any: [{ 'api-key': {} }, { anonymous: {} }] };
const facts: Partial<Facts> = {
  credential: (text) => (text === 'good' ? { id: 'key_1', subscriptionId: 'sub_1', isRevoked: false } : undefined),
  subscription: (id) => ({ id, applicationId: 'app_1', plan: 'free', state: 'active', revision: 1, startedAt: 7 }),
};
const limits = (...list: object[]): Policy => ({ 'rate-limit': { limits: list } });
const good = { 'x-api-key': 'good' };

function send(policies: readonly Policy[], request: Parameters<typeof ask>[1] = {}): Decision | Need {
  return ask(compiledOf(documentWith(policies)), { ...request, facts: { ...facts, ...request.facts } });
}

function spent(decision: Decision | Need): readonly string[] {
  return decision.kind === 'need' ? [] : decision.spend.map(({ limit, cost }) => `${limit.key} ${cost}`);
}

describe('what a limit counts for', () => {
  const keyOf = (scope: string, headers: Record<string, string> = {}): string | undefined =>
    spent(send([key, limits({ window: '5/minute', scope })], { request: { headers } }))[0]?.replace(
      /\/window-60000 1$/,
      '',
    );

  test('is the environment first, and then who calls', () => {
    expect(keyOf('subscription', good)).toBe('env_1/orders/orders/subscription:sub_1');
    expect(keyOf('application', good)).toBe('env_1/orders/orders/application:app_1');
    expect(keyOf('credential', good)).toBe('env_1/orders/orders/credential:key_1');
    expect(keyOf('ip', good)).toBe('env_1/orders/orders/ip:192.0.2.1');
    expect(keyOf('route', good)).toBe('env_1/orders/orders');
    expect(keyOf('api', good)).toBe('env_1/orders');
    expect(keyOf('tenant', good)).toBe('env_1/tenant:');
  });

  test('is the address, where nobody says who calls', () => {
    for (const scope of ['subscription', 'application', 'credential', 'subject', 'header:x-device'])
      expect(keyOf(scope)).toBe('env_1/orders/orders/ip:192.0.2.1');
  });

  test('names no text that a client chose', () => {
    expect(keyOf('header:x-device', { 'x-device': 'a}b/c' })).toMatch(/^env_1\/orders\/orders\/x-device:[\w-]{22}$/);
    expect(keyOf('header:x-device', { 'x-device': 'one' })).not.toBe(keyOf('header:x-device', { 'x-device': 'two' }));
  });
});

test('limits by address, route, API and tenant count every request, the others what goes upstream', () => {
  const policies = [
    { 'api-key': {} },
    limits({ window: '5/minute', scope: 'ip' }, { window: '9/minute', scope: 'route' }, { window: '5/minute' }),
  ];
  const of = (headers: Record<string, string>): readonly string[] => spent(send(policies, { request: { headers } }));
  const always = ['env_1/orders/orders/ip:192.0.2.1/window-60000 1', 'env_1/orders/orders/window-60000 1'];
  expect(of({})).toEqual(always);
  expect(of({ 'x-api-key': 'wrong' })).toEqual(always);
  expect(of(good)).toEqual([...always, 'env_1/orders/orders/subscription:sub_1/window-60000 1']);
});

test('all limits of a stage are asked for at once, and none is spent when one is used up', () => {
  const policies = [limits({ window: '5/minute', scope: 'ip' }, { window: '9/minute', scope: 'route' })];
  const asked = send(policies, { facts: { budget: () => undefined } });
  expect(asked).toMatchObject({ kind: 'need', need: 'lease', charges: [{}, {}] });
  const used = send(policies, {
    facts: { refusal: (of) => (of.includes('/ip:') ? undefined : { state: 'exhausted', resetMs: 1 }) },
  });
  expect([outcomeOf(used), spent(used)]).toEqual(['limit_exceeded', []]);
});

test('a request takes what its route costs, and one of concurrency; a route that costs nothing takes nothing', () => {
  const policies = [limits({ rate: '5/second', burst: 9, scope: 'route' }, { concurrency: 3, scope: 'route' })];
  const costing = (cost: number): readonly string[] => {
    const document = documentWith(policies);
    const [route] = document.apis['orders']?.routes ?? [];
    if (route !== undefined) route.cost = cost;
    return spent(ask(compiledOf(document)));
  };
  expect(costing(4)).toEqual(['env_1/orders/orders/concurrency 1', 'env_1/orders/orders/rate-1000 4']);
  expect(costing(0)).toEqual(['env_1/orders/orders/concurrency 1']);
});

test('with dryRun nothing is refused and nothing spent beyond the limit, and it is said', () => {
  const decision = send([limits({ window: '5/minute', scope: 'ip', dryRun: true })], {
    facts: { refusal: () => ({ state: 'exhausted', resetMs: 1 }) },
  });
  expect(decision).toMatchObject({ kind: 'forward', spend: [] });
  expect(decision.reasons).toContainEqual({ code: 'limit_would_refuse', limit: 'window-60000', units: 5 });
});

test("a quota counts from the subscription's beginning where it says so", () => {
  const anchored = send([key, limits({ quota: '5/month', anchor: 'subscription' })], { request: { headers: good } });
  expect(anchored).toMatchObject({ spend: [{ limit: { kind: 'quota', anchorMs: 7 } }] });
});

test("an API's policy counts all of its routes together, and policies of one zone share what they count", () => {
  const route = (name: string, policies: readonly Policy[] = []) => ({
    name,
    match: { path: { prefix: `/${name}` } },
    policies,
    split: { arms: [{ name: 'stable', upstream: 'one', weight: 10_000 }] },
  });
  const zone: Policy = { 'rate-limit': { zone: 'api', limits: [{ rate: '10/second', burst: 21, scope: 'ip' }] } };
  const compiled = compiledOf(
    documentSchema.parse({
      sluice: 1,
      upstreams: { one: { targets: [{ url: 'http://one.test' }] } },
      apis: {
        users: {
          title: 'Users',
          policies: [limits({ window: '5/minute', scope: 'ip' })],
          routes: [route('a'), route('b')],
        },
        orders: { title: 'Orders', routes: [route('c', [zone])] },
        other: {
          title: 'Other',
          routes: [route('d', [zone]), route('e', [limits({ window: '5/minute', scope: 'ip' })])],
        },
      },
      plans: {},
    }),
  );
  const of = (path: string): string => spent(ask(compiled, { request: { path } })).join(' ');
  expect(of('/a')).toBe('env_1/users/ip:192.0.2.1/window-60000 1');
  expect(of('/b')).toBe(of('/a'));
  expect(of('/c')).toBe('env_1/zone:api/ip:192.0.2.1/rate-1000 1');
  expect(of('/d')).toBe(of('/c'));
  expect(of('/e')).toBe('env_1/other/e/ip:192.0.2.1/window-60000 1');
});

test('IPv6 clients count by the network of 64 bits that one customer has', () => {
  const of = (clientAddress: string): readonly string[] =>
    spent(send([limits({ window: '5/minute', scope: 'ip' })], { request: { clientAddress } }));
  expect(of('2001:db8:1:2::1')).toEqual(of('2001:db8:1:2:ffff::9'));
  expect(of('2001:db8:1:2::1')).not.toEqual(of('2001:db8:1:3::1'));
  expect(of('::ffff:192.0.2.1')).toEqual(of('192.0.2.1'));
});

describe('a limit that cannot work is refused, with its place and a remedy', () => {
  test.each([
    ['no limit', [], '/limits'],
    ['two kinds at once', [{ rate: '1/second', window: '1/second' }], '/limits/0/window'],
    ['another scope', [{ window: '1/second', scope: 'planet' }], '/limits/0/scope'],
    [
      'an anchor without a subscription',
      [{ quota: '1/month', anchor: 'subscription', scope: 'ip' }],
      '/limits/0/anchor',
    ],
    ['one twice', [{ window: '1/minute' }, { window: '2/60s' }], '/limits/1'],
  ])('%s', (_, list, at) => {
    const faults = faultsOf([limits(...list)]);
    expect(faults.map((fault) => fault.at)).toEqual([`/0/rate-limit${at}`]);
    expect(faults[0]?.fix).not.toBe('');
  });

  test('two that count together and say otherwise are refused both', () => {
    const document = documentWith([limits({ window: '5/minute', scope: 'api' })]);
    const [route] = document.apis['orders']?.routes ?? [];
    if (route === undefined) throw new Error('no route');
    const other = { ...route, name: 'other', match: { path: { prefix: '/other' } } };
    document.apis['orders']?.routes.push({ ...other, policies: [limits({ window: '6/minute', scope: 'api' })] });
    const pointers = validateDocument(document, ['api.acme.test']).map(({ pointer }) => pointer);
    expect(pointers).toEqual([0, 1].map((index) => `/apis/orders/routes/${index}/policies/0/rate-limit/limits/0`));
  });
});
