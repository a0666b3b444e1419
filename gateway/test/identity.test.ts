// Who calls, on a real gateway: tokens of a real issuer, passwords, a real forward-auth service, and the token that the
// gateway signs for upstreams.
import { argon2Sync } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forged, Issuer, issuerKey, tokenOf } from '../src/identity/try-issuer.js';
import type { IssuerKey } from '../src/identity/try-issuer.js';
import { environmentId, otherOwner, tenantId } from './feed-server.js';
import type { Answer, GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

const armSecret = 'a-secret-of-the-fleet-for-tests-alone';
const iss = 'https://id.acme.test';

let stack: Stack;
let gateway: GatewayProcess;
let issuer: Issuer;
let first: IssuerKey;
let document: { upstreams: Record<string, Record<string, unknown>>; apis: object };
/** Path of a request that the forward-auth service saw. */
const asked: (string | undefined)[] = [];

const jwtOf = (path: string): unknown => ({ jwt: { issuers: [{ issuer: iss, jwks: `${issuer.url}${path}` }] } });
const hash = (): string => {
  const nonce = Buffer.alloc(16, 1);
  const key = argon2Sync('argon2id', { message: 'horse', nonce, parallelism: 1, tagLength: 32, memory: 64, passes: 1 });
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=64,t=1,p=1$${text(nonce)}$${text(key)}`;
};

beforeAll(async () => {
  stack = await Stack.start();
  issuer = await Issuer.start();
  first = await issuerKey('first', 'RS256');
  issuer.keys = [first];
  const upstream = await stack.upstream((req, res) => res.end(JSON.stringify(req.headers)));
  const service = await stack.upstream((req, res) => {
    asked.push(req.headers['x-forwarded-uri']?.toString());
    if (req.headers['x-ticket'] === 'good') res.writeHead(200, { 'x-user': 'ann' }).end();
    else res.writeHead(401, { 'www-authenticate': 'Ticket' }).end('no ticket');
  });
  const routes = [
    ...['rotates', 'away', 'flood', 'once', 'discovery'].map((name) =>
      routeTo('plain', `/${name}`, { policies: [jwtOf(`/jwks.json?${name}`)] }),
    ),
    routeTo('told', '/told', { policies: [jwtOf('/jwks.json')] }),
    routeTo('told', '/told-open'),
    routeTo('plain', '/by-name', {
      policies: [{ jwt: { issuers: [{ issuer: iss, jwks: `http://localhost:${issuer.port}/jwks.json` }] } }],
    }),
    routeTo('plain', '/metadata', {
      policies: [{ jwt: { issuers: [{ issuer: iss, jwks: 'http://169.254.169.254/jwks.json' }] } }],
    }),
    routeTo('plain', '/discovered', { policies: [{ jwt: { issuers: [{ issuer: issuer.url, discovery: true }] } }] }),
    routeTo('plain', '/basic', { policies: [{ basic: { users: [{ name: 'ann', password: hash() }] } }] }),
    routeTo('plain', '/asked', {
      policies: [{ 'forward-auth': { address: `${service.url}/verify`, authResponseHeaders: ['X-User'] } }],
    }),
    {
      name: 'split',
      match: { path: { prefix: '/split' } },
      split: {
        arms: [
          { name: 'canary', upstream: 'plain', weight: 0 },
          { name: 'stable', upstream: 'plain', weight: 10_000 },
        ],
      },
    },
  ];
  document = documentOf({ plain: upstream.url, told: upstream.url }, routes) as typeof document;
  document.upstreams['told'] = { ...document.upstreams['told'], identity: { token: true } };
  stack.feed.publish(document);
  gateway = await stack.readyGateway({ ARM_OVERRIDE_SECRET: armSecret });
});
afterAll(async () => {
  await stack.stop();
  await issuer.stop();
});

const withToken = async (path: string, token: string): Promise<Answer> =>
  gateway.send(path, { headers: { authorization: `Bearer ${token}` } });
const codeOf = ({ body }: Answer): unknown => (JSON.parse(body) as { code: string }).code;
const headersOf = ({ body }: Answer): Record<string, string> => JSON.parse(body) as Record<string, string>;

describe('tokens', () => {
  test('keys are changed without a refused request, and threads fetch them once', async () => {
    const before = issuer.fetches;
    const old = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => withToken('/rotates', await tokenOf(first, { iss, n }))),
    );
    expect(old.map(({ status }) => status)).toEqual(old.map(() => 200));
    expect(issuer.fetches - before).toBe(1);
    const next = await issuerKey('next', 'RS256');
    issuer.keys = [first, next];
    const both = await Promise.all(
      Array.from({ length: 40 }, async (_, n) =>
        withToken('/rotates', await tokenOf(n % 2 === 0 ? first : next, { iss, n: n + 100 })),
      ),
    );
    expect(both.map(({ status }) => status)).toEqual(both.map(() => 200));
    expect(issuer.fetches - before).toBe(2);
    expect(issuer.mostAtOnce).toBe(1);
  });

  test('while the issuer is away known keys go on, and a new kid is refused clearly', async () => {
    expect((await withToken('/away', await tokenOf(first, { iss }))).status).toBe(200);
    const before = issuer.fetches;
    issuer.answer = (_req, res) => void res.destroy();
    const other = await issuerKey('other', 'RS256');
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, n) =>
        withToken('/away', await tokenOf(n % 2 === 0 ? first : other, { iss, n })),
      ),
    );
    issuer.answer = undefined;
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, n) => (n % 2 === 0 ? 200 : 401)));
    const refused = answers.filter(({ status }) => status === 401).map(codeOf);
    expect(new Set(refused)).toEqual(new Set(['token_key_unknown']));
    expect(issuer.fetches - before).toBe(1);
    expect(issuer.mostAtOnce).toBe(1);
  });

  test('a good token costs one signature, however often it comes', async () => {
    const token = await tokenOf(first, { iss });
    const before = await gateway.metric('sluice_identity_checks_total{kind="token",outcome="accepted"}');
    for (let round = 0; round < 20; round += 1) expect((await withToken('/once', token)).status).toBe(200);
    const after = await gateway.metric('sluice_identity_checks_total{kind="token",outcome="accepted"}');
    expect(after - before).toBe(1);
    expect(codeOf(await withToken('/once', forged(token)))).toBe('token_signature_invalid');
  });

  test('an issuer’s keys are found by discovery', async () => {
    expect((await withToken('/discovered', await tokenOf(first, { iss: issuer.url }))).status).toBe(200);
  });

  test('keys at an address that is not allowed are not fetched', async () => {
    const before = issuer.fetches;
    const strict = await stack.readyGateway({
      GATEWAY_ID: 'gw-strict',
      DATA_DIR: `${stack.dataDir}-strict`,
      UPSTREAM_ALLOW: '',
    });
    const token = await tokenOf(first, { iss });
    for (const path of ['/once', '/by-name', '/metadata', '/discovered']) {
      const claims = path === '/discovered' ? await tokenOf(first, { iss: issuer.url }) : token;
      const answer = await strict.send(path, { headers: { authorization: `Bearer ${claims}` } });
      expect([path, answer.status]).toEqual([path, 503]);
    }
    expect(issuer.fetches).toBe(before);
    expect(strict.output).toContain('forbidden_address');
  });
});

describe('other ways', () => {
  const basic = (user: string, password: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });

  test('a right password opens, a wrong one and an unknown user do not', async () => {
    expect((await gateway.send('/basic', { headers: basic('ann', 'horse') })).status).toBe(200);
    expect((await gateway.send('/basic', { headers: basic('ann', 'cow') })).status).toBe(401);
    expect((await gateway.send('/basic', { headers: basic('bob', 'horse') })).status).toBe(401);
  });

  test('a forward-auth service says who may pass, and who it is', async () => {
    const passed = await gateway.send('/asked/7?x=1', { headers: { 'x-ticket': 'good', 'x-user': 'mallory' } });
    expect([passed.status, headersOf(passed)['x-user']]).toEqual([200, 'ann']);
    const refused = await gateway.send('/asked');
    expect([refused.status, refused.body, refused.headers['www-authenticate']]).toEqual([401, 'no ticket', 'Ticket']);
    expect(asked).toEqual(['/asked/7?x=1', '/asked']);
  });
});

describe('what upstreams are told', () => {
  test('an upstream that asks gets a token that the gateway’s public keys verify, and no other does', async () => {
    const answer = await gateway.send('/told', {
      headers: { authorization: `Bearer ${await tokenOf(first, { iss, sub: 'ann' })}`, 'x-sluice-identity': 'forged' },
    });
    const token = headersOf(answer)['x-sluice-identity'] ?? '';
    const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${gateway.opsPort}/identity/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { issuer: 'sluice', audience: 'told' });
    expect(payload).toMatchObject({
      sub: 'ann',
      tenant: tenantId,
      environment: environmentId,
      api: 'orders',
      route: 'told',
    });
    const open = headersOf(await gateway.send('/told-open', { headers: { 'x-sluice-identity': 'forged' } }));
    expect(decodeJwt(open['x-sluice-identity'] ?? '').sub).toBeUndefined();
    const plain = await withToken('/once', await tokenOf(first, { iss }));
    expect(headersOf(plain)['x-sluice-identity']).toBeUndefined();
  });

  test('no tenant’s keys are read where the gateway listens: what it tells one upstream opens no route', async () => {
    const token = headersOf(await gateway.send('/told-open'))['x-sluice-identity'] ?? '';
    const own = `http://127.0.0.1:${gateway.opsPort}/identity/jwks.json`;
    const policies = [{ jwt: { issuers: [{ issuer: 'sluice', jwks: own }], claimsToVerify: [] } }];
    stack.feed.publish({
      ...document,
      apis: { ...document.apis, own: { title: 'Own', routes: [routeTo('plain', '/own', { policies })] } },
    });
    await stack.untilCaughtUp();
    const answer = await withToken('/own', token);
    expect([answer.status, codeOf(answer)]).toEqual([503, 'token_keys_unavailable']);
  });
});

describe('arms', () => {
  test('a signed wish picks its arm, and an unsigned one nothing', async () => {
    const wish = await new SignJWT({ environment: environmentId, route: 'orders/split', arm: 'canary' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(Buffer.from(armSecret));
    const armWith = async (value: string): Promise<unknown> =>
      (await gateway.send('/split', { headers: { 'x-sluice-arm': value } })).headers['x-sluice-arm'];
    expect([await armWith(wish), await armWith('canary'), await armWith(`${wish}x`)]).toEqual([
      'canary',
      'stable',
      'stable',
    ]);
  });
});

test('a flood of bad tokens at one tenant leaves another’s callers alone', async () => {
  const upstream = await stack.upstream((_req, res) => res.end('yes'));
  const document = documentOf({ plain: upstream.url }, [
    routeTo('plain', '/open', { policies: [jwtOf('/jwks.json')] }),
  ]);
  stack.feed.publish(document, { hosts: ['victim.test'], owner: otherOwner });
  // A share that a few hundred signatures use up, and that does not grow again while the test runs.
  const small = await stack.readyGateway({
    GATEWAY_ID: 'gw-small',
    DATA_DIR: `${stack.dataDir}-small`,
    IDENTITY_CPU_MS_PER_SECOND: '1',
    IDENTITY_CPU_BURST_MS: '20',
  });
  const token = await tokenOf(first, { iss });
  const ask = async (host: string, path: string, text: string): Promise<number> =>
    (await small.send(path, { host, headers: { authorization: `Bearer ${text}` } })).status;
  const flood = Array.from({ length: 400 }, async (_, n) =>
    ask('api.acme.test', '/flood', `${token.slice(0, -20)}${n.toString(16).padStart(8, 'A')}${token.slice(-12)}`),
  );
  const victim = Array.from({ length: 60 }, async (_, n) =>
    ask('victim.test', '/open', await tokenOf(first, { iss, n })),
  );
  expect(await Promise.all(victim)).toEqual(victim.map(() => 200));
  const statuses = await Promise.all(flood);
  expect(new Set(statuses)).toEqual(new Set([401, 503]));
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(100);
  expect(await small.metric('sluice_identity_checks_total{kind="token",outcome="busy"}')).toBeGreaterThan(100);
  expect(await ask('victim.test', '/open', await tokenOf(first, { iss, n: 'after' }))).toBe(200);
});
