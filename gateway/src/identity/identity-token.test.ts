import type { Account, Identity } from '@sluice/engine';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import type { IdentityTokenSubject } from './identity-checks.js';
import { createIdentityCounters, IdentityCounters, sumOf } from './identity-counters.js';
import { createIdentityTokens } from './identity-token.js';
import { isSigningKey, signingKeyOf } from './signing-key.js';
import type { SigningKey } from './signing-key.js';
import { TryClock } from './try-clock.js';

const account: Account = {
  api: 'orders',
  route: 'orders/list',
  credentialId: 'key_1',
  subscriptionId: 'sub_1',
  applicationId: 'app_1',
  plan: 'free',
  limits: [],
  arm: 'stable',
  armReason: 'arm_only',
  weightVersion: 0,
  upstream: 'orders-api',
};
const identity: Identity = {
  by: 'jwt',
  subject: 'ann',
  issuer: 'https://id.acme.test',
  credentialId: 'key_1',
  subscriptionId: 'sub_1',
  scopes: ['read', 'write'],
  groups: [],
  claims: {},
};
const subject: IdentityTokenSubject = { tenantId: 'ten_1', environmentId: 'env_1', account, identity };

function signer(key: SigningKey): {
  sign: (subject: IdentityTokenSubject) => string;
  clock: TryClock;
  signed: () => number;
} {
  const clock = new TryClock();
  const shared = createIdentityCounters(1);
  const sign = createIdentityTokens(key, new IdentityCounters(shared, 0), clock);
  return { sign, clock, signed: () => sumOf(shared, 'identityTokensSigned') };
}

test.each([undefined, 'Ed25519', 'P-256'])(
  'an upstream verifies the token with the public keys (key given: %s)',
  async (given) => {
    const pair =
      given === undefined
        ? undefined
        : await generateKeyPair(given === 'P-256' ? 'ES256' : 'EdDSA', { extractable: true });
    const text =
      pair === undefined ? undefined : JSON.stringify({ ...(await exportJWK(pair.privateKey)), kid: 'mine' });
    const key = await signingKeyOf(text);
    const { sign, clock } = signer(key);
    const { payload, protectedHeader } = await jwtVerify(
      sign(subject),
      createLocalJWKSet({ keys: [...key.jwks.keys] }),
      {
        issuer: 'sluice',
        audience: 'orders-api',
        currentDate: new Date(clock.ms),
      },
    );
    expect(payload).toEqual({
      iss: 'sluice',
      aud: 'orders-api',
      tenant: 'ten_1',
      environment: 'env_1',
      api: 'orders',
      route: 'orders/list',
      sub: 'ann',
      issuer: 'https://id.acme.test',
      by: 'jwt',
      application: 'app_1',
      subscription: 'sub_1',
      credential: 'key_1',
      scopes: 'read write',
      iat: clock.ms / 1000,
      exp: clock.ms / 1000 + 300,
    });
    expect(protectedHeader.kid).toBe(text === undefined ? key.kid : 'mine');
    expect(JSON.stringify(key.jwks)).not.toContain('"d"');
  },
);

test('a caller’s token is signed once, and anew before it ends; another caller’s is another', async () => {
  const { sign, clock, signed } = signer(await signingKeyOf(undefined));
  const token = sign(subject);
  clock.pass(239_999);
  expect(sign({ ...subject, account: { ...account } })).toBe(token);
  expect(signed()).toBe(1);
  const others: IdentityTokenSubject[] = [
    { ...subject, identity: { ...identity, subject: 'bob' } },
    { ...subject, identity: undefined },
    { ...subject, tenantId: 'ten_2' },
    { ...subject, environmentId: 'env_2' },
    { ...subject, account: { ...account, route: 'orders/other' } },
    { ...subject, account: { ...account, upstream: 'canary' } },
  ];
  expect(new Set([token, ...others.map(sign)]).size).toBe(others.length + 1);
  clock.pass(1);
  expect(sign(subject)).not.toBe(token);
});

test('what an issuer makes large is not kept', async () => {
  const { sign, signed } = signer(await signingKeyOf(undefined));
  const large = { ...subject, identity: { ...identity, scopes: Array.from({ length: 500 }, (_, n) => `scope-${n}`) } };
  expect(sign(large).length).toBeGreaterThan(2048);
  sign(large);
  expect(signed()).toBe(2);
});

test('only a private key of a kind that can sign is taken', async () => {
  const jwkOf = async (algorithm: string, half: 'publicKey' | 'privateKey' = 'privateKey'): Promise<string> =>
    JSON.stringify(await exportJWK((await generateKeyPair(algorithm, { extractable: true }))[half]));
  expect(isSigningKey(await jwkOf('EdDSA'))).toBe(true);
  expect(isSigningKey(await jwkOf('ES256'))).toBe(true);
  for (const text of [
    await jwkOf('EdDSA', 'publicKey'),
    await jwkOf('RS256'),
    await jwkOf('ES384'),
    '',
    '{}',
    'null',
    'x',
  ])
    expect(isSigningKey(text)).toBe(false);
});
