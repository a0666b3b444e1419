import type { Facts } from '../../decision.js';
import type { PolicyExample } from '../example.js';
import { exampleNow } from '../example.js';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by nobody: the facts of each example say what came of the signature. */
function tokenOf(claims: object, header: object = { alg: 'RS256', kid: 'key-1' }): string {
  return `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;
}

const inAnHour = exampleNow / 1000 + 3600;
const issuer = 'https://login.acme.test';
const good = tokenOf({ iss: issuer, sub: 'alice', aud: 'orders', exp: inAnHour, scope: 'read write' });
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const isSigned: Partial<Facts> = { token: () => ({ state: 'good' }) };

export const examples: readonly PolicyExample[] = [
  {
    title: 'Tokens of an identity provider',
    text: 'The key set is fetched from the URL and kept; a new key is found by the name in the token. `exp` must be there unless `claimsToVerify` is empty, as with `claims_to_verify: [exp]` of Kong.',
    route: {
      policies: [
        {
          jwt: {
            issuers: [{ issuer, jwks: 'https://login.acme.test/.well-known/jwks.json' }],
            audiences: ['orders'],
            claimsToVerify: ['exp'],
          },
        },
      ],
    },
    requests: [
      {
        says: 'A token that is signed, in time and meant for this API goes on, and the upstream sees it.',
        send: { headers: bearer(good) },
        facts: isSigned,
        expect: {
          outcome: 'forward',
          reasons: ['token_accepted'],
          upstreamHeaders: { authorization: `Bearer ${good}` },
        },
      },
      {
        says: 'Without a token the request is refused.',
        expect: {
          outcome: 401,
          code: 'credential_missing',
          reasons: ['token_missing'],
          answerHeaders: { 'www-authenticate': 'Bearer realm="orders"' },
        },
      },
      {
        says: 'A token that has expired is refused, and its signature is not even looked at.',
        send: { headers: bearer(tokenOf({ iss: issuer, aud: 'orders', exp: inAnHour - 7200 })) },
        expect: { outcome: 401, code: 'token_expired', reasons: ['token_expired'] },
      },
      {
        says: 'A token that is not signed is refused.',
        send: { headers: bearer(tokenOf({ iss: issuer, aud: 'orders', exp: inAnHour }, { alg: 'none' })) },
        expect: { outcome: 401, code: 'token_algorithm_refused', reasons: ['token_algorithm_none'] },
      },
      {
        says: 'A token signed with the public key as if it were a secret is refused.',
        send: { headers: bearer(tokenOf({ iss: issuer, aud: 'orders', exp: inAnHour }, { alg: 'HS256' })) },
        expect: { outcome: 401, code: 'token_algorithm_refused', reasons: ['token_algorithm_confused'] },
      },
    ],
  },
  {
    title: 'Claims with certain values, and the plan of the subject',
    text: 'Where `subscription` is `required`, the subject must stand for a subscription, whose plan and limits then apply.',
    route: {
      policies: [
        {
          jwt: {
            issuers: [{ issuer, discovery: true }],
            claims: { tenant: 'acme', role: ['admin', 'editor'] },
            subscription: 'required',
            hide: true,
          },
        },
      ],
    },
    requests: [
      {
        says: 'A subject with a subscription goes on.',
        send: {
          headers: bearer(tokenOf({ iss: issuer, sub: 'alice', exp: inAnHour, tenant: 'acme', role: ['editor'] })),
        },
        facts: {
          ...isSigned,
          credential: () => ({ id: 'key_alice', subscriptionId: 'sub_example', isRevoked: false }),
        },
        expect: {
          outcome: 'forward',
          reasons: ['token_accepted', 'subject_mapped'],
          upstreamHeaders: { authorization: null },
        },
      },
      {
        says: 'A subject without one is refused.',
        send: { headers: bearer(tokenOf({ iss: issuer, sub: 'bob', exp: inAnHour, tenant: 'acme', role: 'admin' })) },
        facts: { ...isSigned, credential: () => undefined },
        expect: { outcome: 403, code: 'subject_unknown', reasons: ['subject_unmapped'] },
      },
      {
        says: 'A role that is not among those asked for is refused.',
        send: { headers: bearer(tokenOf({ iss: issuer, sub: 'eve', exp: inAnHour, tenant: 'acme', role: 'guest' })) },
        expect: { outcome: 401, code: 'token_claim_refused', reasons: ['token_claim_wrong'] },
      },
    ],
  },
];
