// How many rows there are, from both sides: what proves that the roll-up says what the rows say, and that every answer
// was recorded once. A request counts when it has ended: of one that is under way there is a row, and it is left out.
import { z } from 'zod';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';
import { ended, inMinutes, inTime, minuteParams, timeParams, wholeMinutes } from './scope.js';
import type { Scope } from './scope.js';

const rowCounts = z.object({
  total: z.int(),
  ids: z.int(),
  sent_on: z.int(),
  over_limit: z.int(),
  turned_away: z.int(),
});

export interface RowCounts {
  readonly rows: number;
  /** Different request ids: less than `rows` when a row is doubled. */
  readonly distinct: number;
  readonly accepted: number;
  readonly limited: number;
  readonly refused: number;
}

export async function countRows(client: ClickHouseClient, scope: Scope): Promise<RowCounts> {
  const [row] = await readRows(
    client,
    `SELECT count() AS total, uniqExact(id) AS ids, countIf(arm != '') AS sent_on,
       countIf(arm = '' AND code = 'limit_exceeded') AS over_limit, countIf(arm = '' AND code != 'limit_exceeded') AS turned_away
     FROM requests WHERE ${inTime} AND ${ended}`,
    timeParams(scope),
    rowCounts,
  );
  return {
    rows: row?.total ?? 0,
    distinct: row?.ids ?? 0,
    accepted: row?.sent_on ?? 0,
    limited: row?.over_limit ?? 0,
    refused: row?.turned_away ?? 0,
  };
}

const rollupCounts = rowCounts.omit({ ids: true });

/** Of whole minutes: compare it with `countRows` over the same whole minutes (`wholeMinutesOf`). */
export async function countRollup(client: ClickHouseClient, scope: Scope): Promise<Omit<RowCounts, 'distinct'>> {
  const [row] = await readRows(
    client,
    `SELECT sum(requests) AS total, sum(accepted) AS sent_on, sum(limited) AS over_limit, sum(refused) AS turned_away
     FROM requests_1m WHERE ${inMinutes}`,
    minuteParams(scope),
    rollupCounts,
  );
  return {
    rows: row?.total ?? 0,
    accepted: row?.sent_on ?? 0,
    limited: row?.over_limit ?? 0,
    refused: row?.turned_away ?? 0,
  };
}

/** A scope widened to the whole minutes that roll-ups know. */
export function wholeMinutesOf(scope: Scope): Scope {
  const { fromMs, toMs } = wholeMinutes(scope);
  return { ...scope, from: new Date(fromMs), to: new Date(toMs) };
}
