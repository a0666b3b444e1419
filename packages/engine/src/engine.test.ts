import { documentSchema } from '@sluice/contracts';
import type { Document } from '@sluice/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Compiled, Decision, Facts, Need, SubscriptionFact, WeightsFact } from './index.js';
import { compile, decide } from './index.js';
import { environmentOf } from './testing/environment-of.js';
import { noFacts, requestOf } from './testing/try-engine.js';

interface RouteSketch {
  readonly name: string;
  readonly path: { exact: string } | { prefix: string };
  readonly methods?: readonly string[];
  readonly hosts?: readonly string[];
  readonly strip?: string;
  readonly sticky?: 'none' | 'application' | 'ip';
  readonly isOpen?: boolean;
  readonly weights?: Readonly<Record<string, number>>;
}

function documentOf(routes: readonly RouteSketch[]): Document {
  return documentSchema.parse({
    sluice: 1,
    upstreams: { one: { targets: [{ url: 'http://one.test' }] }, two: { targets: [{ url: 'http://two.test' }] } },
    apis: {
      orders: {
        title: 'Orders',
        routes: routes.map(({ name, path, methods, hosts, strip, sticky, isOpen, weights }) => ({
          name,
          match: { path, methods, hosts },
          strip,
          policies: isOpen === false ? [{ 'api-key': {} }] : [],
          split: {
            sticky: sticky ?? 'none',
            arms: Object.entries(weights ?? { stable: 10_000 }).map(([arm, weight]) => ({
              name: arm,
              upstream: arm === 'canary' ? 'two' : 'one',
              weight,
            })),
          },
        })),
      },
      other: { title: 'Other', routes: [] },
    },
    plans: {
      free: { title: 'Free', apis: ['orders'], limits: [{ window: '100/minute' }] },
      elsewhere: { title: 'Elsewhere', apis: ['other'], limits: [] },
    },
  });
}

function compiledOf(routes: readonly RouteSketch[]): Compiled {
  const hosts = ['api.acme.test', 'two.acme.test'];
  return compile(environmentOf(documentOf(routes), { hosts, revision: 7, revisionId: 'rev_7' })).compiled;
}

const active: SubscriptionFact = { id: 'sub_1', applicationId: 'app_1', plan: 'free', state: 'active', revision: 7 };
const factsOf = (subscription: SubscriptionFact | undefined, more: Partial<Facts> = {}): Facts => ({
  ...noFacts,
  credential: (key) =>
    key === 'good' || key === 'old'
      ? { id: `key_${key}`, subscriptionId: 'sub_1', isRevoked: key === 'old' }
      : undefined,
  subscription: () => subscription,
  ...more,
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly facts?: Facts;
  readonly seed?: number;
  readonly clientAddress?: string;
}

function send(
  compiled: Compiled,
  {
    method = 'GET',
    path = '/orders',
    host = 'api.acme.test',
    headers = {},
    facts = noFacts,
    seed = 1,
    clientAddress = '192.0.2.1',
  }: Sent,
): Decision | Need {
  return decide(compiled, requestOf({ host, method, path, clientAddress, headers }), facts, 0, seed);
}

function forwarded(decision: Decision | Need): Extract<Decision, { kind: 'forward' }> {
  if (decision.kind !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(decision)}`);
  return decision;
}

const codeOf = (decision: Decision | Need): string | null =>
  decision.kind === 'answer' ? decision.code : decision.kind;
const header = (decision: Decision | Need, name: string): string | undefined =>
  decision.kind === 'need' ? undefined : decision.answerHeaders.find(([one]) => one === name)?.[1];

describe('match', () => {
  const compiled = compiledOf([
    { name: 'all', path: { prefix: '/' } },
    { name: 'orders', path: { prefix: '/orders/' }, methods: ['GET', 'POST'] },
    { name: 'one', path: { exact: '/orders/1' } },
    { name: 'second-host', path: { exact: '/only-two' }, hosts: ['two.acme.test'] },
  ]);
  const routeOf = (path: string, method = 'GET', host = 'api.acme.test'): string =>
    forwarded(send(compiled, { path, method, host })).account.route;

  test('an exact path wins over a prefix, and a longer prefix over a shorter one', () => {
    expect(routeOf('/orders/1')).toBe('one');
    expect(routeOf('/orders/2')).toBe('orders');
    expect(routeOf('/')).toBe('all');
  });

  test('a prefix matches whole segments only', () => {
    expect(routeOf('/orders')).toBe('orders');
    expect(routeOf('/orders/')).toBe('orders');
    expect(routeOf('/orders2')).toBe('all');
  });

  test('a more specific route that does not take the method leaves it to the next one', () => {
    expect(routeOf('/orders/2', 'DELETE')).toBe('all');
  });

  // Or a route's policies could be passed by asking for the head of what it guards.
  test('HEAD goes where GET goes, unless a route of the same path names it', () => {
    expect(routeOf('/orders/2', 'HEAD')).toBe('orders');
    const apart = compiledOf([
      { name: 'get', path: { exact: '/orders' }, methods: ['GET'] },
      { name: 'head', path: { exact: '/orders' }, methods: ['HEAD'] },
      { name: 'any', path: { exact: '/orders' } },
    ]);
    const routes = ['GET', 'HEAD', 'PUT'].map((method) => forwarded(send(apart, { method })).account.route);
    expect(routes).toEqual(['get', 'head', 'any']);
  });

  test('a route with hosts is served on them alone', () => {
    expect(routeOf('/only-two', 'GET', 'two.acme.test')).toBe('second-host');
    expect(routeOf('/only-two')).toBe('all');
  });

  test('where only the method differs, the answer is 405 and names the methods', () => {
    const strict = compiledOf([{ name: 'orders', path: { prefix: '/orders' }, methods: ['GET', 'POST'] }]);
    const decision = send(strict, { method: 'DELETE' });
    expect([codeOf(decision), header(decision, 'allow')]).toEqual(['method_not_allowed', 'GET, HEAD, POST']);
    expect(forwarded(send(strict, { method: 'HEAD' })).account.route).toBe('orders');
    expect(codeOf(send(strict, { path: '/else' }))).toBe('no_route');
    expect(codeOf(send(strict, { host: 'unknown.test' }))).toBe('unknown_host');
  });

  test('the nearest losers are told, with why they lost', () => {
    expect(forwarded(send(compiled, { path: '/orders/1', method: 'GET' })).reasons).toContainEqual({
      code: 'route_lost',
      route: 'orders/orders',
      because: 'less_specific',
    });
    expect(forwarded(send(compiled, { path: '/orders/2', method: 'PUT' })).reasons).toContainEqual({
      code: 'route_lost',
      route: 'orders/orders',
      because: 'method',
    });
    const strict = compiledOf([{ name: 'orders', path: { exact: '/orders' } }]);
    const lost = send(strict, { path: '/orderz' });
    expect(lost.kind !== 'need' && lost.reasons).toContainEqual({
      code: 'route_lost',
      route: 'orders/orders',
      because: 'path',
    });
  });

  test('a decision never depends on the order of unrelated routes', () => {
    const segment = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(segment, { maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
    const sketches = fc.uniqueArray(
      fc.record({ path, isPrefix: fc.boolean(), method: fc.constantFrom('GET', 'POST', undefined) }),
      { minLength: 1, maxLength: 12, selector: (one) => `${one.isPrefix} ${one.path} ${one.method}` },
    );
    const routes = sketches.map((list) =>
      list.map((one, index): RouteSketch => ({
        name: `r${index}`,
        path: one.isPrefix ? { prefix: one.path } : { exact: one.path },
        ...(one.method === undefined ? {} : { methods: [one.method] }),
      })),
    );
    const shuffled = routes.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, path, fc.constantFrom('GET', 'POST', 'PUT'), ([list, other], requested, method) => {
        expect(send(compiledOf(list), { path: requested, method })).toEqual(
          send(compiledOf(other), { path: requested, method }),
        );
      }),
    );
  });
});

describe('strip', () => {
  const compiled = compiledOf([{ name: 'orders', path: { prefix: '/orders' }, strip: '/orders/' }]);
  test('takes the prefix off by whole segments', () => {
    expect(forwarded(send(compiled, { path: '/orders' })).path).toBe('/');
    expect(forwarded(send(compiled, { path: '/orders/7/x' })).path).toBe('/7/x');
    expect(forwarded(send(compiled, { path: '/orders//7' })).path).toBe('//7');
  });
});

describe('cors for the portal', () => {
  const compiled = compiledOf([{ name: 'orders', path: { prefix: '/orders' }, methods: ['GET'], isOpen: false }]);
  const origin = 'https://portal.acme.test';
  const preflight = { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'x-api-key' };

  test('a preflight is answered without a key', () => {
    const decision = send(compiled, { method: 'OPTIONS', headers: preflight });
    expect(decision).toMatchObject({ kind: 'answer', status: 204, code: null });
    expect(header(decision, 'access-control-allow-headers')).toBe('x-api-key');
    expect(header(decision, 'access-control-allow-methods')).toBe('GET, HEAD');
  });

  test('a preflight is counted for the route that it asks about, and costs no unit of a limit', () => {
    const { account } = send(compiled, { method: 'OPTIONS', headers: preflight });
    expect([account.api, account.route, account.limits]).toEqual(['orders', 'orders', []]);
  });

  test('a refusal can be read by the portal too', () => {
    for (const path of ['/orders', '/nowhere'])
      expect(header(send(compiled, { path, headers: { origin } }), 'access-control-allow-origin')).toBe(origin);
    expect(header(send(compiled, { headers: { origin } }), 'access-control-expose-headers')).toContain(
      'X-Sluice-Request-Id',
    );
  });

  test('another origin gets nothing, and its preflight is a request like any other', () => {
    const decision = send(compiled, { method: 'OPTIONS', headers: { ...preflight, origin: 'https://evil.test' } });
    expect([codeOf(decision), header(decision, 'access-control-allow-origin')]).toEqual([
      'method_not_allowed',
      undefined,
    ]);
  });
});

describe('authenticate and authorize', () => {
  const compiled = compiledOf([{ name: 'orders', path: { prefix: '/orders' }, isOpen: false }]);
  const withKey = (key: string, facts: Facts): Decision | Need =>
    send(compiled, { headers: { 'x-api-key': key }, facts });

  test('each way to fail has a code of its own', () => {
    expect(codeOf(send(compiled, { facts: factsOf(active) }))).toBe('credential_missing');
    expect(codeOf(withKey('bad', factsOf(active)))).toBe('credential_invalid');
    expect(codeOf(withKey('old', factsOf(active)))).toBe('credential_revoked');
    expect(codeOf(withKey('good', factsOf(undefined)))).toBe('configuration_pending');
    expect(codeOf(withKey('good', factsOf({ ...active, state: 'suspended' })))).toBe('subscription_inactive');
    expect(codeOf(withKey('good', factsOf({ ...active, revision: 8 })))).toBe('configuration_pending');
    expect(codeOf(withKey('good', factsOf({ ...active, plan: 'elsewhere' })))).toBe('plan_excludes_api');
    expect(codeOf(withKey('good', factsOf({ ...active, plan: 'gone' })))).toBe('plan_excludes_api');
  });

  test('a good key goes on, and is hidden from the upstream', () => {
    const decision = forwarded(withKey('good', factsOf(active)));
    expect(decision.account).toMatchObject({
      credentialId: 'key_good',
      subscriptionId: 'sub_1',
      applicationId: 'app_1',
      plan: 'free',
    });
    expect(decision.request.remove).toEqual(['x-api-key']);
  });
});

describe('limit', () => {
  const compiled = compiledOf([{ name: 'orders', path: { prefix: '/orders' }, isOpen: false }]);
  const withBudget = (more: Partial<Facts>): Decision | Need =>
    send(compiled, { headers: { 'x-api-key': 'good' }, facts: factsOf(active, more) });

  test('what must be spent is named by subscription, not by key', () => {
    expect(forwarded(withBudget({})).spend).toEqual([
      {
        cost: 1,
        limit: {
          key: 'sub_1/window-60000',
          kind: 'window',
          name: 'window-60000',
          units: 100,
          periodMs: 60_000,
          isSliding: false,
          isDryRun: false,
          onOutage: 'deny',
          version: 7,
        },
      },
    ]);
  });

  test('an unknown or spent budget asks for a lease, and refuses only what the broker refused', () => {
    expect(withBudget({ budget: () => undefined })).toMatchObject({ kind: 'need', need: 'lease' });
    expect(withBudget({ budget: () => 0 })).toMatchObject({ kind: 'need', need: 'lease' });
    const used = withBudget({
      budget: () => 0,
      refusal: () => ({ state: 'exhausted', resetMs: 1500 }),
    });
    expect([codeOf(used), header(used, 'retry-after')]).toEqual(['limit_exceeded', '2']);
    expect(codeOf(withBudget({ budget: () => 0, refusal: () => ({ state: 'unavailable' }) }))).toBe(
      'limit_unavailable',
    );
  });
});

describe('split', () => {
  const routeWith = (weights: Readonly<Record<string, number>>, sticky: RouteSketch['sticky'] = 'ip'): Compiled =>
    compiledOf([{ name: 'orders', path: { prefix: '/orders' }, sticky, weights }]);
  const armOf = (compiled: Compiled, sent: Sent): string => forwarded(send(compiled, sent)).account.arm;
  const live = (weights: WeightsFact['weights']): Facts => ({ ...noFacts, weights: () => ({ version: 3, weights }) });

  test('an arm that alone is raised keeps every subject it had', () => {
    const arms = ['blue', 'canary', 'stable'];
    const cuts = fc
      .tuple(fc.nat(10_000), fc.nat(10_000))
      .map(([left, right]) => [Math.min(left, right), Math.max(left, right)] as const);
    const compiled = routeWith({ blue: 0, canary: 0, stable: 10_000 });
    fc.assert(
      fc.property(
        cuts,
        fc.nat(2),
        fc.nat(),
        fc.nat(),
        fc.ipV4(),
        ([left, right], raised, takeFirst, takeSecond, clientAddress) => {
          const before = [left, right - left, 10_000 - right];
          const after = [...before];
          for (const [step, take] of [takeFirst, takeSecond].entries()) {
            const from = (raised + 1 + step) % 3;
            const taken = take % ((before[from] ?? 0) + 1);
            after[from] = (before[from] ?? 0) - taken;
            after[raised] = (after[raised] ?? 0) + taken;
          }
          const weightsOf = (bps: readonly number[]): Facts =>
            live(Object.fromEntries(arms.map((arm, index) => [arm, bps[index] ?? 0])));
          const had = armOf(compiled, { clientAddress, facts: weightsOf(before) });
          const has = armOf(compiled, { clientAddress, facts: weightsOf(after) });
          expect(had === arms[raised] && has !== had).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('the share of requests follows the weight', () => {
    const compiled = routeWith({ canary: 1000, stable: 9000 }, 'none');
    let canary = 0;
    for (let seed = 0; seed < 20_000; seed += 1)
      if (armOf(compiled, { seed: Math.imul(seed, 0x9e3779b1) >>> 0 }) === 'canary') canary += 1;
    // Five standard deviations of a binomial with n = 20,000 and p = 0.1 are 212.
    expect(Math.abs(canary - 2000)).toBeLessThan(212);
  });

  test('live weights win over the document, and are left aside where they do not fit its arms', () => {
    const compiled = routeWith({ canary: 0, stable: 10_000 });
    const toCanary = forwarded(send(compiled, { facts: live({ canary: 10_000, stable: 0 }) }));
    expect(toCanary.account).toMatchObject({ arm: 'canary', upstream: 'two', weightVersion: 3 });
    const misfit = forwarded(send(compiled, { facts: live({ canary: 5000, gone: 5000 }) }));
    expect(misfit.account).toMatchObject({ arm: 'stable', weightVersion: 0 });
    expect(misfit.reasons).toContainEqual({ code: 'weights_ignored', version: 3 });
  });

  test('an open route that is sticky by application falls back to the address, and says so', () => {
    const compiled = routeWith({ canary: 5000, stable: 5000 }, 'application');
    expect(forwarded(send(compiled, {})).account.armReason).toBe('arm_by_ip');
  });

  test('the same facts give the same decision', () => {
    const compiled = routeWith({ canary: 5000, stable: 5000 }, 'none');
    fc.assert(
      fc.property(fc.nat(0xffffffff), (seed) => {
        expect(send(compiled, { seed })).toEqual(send(structuredClone(compiled), { seed }));
      }),
    );
  });
});
