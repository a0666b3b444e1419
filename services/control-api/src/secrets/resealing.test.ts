// Rotation of the master key, on a real Postgres.
import { randomBytes } from 'node:crypto';
import { createLogger } from '@sluice/runtime';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedTenant, startFleetServers, type FleetServers, type Seeded } from '../testing/fleet-servers.js';
import { feedPoolToken } from '../tokens.js';
import { Keyring, keyringOf } from './keyring.js';
import { Resealing } from './resealing.js';
import { secretsRepository } from './secrets.repository.js';

let servers: FleetServers;
let superuser: pg.Client;
let acme: Seeded;
const newKey = randomBytes(32).toString('hex');

beforeAll(async () => {
  servers = await startFleetServers();
  superuser = new pg.Client({ connectionString: servers.postgresUrl });
  await superuser.connect();
  acme = await seedTenant(servers.database, 'acme');
  const { tenantId, environmentId } = acme;
  const keyring = keyringOf(servers.config);
  await servers.database.inTenant(tenantId, async (tx) => {
    for (const name of ['one', 'two', 'three'])
      await secretsRepository.create(
        tenantId,
        tx,
        environmentId,
        name,
        keyring.seal({ tenantId, environmentId, name, version: 1 }, `value of ${name}`),
      );
  });
});
afterAll(async () => {
  await superuser.end();
  await servers.stop();
});

const rows = async (): Promise<Record<string, unknown>[]> =>
  (await superuser.query('SELECT * FROM sluice.secrets ORDER BY name')).rows as Record<string, unknown>[];

/** One look at the keys, as at a start with these. */
async function startWith(keys: string[]): Promise<void> {
  const config = { ...servers.config, secrets: { keys } };
  const resealing = new Resealing(
    config,
    servers.database,
    servers.app.get(feedPoolToken),
    createLogger('tests', 'silent'),
  );
  await resealing.onModuleInit();
  await resealing.settled();
  await resealing.onModuleDestroy();
}

test('without the key nothing is touched', async () => {
  const before = await rows();
  await startWith([newKey]);
  expect(await rows()).toEqual(before);
});

test('with a new key in front all is sealed by it: the values, versions and times stay, and the old key can go', async () => {
  const before = await rows();
  await startWith([newKey, ...servers.config.secrets.keys]);
  const alone = new Keyring([Buffer.from(newKey, 'hex')]);
  const { tenantId, environmentId } = acme;
  const after = await rows();
  const unsealed = ({ sealed: _sealed, key_id: _keyId, ...row }: Record<string, unknown>): object => row;
  expect(after.map(unsealed)).toEqual(before.map(unsealed));
  expect(after.map(({ key_id: keyId }) => keyId)).toEqual(Array(3).fill(alone.currentKeyId));
  const values = after.map(({ name, sealed }) =>
    alone.open(
      { tenantId, environmentId, name: String(name), version: 1 },
      { keyId: alone.currentKeyId, sealed: sealed as Buffer },
    ),
  );
  expect(values).toEqual(['value of one', 'value of three', 'value of two']);
});
