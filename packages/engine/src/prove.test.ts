// Several ways to prove who calls, and what a client's headers may not say in their place.
import type { Policy } from '@sluice/contracts';
import { documentSchema } from '@sluice/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Facts } from './decision.js';
import {
  answerHeader,
  ask,
  codesOf,
  compiledOf,
  documentWith,
  faultsOf,
  outcomeOf,
  triedNow,
} from './testing/try-route.js';
import { tokenOf } from './testing/try-token.js';

const issuer = 'https://login.acme.test';
const jwt: Policy = { jwt: { issuers: [{ issuer, discovery: true }] } };
const key: Policy = { 'api-key': {} };
const guest: Policy = { anonymous: { subject: 'guest' } };
const service: Policy = { 'forward-auth': { address: 'http://auth.test', authResponseHeaders: ['x-user'] } };
const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
const basic: Policy = { basic: { users: [{ name: 'alice', password: hash }] } };

const token = tokenOf({ iss: issuer, sub: 'alice', exp: triedNow / 1000 + 60, scope: 'read', groups: ['staff'] });
const withKey = { 'x-api-key': 'good' };
const withToken = { authorization: `Bearer ${token}` };
const facts: Partial<Facts> = {
  credential: (text) =>
    ['good', 'second'].includes(text)
      ? { id: `key_${text}`, subscriptionId: `sub_${text}`, isRevoked: false }
      : undefined,
  subscription: (id) => ({ id, applicationId: 'app_1', plan: 'free', state: 'active', revision: 1 }),
  token: () => ({ state: 'good' }),
  password: () => 'right',
  forwardAuth: () => ({ state: 'answered', status: 200, headers: [['x-user', 'alice']], body: '' }),
};
const on = (policies: readonly Policy[], headers: Record<string, string> = {}, more: Partial<Facts> = {}) =>
  ask(compiledOf(documentWith(policies)), { request: { headers }, facts: { ...facts, ...more } });

describe('any of several', () => {
  const any: Policy = { any: [jwt, guest, key] };

  test('each of them will do, and whoever shows none is anonymous', () => {
    expect(on([any], withKey)).toMatchObject({ kind: 'forward', identity: { by: 'api-key' } });
    expect(on([any], withToken)).toMatchObject({ kind: 'forward', identity: { by: 'jwt', subject: 'alice' } });
    expect(on([any])).toMatchObject({ kind: 'forward', identity: { by: 'anonymous', subject: 'guest' } });
  });

  test('a wrong credential refuses, even where another one is right', () => {
    expect(outcomeOf(on([any], { 'x-api-key': 'wrong' }))).toBe('credential_invalid');
    expect(outcomeOf(on([any], { ...withKey, authorization: 'Bearer forged' }))).toBe('token_malformed');
    expect(outcomeOf(on([any], { ...withToken, 'x-api-key': 'wrong' }))).toBe('credential_invalid');
    expect(outcomeOf(on([any], { ...withKey, ...withToken }))).toBe('forward');
  });

  test.each(['\t', '  ', '\u00a0', '\u0085', ',', '=', '"'])(
    'a credential after the scheme and %j is none that nobody saw',
    (gap) => {
      const ways: Policy = {
        any: [jwt, { ...guest }, basic, { 'api-key': { header: ['authorization', 'x-api-key'] } }],
      };
      for (const scheme of ['Bearer', 'basic', 'ApiKey'])
        for (const more of [{}, withKey]) {
          const decision = on([ways], { ...more, authorization: `${scheme}${gap}forged` });
          expect([scheme, decision.kind]).toEqual([scheme, 'answer']);
        }
    },
  );

  test('without any of them the answer names all ways', () => {
    const decision = on([{ any: [jwt, key, basic] }]);
    expect(outcomeOf(decision)).toBe('credential_missing');
    expect(answerHeader(decision, 'www-authenticate')).toEqual([
      'ApiKey header="x-api-key"',
      'Bearer realm="orders"',
      'Basic realm="orders", charset="UTF-8"',
    ]);
  });

  test('a service is asked only where nothing else proves the caller', () => {
    const forwardAuth = (): never => {
      throw new Error('asked');
    };
    expect(outcomeOf(on([{ any: [service, key] }], withKey, { forwardAuth }))).toBe('forward');
    expect(on([{ any: [service, key] }])).toMatchObject({ kind: 'forward', identity: { by: 'forward-auth' } });
  });
});

describe('all of several', () => {
  test('each must be proven, and what they say is taken together', () => {
    const both = [jwt, key];
    expect(on(both, { ...withKey, ...withToken })).toMatchObject({
      kind: 'forward',
      identity: {
        by: 'api-key+jwt',
        subject: 'alice',
        subscriptionId: 'sub_good',
        scopes: ['read'],
        groups: ['staff'],
      },
      account: { plan: 'free' },
    });
    expect(outcomeOf(on(both, withKey))).toBe('credential_missing');
    expect(outcomeOf(on(both, withToken))).toBe('credential_missing');
    expect(outcomeOf(on([{ all: both }], { ...withKey, ...withToken }))).toBe('forward');
  });

  test('two that belong to different subscriptions are refused', () => {
    const mapped: Policy = { jwt: { issuers: [{ issuer, discovery: true }], subscription: 'optional' } };
    const other: Partial<Facts> = {
      credential: (text) => ({ id: 'key', subscriptionId: text === 'good' ? 'sub_1' : 'sub_2', isRevoked: false }),
    };
    const decision = on([mapped, key], { ...withKey, ...withToken }, other);
    expect([outcomeOf(decision), codesOf(decision).at(-1)]).toEqual(['credentials_disagree', 'credentials_disagree']);
  });

  test('any of all, and all of any', () => {
    const either: Policy = { any: [{ all: [jwt, key] }, basic] };
    expect(outcomeOf(on([either], { authorization: `Basic ${btoa('alice:x')}` }))).toBe('forward');
    expect(outcomeOf(on([either], { ...withToken, ...withKey }))).toBe('forward');
    expect(outcomeOf(on([either], withToken))).toBe('credential_missing');
    expect(outcomeOf(on([{ all: [key, { any: [jwt, basic] }] }], { ...withToken, ...withKey }))).toBe('forward');
  });
});

test.each([
  ['a list of one', [{ any: [key] }], '/0/any'],
  ['no list', [{ all: key }], '/0/all'],
  ['a rule among them', [{ any: [key, { 'body-limit': {} }] }], '/0/any/1'],
  ['one that nobody knows', [{ any: [key, { magic: {} }] }], '/0/any/1/magic'],
  ['lists three deep', [{ any: [key, { all: [key, { any: [key, jwt] }] }] }], '/0/any/1/all/1/any'],
  ['wrong settings', [{ any: [key, { jwt: { issuers: [] } }] }], '/0/any/1/jwt/issuers'],
])('%s is refused, with its place and a remedy', (_, policies, at) => {
  const faults = faultsOf(policies);
  expect(faults.map((fault) => fault.at)).toEqual([at]);
  expect(faults[0]?.fix).not.toBe('');
});

test('the order of policies never matters, nor that of ways to authenticate', () => {
  const ways = [jwt, key, basic, guest, service];
  const rules: Policy[] = [
    { cors: { origins: ['https://app.acme.test'] } },
    { headers: { request: { set: { 'x-sub': '{identity.subject}' } } } },
    { timeouts: { totalMs: 1000 } },
    { acl: { allow: ['staff'] } },
    { scopes: { all: ['read'] } },
    { ip: { allow: ['192.0.2.0/24'] } },
    { 'rate-limit': { limits: [{ window: '9/minute', scope: 'ip' }, { window: '9/minute' }] } },
    { 'failed-authentication': { limits: [{ window: '9/minute' }] } },
  ];
  const list = fc.tuple(fc.shuffledSubarray(ways, { minLength: 2 }), fc.constantFrom('any', 'all'));
  const headers = fc.record(
    {
      'x-api-key': fc.constantFrom('good', 'wrong'),
      authorization: fc.constantFrom(withToken.authorization, 'Basic YTpi'),
    },
    { requiredKeys: [] },
  );
  const shuffled = list.chain(([some, kind]) =>
    fc.tuple(
      fc.constant([{ [kind]: some } as Policy, ...rules]),
      fc
        .shuffledSubarray(some, { minLength: some.length })
        .chain((other) =>
          fc.shuffledSubarray([{ [kind]: other } as Policy, ...rules], { minLength: rules.length + 1 }),
        ),
    ),
  );
  fc.assert(
    fc.property(shuffled, headers, ([one, other], sent) => {
      expect(on(one, sent as Record<string, string>)).toEqual(on(other, sent as Record<string, string>));
    }),
  );
});

describe("an API's policies", () => {
  const compiledWith = (api: readonly Policy[], route: readonly Policy[]) =>
    compiledOf(documentWith(route, { policies: [...api] }));

  test('hold for each of its routes', () => {
    expect(outcomeOf(ask(compiledWith([key], [])))).toBe('credential_missing');
  });

  test('give way to a route that has the same one, or says itself how callers authenticate', () => {
    const own = compiledWith([key], [{ 'api-key': { header: 'x-own' } }]);
    expect(outcomeOf(ask(own, { request: { headers: { 'x-own': 'good' } }, facts }))).toBe('forward');
    expect(outcomeOf(ask(compiledWith([key, { cors: { origins: ['https://app.acme.test'] } }], [guest])))).toBe(
      'forward',
    );
  });
});

describe('headers that say who calls', () => {
  const document = documentSchema.parse({
    sluice: 1,
    upstreams: { one: { targets: [{ url: 'http://one.test' }] }, two: { targets: [{ url: 'http://two.test' }] } },
    apis: {
      orders: {
        title: 'Orders',
        routes: [
          { name: 'asked', path: '/asked', upstream: 'one', policies: [{ any: [key, service] }] },
          {
            name: 'named',
            path: '/named',
            upstream: 'one',
            policies: [key, { headers: { request: { set: { 'x-plan': '{plan.name}' } } } }],
          },
          { name: 'open', path: '/open', upstream: 'one', policies: [] },
          { name: 'apart', path: '/apart', upstream: 'two', policies: [] },
        ].map(({ name, path, upstream, policies }) => ({
          name,
          match: { path: { prefix: path } },
          policies,
          split: { arms: [{ name: 'stable', upstream, weight: 10_000 }] },
        })),
      },
    },
    plans: { free: { title: 'Free', apis: ['orders'], limits: [] } },
  });
  const compiled = compiledOf(document);
  const removedAt = (path: string, headers: Record<string, string> = {}): readonly string[] => {
    const decision = ask(compiled, { request: { path, headers }, facts });
    return decision.kind === 'forward' ? decision.request.remove : [];
  };

  test('are taken from a client on every route that reaches the same upstream', () => {
    for (const path of ['/asked', '/open'])
      expect(removedAt(path)).toEqual(expect.arrayContaining(['x-user', 'x-plan']));
    expect(removedAt('/apart')).toEqual([]);
  });

  test('are taken from a client also where another way proved who calls', () => {
    expect(removedAt('/asked', withKey)).toContain('x-user');
  });
});
