// Takes what was recorded of a tenant, or of one of its environments, out of every table that tells of it. Deleting what is gone
// already deletes nothing, so a purge that was cut off begins again. Each statement touches one partition: a whole
// tenant at once could take longer than a request may.
//
// Not among it: the ledger of segments, which says how many rows a file of a gateway had and not whose; and dead letters of whole
// segments, which cannot be read and end after 90 days. Dead letters of single rows are found by the tenant's id in them.
import { z } from 'zod';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';

export interface PurgeScope {
  readonly tenantId: string;
  /** Undefined: all of the tenant's. */
  readonly environmentId?: string | undefined;
}

export type PurgedTable = (typeof purgedTables)[number];

/** Raw rows first: what is made of them by views is made when they are inserted. */
export const purgedTables = ['requests', 'requests_1m', 'latency_1m', 'credential_uses', 'dead_letters'] as const;

const partitionOf: Readonly<Record<PurgedTable, string>> = {
  requests: 'toString(toDate(time))',
  requests_1m: 'toString(toYYYYMM(minute))',
  latency_1m: 'toString(toYYYYMM(minute))',
  credential_uses: "''",
  dead_letters: "''",
};

/** How many rows there are, by table. */
export async function countPurgeable(
  client: ClickHouseClient,
  scope: PurgeScope,
): Promise<Record<PurgedTable, number>> {
  const counted = { requests: 0, requests_1m: 0, latency_1m: 0, credential_uses: 0, dead_letters: 0 };
  for (const table of purgedTables) {
    const sql = `SELECT count() AS total FROM ${table} WHERE ${conditionOf(table)}`;
    const [row] = await readRows(client, sql, paramsOf(scope), z.object({ total: z.int() }));
    counted[table] = row?.total ?? 0;
  }
  return counted;
}

export interface MonthlyUse {
  /** `2026-11`. */
  readonly month: string;
  readonly requests: number;
}

/** What was served, by month, for as long as roll-ups are kept. */
export async function queryMonthlyUse(client: ClickHouseClient, scope: PurgeScope): Promise<MonthlyUse[]> {
  return readRows(
    client,
    `SELECT formatDateTime(minute, '%Y-%m', 'UTC') AS month, sum(requests) AS requests FROM requests_1m
     WHERE ${conditionOf('requests_1m')} GROUP BY month ORDER BY month`,
    paramsOf(scope),
    z.object({ month: z.string(), requests: z.int() }),
  );
}

/** @param onPartition after each statement: a place to stop, by throwing. */
export async function purgeRecords(
  client: ClickHouseClient,
  scope: PurgeScope,
  onPartition: () => void = () => undefined,
): Promise<void> {
  const stored = await storedAs(client);
  for (const table of purgedTables) {
    const partition = partitionOf[table];
    const rows = await readRows(
      client,
      `SELECT DISTINCT ${partition} AS part FROM ${table} WHERE ${conditionOf(table)} ORDER BY part`,
      paramsOf(scope),
      z.object({ part: z.string() }),
    );
    for (const { part } of rows) {
      await client.command({
        query: `DELETE FROM ${stored(table)} WHERE ${conditionOf(table)} AND ${partition} = {part:String}`,
        query_params: { ...paramsOf(scope), part },
      });
      onPartition();
    }
  }
}

// A row that could not be inserted lies there as it came. Ids are of 128 bits, most of them random: no other row holds one by chance.
function conditionOf(table: PurgedTable): string {
  if (table === 'dead_letters')
    return "position(content, {tenant:String}) > 0 AND ({environment:String} = '' OR position(content, {environment:String}) > 0)";
  return "tenant_id = {tenant:String} AND ({environment:String} = '' OR environment_id = {environment:String})";
}

function paramsOf({ tenantId, environmentId }: PurgeScope): { tenant: string; environment: string } {
  return { tenant: tenantId, environment: environmentId ?? '' };
}

/** In a cluster rows lie below a Distributed table, which says in which cluster: deletions go to all of its servers. */
async function storedAs(client: ClickHouseClient): Promise<(table: PurgedTable) => string> {
  const [table] = await readRows(
    client,
    `SELECT engine, engine_full FROM system.tables WHERE database = currentDatabase() AND name = 'requests'`,
    {},
    z.object({ engine: z.string(), engine_full: z.string() }),
  );
  const cluster =
    table?.engine === 'Distributed' ? /^Distributed\('(?<name>[^']+)'/.exec(table.engine_full)?.groups : undefined;
  return cluster === undefined ? (name) => name : (name) => `${name}_local ON CLUSTER '${cluster['name'] ?? ''}'`;
}
