// What was recorded of a deleted tenant goes, whole and alone.
import { bootTestServers, type BootedTestServers } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as clickhouse from '../index.js';
import { recordOf, segmentOf } from '../record-fixture.js';

let servers: BootedTestServers<{ clickhouse: true }>;
let client: clickhouse.ClickHouseClient;

const day = 86_400_000;
const noon = Math.floor(Date.now() / day) * day - day / 2;
const gone = 'ten_0192f3a4b5c67d8e9fa0b1c2d3e4f506';
const kept = 'ten_0192f3a4b5c67d8e9fa0b1c2d3e4f507';

beforeAll(async () => {
  servers = await bootTestServers({ clickhouse: true });
  await clickhouse.migrateClickHouse(servers.clickhouse.url);
  client = clickhouse.createClickHouse(servers.clickhouse.url);
  for (const time of [noon - day, noon])
    await clickhouse.insertSegment(
      client,
      segmentOf(
        time,
        [gone, kept].flatMap((tenant_id) =>
          ['env_a', 'env_b'].flatMap((environment_id) =>
            [1, 2, 3].map((index) => recordOf({ time: time + index, tenant_id, environment_id })),
          ),
        ),
      ),
    );
  await client.insert({
    table: 'dead_letters',
    format: 'JSONEachRow',
    values: [gone, kept].map((tenant, position) => ({
      segment_id: 'seg',
      position,
      gateway_id: 'gw',
      boot_id: 'boot',
      reason: 'poison',
      detail: '',
      content: JSON.stringify([tenant, 'env_a']),
    })),
  });
});
afterAll(async () => {
  await client.close();
  await servers.stop();
});

const rowsOf = async (tenantId: string, environmentId?: string) => {
  const { requests, dead_letters, ...rollups } = await clickhouse.countPurgeable(client, { tenantId, environmentId });
  return { requests, dead_letters, hasRollups: Object.values(rollups).every((count) => count > 0) };
};

test('an environment goes without the others of its tenant', async () => {
  expect(await rowsOf(gone)).toEqual({ requests: 12, dead_letters: 1, hasRollups: true });
  await clickhouse.purgeRecords(client, { tenantId: gone, environmentId: 'env_b' });
  expect(await rowsOf(gone, 'env_b')).toEqual({ requests: 0, dead_letters: 0, hasRollups: false });
  expect(await rowsOf(gone)).toEqual({ requests: 6, dead_letters: 1, hasRollups: true });
});

test('a tenant goes from every table, cut off in between and begun again, and no other one with it', async () => {
  const month = new Date(noon).toISOString().slice(0, 7);
  const use = await clickhouse.queryMonthlyUse(client, { tenantId: gone });
  expect(use.reduce((sum, { requests }) => sum + requests, 0)).toBe(6);
  expect(use.map((one) => one.month)).toContain(month);
  const cut = new Error('cut off');
  const stop = (): never => {
    throw cut;
  };
  await expect(clickhouse.purgeRecords(client, { tenantId: gone }, stop)).rejects.toBe(cut);
  expect(await rowsOf(gone)).toMatchObject({ requests: 3 });
  await clickhouse.purgeRecords(client, { tenantId: gone });
  await clickhouse.purgeRecords(client, { tenantId: gone });
  expect(await clickhouse.countPurgeable(client, { tenantId: gone })).toEqual({
    requests: 0,
    requests_1m: 0,
    latency_1m: 0,
    credential_uses: 0,
    dead_letters: 0,
  });
  expect(await rowsOf(kept)).toEqual({ requests: 12, dead_letters: 1, hasRollups: true });
});
