import { generateKeyPairSync } from 'node:crypto';
import type { Policy } from '@sluice/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Facts } from '../../decision.js';
import { subjectKey } from '../../subject-key.js';
import {
  answerHeader,
  ask,
  codesOf,
  compiledOf,
  documentWith,
  faultsOf,
  outcomeOf,
  triedNow,
} from '../../testing/try-route.js';
import { tokenHeader, tokenOf } from '../../testing/try-token.js';

const issuer = 'https://login.acme.test';
const seconds = triedNow / 1000;
const claims = { iss: issuer, sub: 'alice', aud: 'orders', exp: seconds + 60 };
const isSigned: Partial<Facts> = { token: () => ({ state: 'good' }) };
const neverAsked: Partial<Facts> = {
  token: () => {
    throw new Error('a signature was asked for');
  },
};
const policyOf = (more: object = {}): Policy => ({
  jwt: { issuers: [{ issuer, jwks: `${issuer}/keys` }], audiences: ['orders'], ...more },
});
const compiled = compiledOf(documentWith([policyOf()]));

const send = (token: string, facts: Partial<Facts> = isSigned, of = compiled, now = triedNow) =>
  ask(of, { request: { headers: { authorization: `Bearer ${token}` } }, facts, now });
const told = (decision: ReturnType<typeof send>): readonly string[] => [
  outcomeOf(decision),
  codesOf(decision).at(-1) ?? '',
];

test('a good token goes on with its subject, scopes and groups', () => {
  const decision = send(tokenOf({ ...claims, scope: 'read write', groups: ['staff'] }));
  expect(decision).toMatchObject({
    kind: 'forward',
    identity: { by: 'jwt', subject: 'alice', issuer, scopes: ['read', 'write'], groups: ['staff'] },
  });
});

test('a token that was good is judged anew each time: by its time, its signature and the route', () => {
  const token = tokenOf({ ...claims, jti: 'judged anew '.repeat(20) });
  expect(outcomeOf(send(token))).toBe('forward');
  expect(outcomeOf(send(token))).toBe('forward');
  expect(outcomeOf(send(token, { token: () => undefined }))).toBe('need token');
  expect(outcomeOf(send(token, { token: () => ({ state: 'bad', fault: 'signature' }) }))).toBe(
    'token_signature_invalid',
  );
  expect(outcomeOf(send(token, neverAsked, compiled, triedNow + 66_000))).toBe('token_expired');
  const other = (more: object) => compiledOf(documentWith([policyOf(more)]));
  expect(outcomeOf(send(token, neverAsked, other({ audiences: ['users'] })))).toBe('token_audience_wrong');
  expect(outcomeOf(send(token, neverAsked, other({ maxTokenBytes: 256 })))).toBe('token_too_large');
  expect(outcomeOf(send(`${token.slice(0, -1)}.`, neverAsked))).toBe('token_malformed');
});

test('however many tokens come, each is read as what it says', () => {
  const subjects = Array.from({ length: 3000 }, (_, index) => `user-${index}`);
  for (const subject of [...subjects, ...subjects.toReversed()])
    expect(send(tokenOf({ ...claims, sub: subject }))).toMatchObject({ identity: { subject } });
});

test('however far off a time is, the reason can be kept', () => {
  for (const times of [{ exp: -1e308 }, { exp: 1e308, nbf: 1e308 }]) {
    const { reasons } = send(tokenOf({ ...claims, ...times }), neverAsked);
    expect(JSON.parse(JSON.stringify(reasons))).toEqual(reasons);
  }
});

test('the signature is asked for with what says all of it', () => {
  const token = tokenOf(claims);
  expect(send(token, { token: () => undefined })).toMatchObject({
    kind: 'need',
    need: 'token',
    question: {
      token,
      algorithm: 'RS256',
      kid: 'key-1',
      keys: { from: 'jwks', id: `jwks:${issuer}/keys`, url: `${issuer}/keys` },
    },
  });
});

describe('each way to be wrong is refused with its own reason, and before a signature is asked for', () => {
  const without = (name: string): object => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
  const refused: readonly (readonly [string, string, string, string])[] = [
    ['the algorithm none', tokenOf(claims, { alg: 'none' }), 'token_algorithm_refused', 'token_algorithm_none'],
    [
      'none in other letters, unsigned',
      `${tokenOf(claims, { alg: 'nOnE' }).split('.').slice(0, 2).join('.')}.`,
      'token_algorithm_refused',
      'token_algorithm_none',
    ],
    [
      'HMAC with a public key',
      tokenOf(claims, { alg: 'HS256', kid: 'key-1' }),
      'token_algorithm_refused',
      'token_algorithm_confused',
    ],
    ['an algorithm of no list', tokenOf(claims, { alg: 'RS1' }), 'token_algorithm_refused', 'token_algorithm_unknown'],
    ['expired', tokenOf({ ...claims, exp: seconds - 60 }), 'token_expired', 'token_expired'],
    ['not yet valid', tokenOf({ ...claims, nbf: seconds + 60 }), 'token_not_yet_valid', 'token_not_yet_valid'],
    ['without exp', tokenOf(without('exp')), 'token_claim_refused', 'token_claim_missing'],
    [
      'another audience',
      tokenOf({ ...claims, aud: ['users', 'invoices'] }),
      'token_audience_wrong',
      'token_audience_wrong',
    ],
    ['no audience', tokenOf(without('aud')), 'token_audience_wrong', 'token_audience_wrong'],
    [
      'another issuer',
      tokenOf({ ...claims, iss: 'https://evil.test' }),
      'token_issuer_unknown',
      'token_issuer_unknown',
    ],
    ['no issuer', tokenOf(without('iss')), 'token_issuer_unknown', 'token_issuer_unknown'],
    [
      'an issuer that cannot be made a text',
      tokenOf({ ...claims, iss: { toString: 1, valueOf: 1 } }),
      'token_issuer_unknown',
      'token_issuer_unknown',
    ],
    [
      'claims nested without end',
      tokenOf(`{"iss":"${issuer}","a":${'['.repeat(40)}${']'.repeat(40)}}`),
      'token_malformed',
      'token_malformed',
    ],
    ['oversized', tokenOf({ ...claims, padding: 'x'.repeat(8192) }), 'token_too_large', 'token_too_large'],
    ...['jku', 'x5u', 'jwk', 'x5c'].map(
      (name) =>
        [
          `keys of its own by ${name}`,
          tokenOf(claims, { ...tokenHeader, [name]: 'https://evil.test' }),
          'token_header_refused',
          'token_brings_keys',
        ] as const,
    ),
    [
      'a critical extension',
      tokenOf(claims, { ...tokenHeader, crit: ['exp'] }),
      'token_header_refused',
      'token_critical_header',
    ],
    ['two parts', tokenOf(claims).split('.').slice(0, 2).join('.'), 'token_malformed', 'token_malformed'],
    ['five parts, encrypted', `${tokenOf(claims)}.a.b`, 'token_malformed', 'token_malformed'],
    [
      'a name twice',
      tokenOf(`{"iss":"${issuer}","exp":${seconds - 60},"exp":${seconds + 60}}`),
      'token_malformed',
      'token_malformed',
    ],
    [
      'a name twice, once escaped',
      tokenOf(`{"iss":"${issuer}","exp":1,"\\u0065xp":${seconds + 60}}`),
      'token_malformed',
      'token_malformed',
    ],
    ['a header with alg twice', tokenOf(claims, '{"alg":"none","alg":"RS256"}'), 'token_malformed', 'token_malformed'],
    ['padding', `${tokenOf(claims)}==`, 'token_malformed', 'token_malformed'],
    ['base64 instead of base64url', tokenOf(claims).replace(/.$/, '+'), 'token_malformed', 'token_malformed'],
    ['a time that is a text', tokenOf({ ...claims, exp: String(seconds + 60) }), 'token_malformed', 'token_malformed'],
    [
      'a time without end',
      tokenOf(`{"iss":"${issuer}","aud":"orders","exp":1e999}`),
      'token_malformed',
      'token_malformed',
    ],
    ['claims that are a list', tokenOf('[1]'), 'token_malformed', 'token_malformed'],
    ['a kid that is no text', tokenOf(claims, { ...tokenHeader, kid: 7 }), 'token_malformed', 'token_malformed'],
    ['nothing', '', 'token_malformed', 'token_malformed'],
  ];
  test.each(refused)('%s', (_, token, code, reason) => {
    expect(told(send(token, neverAsked))).toEqual([code, reason]);
  });
});

test('what came of the signature is told apart', () => {
  const of = (fact: ReturnType<Facts['token']>) => send(tokenOf(claims), { token: () => fact });
  expect(told(of({ state: 'bad', fault: 'kid_unknown' }))).toEqual(['token_key_unknown', 'token_key_unknown']);
  expect(told(of({ state: 'bad', fault: 'signature' }))).toEqual(['token_signature_invalid', 'token_signature_wrong']);
  const unreachable = of({ state: 'unavailable', fault: 'keys' });
  expect(told(unreachable)).toEqual(['token_keys_unavailable', 'token_keys_unavailable']);
  expect(unreachable).toMatchObject({ status: 503, answerHeaders: [['retry-after', '5']] });
  expect(told(of({ state: 'unavailable', fault: 'busy' }))).toEqual(['identity_busy', 'token_busy']);
});

test('a signature that is known to hold does not outlive the token', () => {
  const token = tokenOf(claims);
  expect(outcomeOf(send(token, isSigned, compiled, triedNow + 64_999))).toBe('forward');
  expect(outcomeOf(send(token, isSigned, compiled, triedNow + 65_000))).toBe('token_expired');
});

test('a refusal names its fault as RFC 6750 says, and a request without a token gets none', () => {
  expect(answerHeader(send(tokenOf({ ...claims, exp: 1 })), 'www-authenticate')).toEqual([
    'Bearer realm="orders", error="invalid_token", error_description="The token has expired. Get a new one."',
  ]);
  expect(answerHeader(ask(compiled), 'www-authenticate')).toEqual(['Bearer realm="orders"']);
  expect(outcomeOf(ask(compiled, { request: { headers: { authorization: 'Basic YTpi' } } }))).toBe(
    'credential_missing',
  );
});

test('claims must be there, be of age, and have the values that are asked for', () => {
  const strict = compiledOf(
    documentWith([
      policyOf({ maxAgeMs: 60_000, requiredClaims: ['jti'], claims: { 'realm_access.roles': ['admin', 'ops'] } }),
    ]),
  );
  const good = { ...claims, iat: seconds, jti: '1', realm_access: { roles: ['ops'] } };
  const of = (more: object): readonly string[] => told(send(tokenOf({ ...good, ...more }), isSigned, strict));
  expect(of({})[0]).toBe('forward');
  expect(of({ iat: seconds - 66 })).toEqual(['token_expired', 'token_too_old']);
  expect(of({ iat: seconds + 66 })).toEqual(['token_not_yet_valid', 'token_not_yet_valid']);
  expect(of({ iat: undefined })).toEqual(['token_claim_refused', 'token_claim_missing']);
  expect(of({ jti: undefined })).toEqual(['token_claim_refused', 'token_claim_missing']);
  expect(of({ realm_access: { roles: ['guest'] } })).toEqual(['token_claim_refused', 'token_claim_wrong']);
  expect(of({ realm_access: undefined })).toEqual(['token_claim_refused', 'token_claim_missing']);
});

test('a subject stands for a subscription, where that is asked for', () => {
  const facts: Partial<Facts> = {
    ...isSigned,
    credential: (key) =>
      key === subjectKey(issuer, 'alice')
        ? { id: 'key_1', subscriptionId: 'sub_1', isRevoked: false }
        : key === subjectKey(issuer, 'old')
          ? { id: 'key_2', subscriptionId: 'sub_1', isRevoked: true }
          : undefined,
    subscription: (id) => ({ id, applicationId: 'app_1', plan: 'free', state: 'active', revision: 1 }),
  };
  const required = compiledOf(documentWith([policyOf({ subscription: 'required' })]));
  const optional = compiledOf(documentWith([policyOf({ subscription: 'optional' })]));
  const of = (sub: string, on = required) => send(tokenOf({ ...claims, sub }), facts, on);
  expect(of('alice').account).toMatchObject({ credentialId: 'key_1', subscriptionId: 'sub_1', applicationId: 'app_1' });
  expect(outcomeOf(of('bob'))).toBe('subject_unknown');
  expect(outcomeOf(of('bob', optional))).toBe('forward');
  expect([outcomeOf(of('old')), outcomeOf(of('old', optional))]).toEqual(['credential_revoked', 'credential_revoked']);
});

test('no API key that a client could send is the text of a subject', () => {
  const keys = compiledOf(documentWith([{ 'api-key': { query: 'key' } }]));
  const facts: Partial<Facts> = { credential: () => ({ id: 'key_1', subscriptionId: '', isRevoked: false }) };
  const query = `?key=${encodeURIComponent(subjectKey(issuer, 'alice'))}`;
  expect(outcomeOf(ask(keys, { request: { query }, facts }))).toBe('credential_invalid');
});

test('a token may come by cookie or query, once, and is taken out where it is hidden', () => {
  const hidden = compiledOf(documentWith([policyOf({ cookie: 'session', query: 'access_token', hide: true })]));
  const token = tokenOf(claims);
  const byCookie = ask(hidden, { request: { headers: { cookie: `a=1; session=${token}; b=2` } }, facts: isSigned });
  expect(byCookie).toMatchObject({ kind: 'forward', request: { set: [['cookie', 'a=1; b=2']] } });
  const byQuery = ask(hidden, { request: { query: `?x=1&access%5Ftoken=${token}&y=%20` }, facts: isSigned });
  expect(byQuery).toMatchObject({ kind: 'forward', query: '?x=1&y=%20' });
  const twice = { query: `?access_token=${token}`, headers: { cookie: `session=${token}` } };
  expect(outcomeOf(ask(hidden, { request: twice, facts: isSigned }))).toBe('credential_repeated');
});

test('an Authorization header that the gateway did not read never reaches the upstream', () => {
  const decision = send(tokenOf(claims));
  expect(decision).toMatchObject({ request: { set: [['authorization', `Bearer ${tokenOf(claims)}`]] } });
});

describe('keys that are written into the document', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const issuersOf = (...keys: object[]): Policy => ({ jwt: { issuers: [{ issuer, keys }] } });
  const secret = 'a secret of thirty-two bytes, ok';
  const secrets = new Map([
    ['good', secret],
    ['short', 'too short'],
    ['pem', String(pem)],
  ]);

  test('verify only what they are made for', () => {
    const both = compiledOf(documentWith([issuersOf({ kid: 'rsa', pem }, { kid: 'mac', secret })]));
    const keysFor = (alg: string): unknown => {
      const decision = send(tokenOf(claims, { alg }), { token: () => undefined }, both);
      return decision.kind === 'need' && decision.need === 'token' && decision.question.keys.from === 'static'
        ? decision.question.keys.keys.map(({ kid }) => kid)
        : outcomeOf(decision);
    };
    expect(keysFor('RS256')).toEqual(['rsa']);
    expect(keysFor('HS256')).toEqual(['mac']);
    expect(keysFor('HS512')).toBe('token_algorithm_refused');
    expect(keysFor('ES256')).toBe('token_algorithm_refused');
  });

  test.each([
    ['a private key', [{ pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) }], '/keys/0/pem'],
    ['a private JWK', [{ jwk: privateKey.export({ format: 'jwk' }) }], '/keys/0/jwk'],
    [
      'a short RSA key',
      [{ pem: generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' }) }],
      '/keys/0/pem',
    ],
    [
      'an RSA key that is dear to verify with',
      [{ jwk: { kty: 'RSA', n: Buffer.alloc(1025, 0xff).toString('base64url'), e: 'AQAB' } }],
      '/keys/0/jwk',
    ],
    ['no key at all', [{ pem: 'hello' }], '/keys/0/pem'],
    ['a short secret', [{ secret: 'secret:short' }], '/keys/0/secret'],
    ['a public key as a secret', [{ secret: 'secret:pem' }], '/keys/0/secret'],
    ['two forms at once', [{ secret: 'secret:good', pem }], '/keys/0/secret'],
    [
      'one name for two keys',
      [
        { kid: 'a', pem },
        { kid: 'a', secret: 'secret:good' },
      ],
      '/keys/1/kid',
    ],
  ])('%s is refused, with its place and a remedy', (_, keys, at) => {
    const faults = faultsOf([issuersOf(...keys)], secrets);
    expect(faults.map((fault) => fault.at)).toEqual([`/0/jwt/issuers/0${at}`]);
    expect(faults[0]?.fix).not.toBe('');
  });

  test('HMAC is refused for a public key, and for a key set', () => {
    for (const keys of [{ keys: [{ pem }] }, { jwks: `${issuer}/keys` }])
      expect(faultsOf([{ jwt: { issuers: [{ issuer, ...keys, algorithms: ['HS256'] }] } }])).toMatchObject([
        { at: '/0/jwt/issuers/0/algorithms/0' },
      ]);
  });
});

test('no text makes it throw, and none but a token asks for a signature', () => {
  const near = fc
    .tuple(fc.jsonValue(), fc.jsonValue())
    .map(([header, body]) => tokenOf(JSON.stringify(body), JSON.stringify(header)));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), near), (text) => {
      expect(outcomeOf(send(text, neverAsked))).toMatch(/^token_|^credential_missing$/);
    }),
  );
});
