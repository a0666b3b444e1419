// The whole way: what the API answers is what three gateways enforce. Gateways are processes, as they are deployed.
import { createHash } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { createClickHouse } from '@sluice/clickhouse';
import type { Credential, CredentialWithKey, FirstRun, Problem, QuickStart, TryCredential } from '@sluice/contracts';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Fleet, type Gateway } from './support/fleet.js';
import { Person } from './support/person.js';

const base = '/v1/tenants/acme/environments/production';

let folder: TemporaryFolder;
let plane: ControlPlane;
let fleet: Fleet;
let owner: Person;
let firstRun: FirstRun;
let subscription: string;
let gateways: Gateway[];

beforeAll(async () => {
  [plane, folder] = await Promise.all([
    startControlPlane({ withClickHouse: true }),
    temporaryFolder('sluice-gateways-'),
  ]);
  fleet = await Fleet.start(plane, folder.path);
  owner = await new Person(plane, 'owner@acme.test').signUp();
  await owner.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
  const first = { name: 'orders', title: 'Orders', upstreamUrl: fleet.upstreamUrl };
  firstRun = await owner.ask('POST', `${base}/first-run`, first);
  await owner.ask('PUT', `${base}/plans/free`, { title: 'Free', apis: ['orders'], limits: [] });
  await owner.ask('POST', `${base}/publish`, {});
  const { id } = await owner.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Application' });
  ({ id: subscription } = await owner.ask<{ id: string }>('POST', `${base}/applications/${id}/subscriptions`, {
    plan: 'free',
  }));
  gateways = await Promise.all(['gw-0', 'gw-1', 'gw-2'].map(async (name) => fleet.add(name, { THREADS: '2' })));
});
afterAll(async () => {
  await fleet.stop();
  await plane.stop();
  await folder.remove();
});

async function outcomeAt({ port }: Gateway, key: string): Promise<string> {
  const path = new URL(firstRun.publicUrl).pathname;
  const headers = { host: 'acme.localhost', [firstRun.keyHeader]: key };
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, agent: false }, resolve).once('error', reject).end();
  });
  const body = await text(res);
  return res.statusCode === 200 ? 'served' : (JSON.parse(body) as Problem).code;
}

const outcomes = async (key: string): Promise<string[]> =>
  Promise.all(gateways.map(async (gateway) => outcomeAt(gateway, key)));
async function untilAll(key: string, wanted: string): Promise<void> {
  await waitFor(async () => (await outcomes(key)).every((one) => one === wanted), {
    what: `all gateways answer ${wanted}`,
  });
}

// A moment that is past by the time it is read is refused.
const endSoon = async (id: string): Promise<void> => {
  await waitFor(
    async () => {
      const expiresAt = new Date(Date.now() + 2_000).toISOString();
      return (await owner.send('PATCH', `${base}/credentials/${id}`, { expiresAt })).status === 200;
    },
    { what: 'the key is given an end' },
  );
};
const newKey = async (): Promise<CredentialWithKey> =>
  owner.ask('POST', `${base}/subscriptions/${subscription}/credentials`, { name: 'Key' });

// How soon, `npm run bench:control` measures.
test('a revoked key is refused by every connected gateway', async () => {
  const { id, key } = await newKey();
  await untilAll(key, 'served');
  await owner.ask('DELETE', `${base}/credentials/${id}`);
  await untilAll(key, 'credential_revoked');
  expect(await outcomes(key)).toEqual(gateways.map(() => 'credential_revoked'));
});

test('all keys of a subscription that are revoked at once are refused by every connected gateway', async () => {
  const keys = [await newKey(), await newKey(), await newKey()];
  for (const { key } of keys) await untilAll(key, 'served');
  await owner.ask('DELETE', `${base}/subscriptions/${subscription}/credentials`);
  for (const { key } of keys) await untilAll(key, 'credential_revoked');
  expect(await outcomes(firstRun.key)).toEqual(gateways.map(() => 'served'));
});

test('a key is refused by every connected gateway once its time has come', async () => {
  const { id, key } = await newKey();
  await untilAll(key, 'served');
  await endSoon(id);
  await untilAll(key, 'credential_expired');
  expect(await outcomes(key)).toEqual(gateways.map(() => 'credential_expired'));
});

test('after a rotation both keys work, and when the overlap is over the new one alone', async () => {
  const old = await newKey();
  await untilAll(old.key, 'served');
  const { key } = await owner.ask<CredentialWithKey>('POST', `${base}/credentials/${old.id}/rotate`, {
    overlapMs: 3_600_000,
  });
  await untilAll(key, 'served');
  expect(await outcomes(old.key)).toEqual(gateways.map(() => 'served'));
  await endSoon(old.id);
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
  await untilAll(key, 'subscription_inactive');
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
