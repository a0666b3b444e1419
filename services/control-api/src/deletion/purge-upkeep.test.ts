// Which purges have their turn, on a real Postgres. ClickHouse is away, so that no purge comes further than to its records.
import { createClickHouse, type ClickHouseClient } from '@sluice/clickhouse';
import { waitFor } from '@sluice/local-stack';
import { createLogger } from '@sluice/runtime';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openLimitBudgets } from '../explain/limit-budgets.js';
import { startFleetServers, type FleetServers } from '../testing/fleet-servers.js';
import { feedPoolToken } from '../tokens.js';
import { PurgeUpkeep } from './purge-upkeep.js';

let servers: FleetServers;
let superuser: pg.Client;
let clickhouse: ClickHouseClient;
let upkeep: PurgeUpkeep;

beforeAll(async () => {
  servers = await startFleetServers();
  superuser = new pg.Client({ connectionString: servers.postgresUrl });
  await superuser.connect();
  clickhouse = createClickHouse('http://127.0.0.1:9/sluice');
  const logger = createLogger('tests', 'silent');
  const { config, database, app } = servers;
  const limitBudgets = openLimitBudgets({ redisUrls: [] }, logger);
  upkeep = new PurgeUpkeep(config, database, app.get(feedPoolToken), clickhouse, limitBudgets, logger);
});
beforeEach(async () => {
  await superuser.query('DELETE FROM sluice.purges');
  await superuser.query('UPDATE sluice.tenants SET deleted_at = NULL, purge_at = NULL');
});
afterAll(async () => {
  await clickhouse.close();
  await superuser.end();
  await servers.stop();
});

/** Tenants whose days of grace are over, in the order in which they were deleted. */
async function deletedTenants(prefix: string, amount: number): Promise<string[]> {
  const { rows } = await superuser.query<{ id: string }>(
    `INSERT INTO sluice.tenants (id, slug, title, updated_at, deleted_at, purge_at)
     SELECT 'ten_' || $1 || lpad(n::text, 3, '0'), $1 || n, $1, now(), now() - interval '31 days', now() - interval '1 day' + n * interval '1 second'
     FROM generate_series(1, $2::integer) AS n RETURNING id`,
    [prefix, amount],
  );
  return rows.map(({ id }) => id);
}

/** Of those whose purge has come as far as it can. */
async function purgedAsFarAsCanBe(): Promise<string[]> {
  const { rows } = await superuser.query<{ tenant: string }>(
    "SELECT of_tenant AS tenant FROM sluice.purges WHERE done ? 'limits' ORDER BY id",
  );
  return rows.map(({ tenant }) => tenant);
}

test('purges that fail each time keep no other from its turn, however many they are', async () => {
  const ids = await deletedTenants('failing', 105);
  upkeep.wake();
  await upkeep.settled();
  expect((await purgedAsFarAsCanBe()).toSorted()).toEqual(ids.toSorted());
});

test('a tenant that is restored as its purge is to begin is not purged, and the next one is', async () => {
  const [restored, next] = await deletedTenants('moment', 2);
  await superuser.query('BEGIN');
  await superuser.query('UPDATE sluice.tenants SET deleted_at = NULL, purge_at = NULL WHERE id = $1', [restored]);
  upkeep.wake();
  await waitFor(
    async () => {
      const { rows } = await superuser.query('SELECT FROM pg_locks WHERE NOT granted');
      return rows.length > 0 ? true : undefined;
    },
    { what: 'the purge waits for the restoring', timeoutMs: 30_000 },
  );
  await superuser.query('COMMIT');
  await upkeep.settled();
  expect(await purgedAsFarAsCanBe()).toEqual([next]);
  expect((await superuser.query('SELECT FROM sluice.purges WHERE of_tenant = $1', [restored])).rowCount).toBe(0);
});
