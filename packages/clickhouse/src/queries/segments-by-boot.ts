// What the ledger says of a gateway's boots: how many segments and rows are safe, and whether one is missing between
// them. Segments belong to gateways, not to tenants: this is for operators, smoke and reconcile.
import { z } from 'zod';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';

const bootRow = z.object({
  boot_id: z.string(),
  segments: z.int(),
  total_rows: z.int(),
  poison: z.int(),
  contradictions: z.int(),
  first_index: z.int(),
  last_index: z.int(),
  first_row: z.int(),
  next_row: z.int(),
  closed: z.int(),
});

export interface BootSegments {
  readonly bootId: string;
  readonly segments: number;
  readonly rows: number;
  readonly poisonRows: number;
  readonly firstIndex: number;
  readonly lastIndex: number;
  /** No segment between the first and the last is missing, and no `seq` between their rows. */
  readonly hasNoGap: boolean;
  /** Segments with the same number and another content. */
  readonly contradictions: number;
  /** The boot ended in order. */
  readonly isClosed: boolean;
}

export async function querySegmentsByBoot(
  client: ClickHouseClient,
  input: { readonly gatewayId: string },
): Promise<BootSegments[]> {
  const rows = await readRows(
    client,
    `SELECT boot_id, uniqExact(segment_index) AS segments, count() - segments AS contradictions,
       sum(segment_rows) AS total_rows, sum(poison_rows) AS poison,
       min(segment_index) AS first_index, max(segment_index) AS last_index,
       min(first_seq) AS first_row, max(first_seq + segment_rows) AS next_row, countIf(is_close) AS closed
     FROM (
       SELECT boot_id, segment_index, sha256, any(s.rows) AS segment_rows, any(s.poison_rows) AS poison_rows, any(s.first_seq) AS first_seq, any(s.is_close) AS is_close
       FROM segments AS s WHERE gateway_id = {gateway:String}
       GROUP BY boot_id, segment_index, sha256
     )
     GROUP BY boot_id ORDER BY boot_id`,
    { gateway: input.gatewayId },
    bootRow,
  );
  return rows.map((row) => ({
    bootId: row.boot_id,
    segments: row.segments,
    rows: row.total_rows,
    poisonRows: row.poison,
    firstIndex: row.first_index,
    lastIndex: row.last_index,
    hasNoGap: row.last_index - row.first_index + 1 === row.segments && row.next_row - row.first_row === row.total_rows,
    contradictions: row.contradictions,
    isClosed: row.closed > 0,
  }));
}
