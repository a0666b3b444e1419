import { inspect } from 'node:util';
import type { Policy } from '@sluice/contracts';
import { describe, expect, test } from 'vitest';
import { compile } from '../compile.js';
import { environmentOf } from '../testing/environment-of.js';
import { ask, compiledOf, documentWith, faultsOf, outcomeOf } from '../testing/try-route.js';
import { secretsIn } from './secrets-in.js';

const value = 'planted-value-of-thirty-two-bytes-or-more';
const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
const jwt = (secret: string): Policy => ({ jwt: { issuers: [{ issuer: 'us', keys: [{ secret }] }] } });
const basic = (password: string): Policy => ({ basic: { users: [{ name: 'ann', password }] } });
const headers = (set: Record<string, string>): Policy => ({ headers: { request: { set } } });
const refused = (policies: readonly Policy[], secrets: ReadonlyMap<string, string>) =>
  compile(environmentOf(documentWith(policies), { secrets })).refusals;

describe('a reference stands for its value', () => {
  test('in a header, letter by letter', () => {
    const secrets = new Map([['backend', 'Bearer {not.a.placeholder} }']]);
    const compiled = compiledOf(documentWith([headers({ authorization: 'secret:backend' })]), secrets);
    const decision = ask(compiled);
    expect(decision.kind === 'forward' && decision.request.set).toEqual([
      ['authorization', 'Bearer {not.a.placeholder} }'],
    ]);
  });

  test('as a shared key of tokens, also inside a list of ways', () => {
    const compiled = compiledOf(
      documentWith([{ any: [{ 'api-key': {} }, jwt('secret:hmac')] }]),
      new Map([['hmac', value]]),
    );
    expect(inspect(compiled.hosts, { depth: null })).toContain(Buffer.from(value).toString('base64url'));
  });

  test('and as the hash of a password', () => {
    const compiled = compiledOf(documentWith([basic('secret:ann')]), new Map([['ann', hash]]));
    const sent = { authorization: `Basic ${Buffer.from('ann:x').toString('base64')}` };
    expect(ask(compiled, { request: { headers: sent } })).toMatchObject({ need: 'password', hash });
  });
});

test('one that is missing refuses the object that refers to it, with the place, and nothing else', () => {
  const [refusal, ...others] = refused([jwt('secret:hmac')], new Map());
  expect(others).toEqual([]);
  expect(refusal).toMatchObject({ object: 'apis/orders/routes/orders', code: 'secret_missing' });
  expect(refusal?.detail).toContain('0/jwt/issuers/0/keys/0/secret');
  expect(refused([jwt('secret:hmac')], new Map([['hmac', value]]))).toEqual([]);
});

test('a value that does not fit is refused, and not told', () => {
  const refusals = refused(
    [jwt('secret:hmac'), basic('secret:ann')],
    new Map([
      ['hmac', 'short-value'],
      ['ann', value],
    ]),
  );
  expect(refusals.map(({ code }) => code)).toEqual(['policy_invalid', 'policy_invalid']);
  expect(JSON.stringify(refusals)).not.toContain('short-value');
  expect(JSON.stringify(refusals)).not.toContain(value);
});

test('without values every reference passes, and no value is there to come out', () => {
  const policies = [jwt('secret:a'), basic('secret:b'), headers({ authorization: 'secret:c' })];
  expect(faultsOf(policies)).toEqual([]);
  const decision = ask(compiledOf(documentWith([headers({ authorization: 'secret:c' })])));
  expect(decision.kind === 'forward' && decision.request.set).toEqual([['authorization', 'secret:c']]);
});

describe('a secret that is written out is refused with its place and what to write', () => {
  test.each([
    ['of a token', jwt(value), '/0/jwt/issuers/0/keys/0/secret'],
    [
      'of a token, as JWK',
      { jwt: { issuers: [{ issuer: 'us', keys: [{ jwk: { kty: 'oct', k: 'x'.repeat(43) } }] }] } },
      '/0/jwt/issuers/0/keys/0/jwk/k',
    ],
    ['in a list of ways', { any: [{ 'api-key': {} }, jwt(value)] }, '/0/any/1/jwt/issuers/0/keys/0/secret'],
    ['in a header', headers({ 'x-api-key': value }), '/0/headers/request/set/x-api-key'],
    [
      'in a header, beside a placeholder',
      headers({ authorization: `Bearer ${value}{request.id}` }),
      '/0/headers/request/set/authorization',
    ],
  ])('%s', (_, policy, at) => {
    const faults = faultsOf([policy]);
    expect(faults.map((fault) => fault.at)).toEqual([at]);
    expect(faults[0]?.fix).toContain('secret:<name>');
    expect(JSON.stringify(faults)).not.toContain(value);
  });

  test.each([
    ['made of the request', headers({ authorization: 'Bearer {claims.token}', 'x-key-id': '{credential.id}' })],
    ['that says yes', headers({ 'x-authenticated': 'true' })],
    ['that speaks of nothing secret', headers({ 'x-region': 'eu-1' })],
    ['of an answer', { headers: { response: { set: { 'set-cookie': 'seen=1' } } } }],
    ['a hash of a password', basic(hash)],
  ])('but not one %s', (_, policy) => {
    expect(faultsOf([policy])).toEqual([]);
  });

  test('gateways serve what was let in before', () => {
    expect(refused([jwt(value)], new Map())).toEqual([]);
  });
});

test('what begins like a reference is one, or refused', () => {
  expect(faultsOf([headers({ 'x-region': 'secret:No Name' })]).map(({ at }) => at)).toEqual([
    '/0/headers/request/set/x-region',
  ]);
});

test('every use of a secret is found by its object and place', () => {
  const document = documentWith([jwt('secret:a')], { policies: [{ any: [basic('secret:b'), jwt('secret:a')] }] });
  expect(secretsIn(document)).toEqual([
    { name: 'b', object: 'apis/orders', pointer: '/apis/orders/policies/0/any/0/basic/users/0/password' },
    { name: 'a', object: 'apis/orders', pointer: '/apis/orders/policies/0/any/1/jwt/issuers/0/keys/0/secret' },
    {
      name: 'a',
      object: 'apis/orders/routes/orders',
      pointer: '/apis/orders/routes/0/policies/0/jwt/issuers/0/keys/0/secret',
    },
  ]);
});

test('a request is decided alike with the value and with what stands in for it', () => {
  const document = documentWith([jwt('secret:hmac')]);
  const outcomes = [undefined, new Map([['hmac', value]])].map((secrets) =>
    outcomeOf(ask(compiledOf(document, secrets))),
  );
  expect(new Set(outcomes).size).toBe(1);
});
