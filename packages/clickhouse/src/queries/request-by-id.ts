// One request. Its id is a UUIDv7, whose time leads to the few rows beside it: the id alone would be a full scan.
import { timeOfId, uuidOf } from '@sluice/contracts';
import type { RequestEntry } from '@sluice/contracts';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';
import { requestColumns, requestRow, toRequestEntry } from './request-row.js';
import { inTime, timeParams } from './scope.js';

// The id is made when the request arrives, `time` is its start; clock steps between the two stay far below this.
const toleranceMs = 2_000;

/**
 * As it ended; one that has not, as it was when it had lasted 10 s.
 *
 * @param requestId `req_` and 32 hex digits.
 * @returns undefined when this tenant's environment has no such request.
 */
export async function queryRequestById(
  client: ClickHouseClient,
  input: { readonly tenantId: string; readonly environmentId: string; readonly requestId: string },
): Promise<RequestEntry | undefined> {
  const timeMs = timeOfId(input.requestId);
  const scope = { ...input, from: new Date(timeMs - toleranceMs), to: new Date(timeMs + toleranceMs) };
  const [row] = await readRows(
    client,
    // In the order of the column's values `end` comes last.
    `SELECT ${requestColumns} FROM requests WHERE ${inTime} AND id = {id:UUID}
     ORDER BY phase DESC LIMIT 1`,
    { ...timeParams(scope), id: uuidOf(input.requestId) },
    requestRow,
  );
  return row === undefined ? undefined : toRequestEntry(row);
}
