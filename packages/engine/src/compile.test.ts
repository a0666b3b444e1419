import { documentSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { compile, rateLimitHeaders, tightest, validateDocument } from './index.js';
import { environmentOf } from './testing/environment-of.js';

const arms = (upstream: string): object => ({ arms: [{ name: 'stable', upstream, weight: 10_000 }] });
const broken = documentSchema.parse({
  sluice: 1,
  upstreams: { one: { targets: [{ url: 'http://one.test' }] } },
  apis: {
    orders: {
      title: 'Orders',
      routes: [
        { name: 'good', match: { path: { prefix: '/good' } }, split: arms('one') },
        { name: 'lost', match: { path: { prefix: '/lost' } }, split: arms('gone') },
        {
          name: 'foreign',
          match: { path: { prefix: '/foreign' }, hosts: ['api.acme.test', 'evil.test'] },
          split: arms('one'),
        },
        { name: 'same', match: { path: { prefix: '/good/' } }, split: arms('one') },
        { name: 'dots', match: { path: { prefix: '/a/../b' } }, split: arms('one') },
        { name: 'good', match: { path: { prefix: '/again' } }, split: arms('one') },
        {
          name: 'keys',
          match: { path: { prefix: '/keys' } },
          split: arms('one'),
          policies: [{ 'api-key': {} }, { 'api-key': {} }],
        },
      ],
    },
  },
  plans: { free: { title: 'Free', apis: ['orders', 'none'], limits: [{ window: '10/minute' }, { window: '5/60s' }] } },
});
const environment = environmentOf(broken);

test('a refused object never blocks the others', () => {
  const { compiled, refusals } = compile(environment);
  expect(compiled.hosts.get('api.acme.test')?.sorted.map((route) => route.key)).toEqual([
    'orders/foreign',
    'orders/good',
  ]);
  expect(refusals.map(({ object, code }) => [object, code])).toEqual([
    ['apis/orders/routes/lost', 'upstream_missing'],
    ['apis/orders/routes/foreign', 'host_not_claimed'],
    ['apis/orders/routes/dots', 'path_not_canonical'],
    ['apis/orders/routes/good', 'route_repeated'],
    ['apis/orders/routes/keys', 'policy_repeated'],
    ['apis/orders/routes/same', 'route_shadowed'],
    ['plans/free', 'api_missing'],
    ['plans/free', 'limit_repeated'],
  ]);
});

test('of two limits of one window the tighter one is enforced', () => {
  expect(
    compile(environment)
      .compiled.plans.get('free')
      ?.limits.map(({ limit }) => limit),
  ).toEqual([
    {
      kind: 'window',
      name: 'window-60000',
      units: 5,
      periodMs: 60_000,
      isSliding: false,
      onOutage: 'deny',
      isDryRun: false,
    },
  ]);
});

test('publishing hears of the same faults, each at its field and with a remedy', () => {
  const errors = validateDocument(broken, ['api.acme.test']);
  expect(errors.map((error) => error.pointer)).toEqual([
    '/apis/orders/routes/1/split/arms/0/upstream',
    '/apis/orders/routes/2/match/hosts/1',
    '/apis/orders/routes/4/match/path/prefix',
    '/apis/orders/routes/5/name',
    '/apis/orders/routes/6/policies/1',
    '/apis/orders/routes/3/match',
    '/plans/free/apis/1',
    '/plans/free/limits/1',
  ]);
  expect(errors.every((error) => error.fix !== '')).toBe(true);
  expect(errors[2]?.fix).toBe('write /b');
});

test('a compiled environment survives the way to another thread', () => {
  const { compiled } = compile(environment);
  expect(structuredClone(compiled)).toEqual(compiled);
});

test('the headers tell of the limit that is nearest to its end', () => {
  const limit = (name: string, units: number) => ({
    kind: 'window' as const,
    key: `sub/${name}`,
    name,
    units,
    periodMs: 60_000,
    isSliding: false,
    isDryRun: false,
    onOutage: 'deny' as const,
    version: 1,
  });
  const nearest = tightest([
    { limit: limit('minute', 100), left: 40, resetMs: 1200 },
    { limit: limit('day', 1000), left: 100, resetMs: 90_000 },
  ]);
  expect(nearest === undefined ? [] : rateLimitHeaders(nearest)).toEqual([
    ['ratelimit-policy', '"day";q=1000;w=60'],
    ['ratelimit', '"day";r=100;t=90'],
  ]);
});

test('a fault of the policies of an API is told once, and names the API that none of it is served', () => {
  const split = { sticky: 'none' as const, arms: [{ name: 'stable', upstream: 'one', weight: 10_000 }] };
  const routeAt = (name: string) => ({ name, match: { path: { prefix: `/${name}` } }, policies: [], split });
  const { compiled, refusals } = compile({
    ...environment,
    document: {
      sluice: 1,
      upstreams: { one: { targets: [{ url: 'http://one.test', weight: 1 }], timeoutMs: 1000 } },
      apis: {
        orders: { title: 'Orders', version: 'v1', policies: [{ magic: {} }], routes: [routeAt('a'), routeAt('b')] },
      },
      plans: {},
    },
  });
  expect(refusals.map(({ object, code }) => [object, code])).toEqual([['apis/orders', 'policy_unknown']]);
  expect(compiled.hosts.get('api.acme.test')?.sorted).toEqual([]);
});
