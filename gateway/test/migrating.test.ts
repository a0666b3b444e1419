// Configurations of other gateways, and the documents in docs/migrating that stand for them: they behave as it says there.
import { createHmac } from 'node:crypto';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Migrated } from './migrating.js';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowS = (): number => Math.floor(Date.now() / 1000);

function tokenOf(consumer: string, claims: object = { exp: nowS() + 600 }): string {
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: consumer, ...claims })}`;
  const secret = `the secret of ${consumer}'s JWT credential`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const bearer = (token: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${token}` },
});

describe('Kong: byte prefixes, strip_path, jwt, and a limit for each consumer', () => {
  let kong: Migrated;
  beforeAll(async () => {
    kong = await Migrated.start('kong');
  });
  afterAll(async () => kong.stop());

  test.each([
    ['/api/users/7?full=1', 'users-api', '/7?full=1'],
    ['/api/users', 'users-api', '/'],
    ['/api/users2', 'users-api', '/2'],
    ['/api/orders/9', 'orders-api', '/9'],
  ])('%s goes to %s as %s', async (path, service, url) => {
    expect(await kong.upstreamOf(path, bearer(tokenOf('partner')))).toEqual({ service, url });
  });

  test('users are served with a good token only, in the header or the parameter, and orders to all', async () => {
    const status = async (path: string, token?: string): Promise<number> =>
      (await kong.send(path, token === undefined ? {} : bearer(token))).status;
    expect(await status('/api/users/1')).toBe(401);
    expect(await status('/api/users/1', tokenOf('nobody'))).toBe(401);
    expect(await status('/api/users/1', tokenOf('partner', { exp: nowS() - 1 }))).toBe(401);
    expect(await status('/api/users/1', tokenOf('partner', { sub: 'without exp' }))).toBe(401);
    expect(await status('/api/users/1', `${tokenOf('partner').slice(0, -4)}AAAA`)).toBe(401);
    expect(await status(`/api/users/1?jwt=${tokenOf('partner')}`)).toBe(200);
    expect(await status('/api/orders/1')).toBe(200);
  });

  test('a consumer gets 100 requests a minute, and another one its own', async () => {
    // A window that has most of its time before it, by what another consumer is told of it.
    await waitFor(
      async () => {
        const { headers } = await kong.send('/api/users/1', bearer(tokenOf('partner')));
        return Number(/;t=(\d+)/.exec(String(headers['ratelimit']))?.[1]) > 15;
      },
      { what: 'a window has just begun', timeoutMs: 40_000, intervalMs: 1000 },
    );
    const { statuses } = await kong.burst(
      Array.from({ length: 120 }, (_, index) => `/api/users/${index}`),
      bearer(tokenOf('mobile-app')),
    );
    expect(Object.fromEntries(statuses)).toEqual({ 200: 100, 429: 20 });
    expect((await kong.send('/api/users/1', bearer(tokenOf('partner')))).status).toBe(200);
    expect((await kong.send('/api/users/1', bearer(tokenOf('nobody')))).status).toBe(401);
  }, 60_000);
});

describe('Traefik: a token bucket by address, before forwardauth with its headers', () => {
  let traefik: Migrated;
  beforeAll(async () => {
    traefik = await Migrated.start('traefik', {
      'auth-service': (req, res) => {
        if (req.headers.authorization === 'Bearer good')
          res.writeHead(200, { 'X-User-Id': '7', 'X-User-Role': 'admin', 'X-Internal': 'secret' }).end();
        else res.writeHead(403, { 'content-type': 'text/plain', 'www-authenticate': 'Bearer' }).end('not you');
      },
    });
  });
  afterAll(async () => traefik.stop());
  const good = { headers: { authorization: 'Bearer good', 'x-user-id': 'forged', 'x-user-role': 'forged' } };

  test('the service is asked where the request was going, and its headers replace the client’s', async () => {
    const before = traefik.seen.length;
    expect(await traefik.send('/users/7?full=1', good)).toMatchObject({ status: 200, body: 'users-api' });
    const [auth, upstream] = traefik.seen.slice(before);
    expect(auth).toMatchObject({
      service: 'auth-service',
      url: '/verify',
      headers: {
        'x-forwarded-method': 'GET',
        'x-forwarded-host': 'api.example.com',
        'x-forwarded-uri': '/users/7?full=1',
        'x-forwarded-proto': 'http',
      },
    });
    expect(upstream).toMatchObject({ url: '/users/7?full=1', headers: { 'x-user-id': '7', 'x-user-role': 'admin' } });
    expect(upstream?.headers).not.toHaveProperty('x-internal');
  });

  test("what the service answers in the upstream's place is the client's", async () => {
    expect(await traefik.send('/users/7')).toMatchObject({
      status: 403,
      body: 'not you',
      headers: { 'www-authenticate': 'Bearer' },
    });
  });

  test('a prefix is of bytes, orders ask nobody, and everything else is not found', async () => {
    expect(await traefik.send('/users2', good)).toMatchObject({ status: 200, body: 'users-api' });
    expect(await traefik.send('/orders/9')).toMatchObject({ status: 200, body: 'orders-api' });
    expect((await traefik.send('/elsewhere')).status).toBe(404);
  });

  test('50 may come at once and 100 a second, and who is turned away by the service counts as well', async () => {
    for (const [sent, status] of [
      [good, 200],
      [{}, 403],
    ] as const) {
      const { statuses, tookMs } = await traefik.burst(
        Array.from({ length: 300 }, () => '/users/1'),
        sent,
      );
      expect(new Set(statuses.keys())).toEqual(new Set([status, 429]));
      expect(statuses.get(status)).toBeLessThanOrEqual(50 + Math.ceil(tookMs / 10));
    }
  });
});

describe('NGINX: limit_req, locations with a slash at their end, and a static answer', () => {
  let nginx: Migrated;
  beforeAll(async () => {
    nginx = await Migrated.start('nginx');
  });
  afterAll(async () => nginx.stop());

  test('what follows the location goes upstream, and the address of the client with it', async () => {
    const sent = { headers: { 'x-real-ip': '203.0.113.9' } };
    expect(await nginx.send('/api/users/7?full=1', sent)).toMatchObject({ status: 200, body: 'users-api' });
    expect(nginx.seen.at(-1)).toMatchObject({
      url: '/7?full=1',
      headers: { 'x-real-ip': '127.0.0.1', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'api.example.com' },
    });
    expect(await nginx.upstreamOf('/api/orders/')).toEqual({ service: 'orders-api', url: '/' });
  });

  test('without the slash the client is sent to where it is', async () => {
    const { status, headers } = await nginx.send('/api/users?full=1');
    expect({ status, location: new URL(String(headers.location), 'http://api.example.com').href }).toEqual({
      status: 301,
      location: 'http://api.example.com/api/users/?full=1',
    });
    expect((await nginx.send('/api/users2')).status).toBe(404);
  });

  test('health is answered by the gateway itself, at every path that begins so', async () => {
    for (const path of ['/health', '/healthz', '/health/live'])
      expect(await nginx.send(path)).toMatchObject({
        status: 200,
        body: 'OK',
        headers: { 'content-type': 'text/plain' },
      });
  });

  test('one zone counts both locations: 21 at once, then 10 a second, and health does not count', async () => {
    const paths = Array.from({ length: 90 }, (_, index) => (index % 2 === 0 ? '/api/users/1' : '/api/orders/1'));
    const { statuses, tookMs } = await nginx.burst(paths);
    const served = statuses.get(200) ?? 0;
    expect(served).toBeLessThanOrEqual(21 + Math.ceil(tookMs / 100));
    expect(served).toBeGreaterThan(0);
    expect((await nginx.send('/health')).status).toBe(200);
  });
});

describe('Envoy: byte prefixes to clusters', () => {
  let envoy: Migrated;
  beforeAll(async () => {
    envoy = await Migrated.start('envoy');
  });
  afterAll(async () => envoy.stop());

  test.each([
    ['/api/users', 'users-api'],
    ['/api/users/7?full=1', 'users-api'],
    ['/api/users2', 'users-api'],
    ['/api/orders/9', 'orders-api'],
  ])('%s goes to %s as it is', async (path, service) => {
    expect(await envoy.upstreamOf(path)).toEqual({ service, url: path });
  });

  test('what no prefix takes is not found', async () => {
    expect((await envoy.send('/api/user')).status).toBe(404);
  });
});
