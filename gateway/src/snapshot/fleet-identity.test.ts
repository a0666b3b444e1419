import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@sluice/local-stack';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { Agent } from 'undici';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FleetIdentity } from './fleet-identity.js';
import { gatewayKeyIn } from './gateway-key.js';

interface Asked {
  readonly path: string;
  readonly bearer: string;
}

/** A control plane that answers each path as it is told to. */
async function start(
  answer: (asked: Asked) => { status: number; expiresInMs?: number; code?: string; date?: Date },
): Promise<{ identity: FleetIdentity; asked: Asked[]; directory: string; stop: () => Promise<void> }> {
  const asked: Asked[] = [];
  const server = createServer((req, res) => {
    req.resume();
    const one = { path: req.url ?? '', bearer: (req.headers.authorization ?? '').slice('Bearer '.length) };
    asked.push(one);
    const { status, expiresInMs = 900_000, code = '', date } = answer(one);
    if (date !== undefined) res.setHeader('date', date.toUTCString());
    const body = status === 200 ? { token: `identity-${asked.length}`, expiresInMs, fleetId: 'default' } : { code };
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = await temporaryFolder('sluice-identity-');
  const agent = new Agent();
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(async () => {
    await agent.destroy();
    if (server.listening) await stop();
    await folder.remove();
  });
  const directory = join(folder.path, 'identity');
  const identity = new FleetIdentity({
    agent,
    controlUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'the token of the fleet',
    gatewayId: 'gw-1',
    bootId: 'boot',
    version: '1',
    directory,
  });
  return { identity, asked, directory, stop };
}

const knowsNobody = ({ path }: Asked): { status: number } => ({ status: path === '/v1/fleet/gateways' ? 200 : 401 });

test('a gateway that is not known registers with FLEET_TOKEN, once for all who ask', async () => {
  const { identity, asked } = await start(knowsNobody);
  const results = await Promise.all(Array.from({ length: 5 }, async () => identity.current()));
  expect(results.every((result) => 'token' in result && result.token === 'identity-2')).toBe(true);
  expect(asked.map(({ path }) => path)).toEqual(['/v1/fleet/identities', '/v1/fleet/gateways']);
  expect(asked[1]?.bearer).toBe('the token of the fleet');
});

test('the key is kept where nobody else reads it, and proves the same gateway after a restart', async () => {
  const { identity, asked, directory } = await start(() => ({ status: 200 }));
  const { publicKey } = await gatewayKeyIn(directory);
  expect(await identity.current()).toMatchObject({ token: 'identity-1' });
  expect(statSync(join(directory, 'gateway.key')).mode & 0o777).toBe(0o600);
  expect(await gatewayKeyIn(directory)).toMatchObject({ publicKey });
  const proof = await jwtVerify(asked[0]?.bearer ?? '', await importJWK(publicKey, 'EdDSA'), {
    audience: 'sluice-gateway-proof',
  });
  expect(proof.payload).toMatchObject({ sub: 'gw-1', key: publicKey.x });
});

test('an identity is renewed before it ends, and used to its end when nobody answers', async () => {
  const lifeMs = 60_000_000;
  let expiresInMs = 0;
  const { identity, asked, stop } = await start(() => ({ status: 200, expiresInMs }));
  await identity.current();
  expiresInMs = lifeMs;
  expect(await identity.current()).toMatchObject({ token: 'identity-2' });
  expect(await identity.current()).toMatchObject({ token: 'identity-2' });
  expect(asked).toHaveLength(2);
  identity.drop('identity-1');
  expect(await identity.current()).toMatchObject({ token: 'identity-2' });
  identity.drop('identity-2');
  await stop();
  expect(await identity.current()).toMatchObject({ refusal: 'unreachable' });
});

test('proofs are dated by the clock of the control plane', async () => {
  const date = new Date(Date.now() + 7_200_000);
  const { identity, asked } = await start(() => ({ status: 200, expiresInMs: 0, date }));
  await identity.current();
  await identity.current();
  const [first = 0, second = 0] = asked.map(({ bearer }) => decodeJwt(bearer).iat ?? 0);
  expect(second - first).toBeGreaterThan(7_100);
});

test('a control plane that knows no identities is given FLEET_TOKEN itself', async () => {
  const { identity } = await start(() => ({ status: 404 }));
  expect(await identity.current()).toMatchObject({ token: 'the token of the fleet' });
});

test.each([
  [401, '', 'token_refused'],
  [403, 'gateway_revoked', 'revoked'],
  [403, 'of a proxy', 'unreachable'],
  [409, '', 'id_taken'],
] as const)('%d %s means %s', async (status, code, refusal) => {
  const { identity } = await start(({ path }) => (path === '/v1/fleet/gateways' ? { status, code } : { status: 401 }));
  expect(await identity.current()).toMatchObject({ refusal });
});

test.each([429, 500, 503])(
  'a renewal that is put off by %d says nothing of FLEET_TOKEN: the identity is used to its end',
  async (status) => {
    let renewal = 200;
    const { identity, asked } = await start(({ path }) => ({
      status: path === '/v1/fleet/identities' ? renewal : 401,
      expiresInMs: 6_000_000,
    }));
    await identity.current();
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 5_000_000);
    onTestFinished(() => void vi.restoreAllMocks());
    renewal = status;
    expect(await identity.current()).toMatchObject({ token: 'identity-1' });
    expect(asked.map(({ path }) => path)).toEqual(['/v1/fleet/identities', '/v1/fleet/identities']);
  },
);
