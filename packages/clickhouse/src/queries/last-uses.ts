// When credentials were last used: a short read by key, over all time.
import { z } from 'zod';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';
import type { Scope } from './scope.js';

const useRow = z.object({ credential_id: z.string(), newest_ms: z.coerce.number().int() });

/**
 * The start of the newest recorded request of each, ISO 8601; who is not among them was never used. Records arrive some
 * seconds after their requests. Rejects when `signal` aborts.
 */
export async function queryLastUses(
  client: ClickHouseClient,
  { tenantId, environmentId }: Pick<Scope, 'tenantId' | 'environmentId'>,
  credentialIds: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const rows = await readRows(
    client,
    `SELECT credential_id, toUnixTimestamp64Milli(max(newest)) AS newest_ms
     FROM credential_uses
     WHERE tenant_id = {tenant:String} AND environment_id = {environment:String} AND credential_id IN {credentials:Array(String)}
     GROUP BY credential_id`,
    { tenant: tenantId, environment: environmentId, credentials: [...credentialIds] },
    useRow,
    signal,
  );
  return new Map(rows.map((row) => [row.credential_id, new Date(row.newest_ms).toISOString()]));
}
