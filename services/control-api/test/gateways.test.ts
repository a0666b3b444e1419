// The whole way: what the API answers is what three gateways enforce. Gateways are processes, as they are deployed.
import { createHash } from 'node:crypto';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createClickHouse } from '@sluice/clickhouse';
import type { Credential, CredentialWithKey, FirstRun, Problem, QuickStart, TryCredential } from '@sluice/contracts';
import {
  freePort,
  startProcess,
  startRedis,
  temporaryFolder,
  waitFor,
  type RunningProcess,
  type RunningRedis,
  type TemporaryFolder,
} from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fleetToken, startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Person } from './support/person.js';

const main = fileURLToPath(new URL('../../../gateway/dist/main.js', import.meta.url));
const base = '/v1/tenants/acme/environments/production';
const soonMs = 1000;

let upstream: Server;
let redis: RunningRedis;
let folder: TemporaryFolder;
let plane: ControlPlane;
let owner: Person;
let firstRun: FirstRun;
let subscription: string;
const gateways: { readonly process: RunningProcess; readonly url: string }[] = [];

beforeAll(async () => {
  upstream = createServer((_req, res) => res.end('{}'));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  [redis, folder] = await Promise.all([startRedis(), temporaryFolder('sluice-gateways-')]);
  const urls = `http://127.0.0.1:${port}`;
  plane = await startControlPlane({ withClickHouse: true, env: { DEMO_UPSTREAM_URLS: `${urls},${urls}` } });
  owner = await new Person(plane, 'owner@acme.test').signUp();
  await owner.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
  firstRun = await owner.ask('POST', `${base}/first-run`, { name: 'orders', title: 'Orders', upstreamUrl: 'demo' });
  await owner.ask('PUT', `${base}/plans/free`, { title: 'Free', apis: ['orders'], limits: [] });
  await owner.ask('POST', `${base}/publish`, {});
  const { id } = await owner.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Application' });
  ({ id: subscription } = await owner.ask<{ id: string }>('POST', `${base}/applications/${id}/subscriptions`, {
    plan: 'free',
  }));
  gateways.push(...(await Promise.all([0, 1, 2].map(startGateway))));
});
afterAll(async () => {
  await Promise.all(gateways.map(async ({ process }) => process.stop()));
  await plane.stop();
  await redis.stop();
  await folder.remove();
  upstream.close();
});

async function startGateway(index: number): Promise<(typeof gateways)[number]> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const running = await startProcess({
    name: `gateway-${index}`,
    command: process.execPath,
    args: [main],
    env: {
      CONTROL_URL: plane.url,
      FLEET_TOKEN: fleetToken,
      GATEWAY_ID: `gw-${index}`,
      HOST: '127.0.0.1',
      PORT: String(port),
      OPS_PORT: String(opsPort),
      THREADS: '2',
      DATA_DIR: `${folder.path}/${index}`,
      REDIS_LIMITS_URL: redis.url,
      REDIS_QUEUE_URL: redis.url,
      UPSTREAM_ALLOW: '127.0.0.0/8',
      SHED_DELAY_MS: '0',
      SHIP_BOUND_MS: '100',
    },
    readyUrl: `http://127.0.0.1:${opsPort}/readyz`,
    readyTimeoutMs: 60_000,
  });
  return { process: running, url: `http://127.0.0.1:${port}` };
}

async function outcomeAt(url: string, key: string): Promise<string> {
  const { pathname } = new URL(firstRun.publicUrl);
  const headers = { host: 'acme.localhost', [firstRun.keyHeader]: key };
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url + pathname, { headers, agent: false }, resolve)
      .once('error', reject)
      .end();
  });
  const body = await text(res);
  return res.statusCode === 200 ? 'served' : (JSON.parse(body) as Problem).code;
}

const outcomes = async (key: string): Promise<string[]> =>
  Promise.all(gateways.map(async ({ url }) => outcomeAt(url, key)));
async function untilAll(key: string, wanted: string, timeoutMs = 20_000): Promise<void> {
  await waitFor(async () => (await outcomes(key)).every((one) => one === wanted), {
    what: `all gateways answer ${wanted}`,
    timeoutMs,
  });
}

const newKey = async (more: object = {}): Promise<CredentialWithKey> =>
  owner.ask('POST', `${base}/subscriptions/${subscription}/credentials`, { name: 'Key', ...more });

test('a revoked key is refused by every connected gateway within a second', async () => {
  const { id, key } = await newKey();
  await untilAll(key, 'served');
  await owner.ask('DELETE', `${base}/credentials/${id}`);
  await untilAll(key, 'credential_revoked', soonMs);
  expect(await outcomes(key)).toEqual(gateways.map(() => 'credential_revoked'));
});

test('all keys of a subscription are refused by every connected gateway within a second', async () => {
  const keys = [await newKey(), await newKey(), await newKey()];
  for (const { key } of keys) await untilAll(key, 'served');
  await owner.ask('DELETE', `${base}/subscriptions/${subscription}/credentials`);
  for (const { key } of keys) await untilAll(key, 'credential_revoked', soonMs);
  expect(await outcomes(firstRun.key)).toEqual(gateways.map(() => 'served'));
});

test('an expired key is refused by every connected gateway within a second of its expiry', async () => {
  const { key, expiresAt } = await newKey({ expiresAt: new Date(Date.now() + 4000).toISOString() });
  const end = Date.parse(expiresAt ?? '');
  await waitFor(() => Date.now() >= end, { what: 'its time has come' });
  await untilAll(key, 'credential_expired', soonMs);
  expect(await outcomes(key)).toEqual(gateways.map(() => 'credential_expired'));
});

test('after a rotation both keys work, and when the overlap is over the new one alone', async () => {
  const old = await newKey();
  await untilAll(old.key, 'served');
  const { key } = await owner.ask<CredentialWithKey>('POST', `${base}/credentials/${old.id}/rotate`, {
    overlapMs: 5000,
  });
  await untilAll(key, 'served');
  await untilAll(old.key, 'credential_expired');
  expect(await outcomes(key)).toEqual(gateways.map(() => 'served'));
});

test('an imported key works as it did, and a try credential as a key', async () => {
  const legacy = 'legacy.key:of/another=system';
  await owner.ask('POST', `${base}/subscriptions/${subscription}/credentials/import`, {
    credentials: [{ name: 'Legacy', hash: createHash('sha256').update(legacy).digest('hex') }],
  });
  await untilAll(legacy, 'served');
  const developer = await new Person(plane, 'dev@consumer.test').signUp();
  const { application } = await developer.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', { plan: 'free' });
  const path = `/v1/portal/acme/subscriptions/${application.subscriptions[0]?.id}/try-credential`;
  const { key } = await developer.ask<TryCredential>('POST', path, {});
  await untilAll(key, 'served');
  await owner.ask('PATCH', `${base}/subscriptions/${application.subscriptions[0]?.id}`, { state: 'suspended' });
  await untilAll(key, 'subscription_inactive', soonMs);
  expect(await outcomes(legacy)).toEqual(gateways.map(() => 'served'));
});

test('a key shows when it was last used', async () => {
  const { id } = await newKey();
  const path = `${base}/credentials/${id}`;
  expect(await owner.ask<Credential>('GET', path)).toMatchObject({ lastUsedAt: null });
  const tenant = await owner.ask<{ id: string }>('GET', '/v1/tenants/acme');
  const environment = await owner.ask<{ id: string }>('GET', base);
  const clickhouse = createClickHouse(plane.env['CLICKHOUSE_URL'] ?? '', { application: 'test' });
  const values = `('${tenant.id}', '${environment.id}', '${id}', toDateTime64('2026-11-23 12:00:00.250', 3, 'UTC'))`;
  await clickhouse.command({ query: `INSERT INTO credential_uses VALUES ${values}` });
  await clickhouse.close();
  expect(await owner.ask<Credential>('GET', path)).toMatchObject({ lastUsedAt: '2026-11-23T12:00:00.250Z' });
});
