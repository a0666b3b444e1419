// The ledger of segments: written after the rows, read before anything else. A segment that stands here is never
// inserted again, however often and however late it comes.
import { z } from 'zod';
import type { SegmentJob } from '@sluice/contracts';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';

export interface LedgerEntry {
  readonly segmentId: string;
  readonly sha256: string;
}

const entry = z.object({ segment_id: z.string(), sha256: z.string() });

/** What the ledger holds of a boot's segment number: nothing, one entry, or - a contradiction - several. */
export async function findLedgerEntries(
  client: ClickHouseClient,
  bootId: string,
  index: number,
): Promise<LedgerEntry[]> {
  const rows = await readRows(
    client,
    `SELECT segment_id, sha256 FROM segments
     WHERE boot_id = {boot:String} AND segment_index = {index:UInt32}
     GROUP BY segment_id, sha256
     SETTINGS select_sequential_consistency = 1`,
    { boot: bootId, index },
    entry,
  );
  return rows.map((row) => ({ segmentId: row.segment_id, sha256: row.sha256 }));
}

/** Says that the segment's rows are safe. Repeating it changes nothing. */
export async function writeLedgerEntry(
  client: ClickHouseClient,
  job: Omit<SegmentJob, 'rows'>,
  poisonRows: number,
): Promise<void> {
  await client.insert({
    table: 'segments',
    format: 'JSONEachRow',
    values: [
      {
        boot_id: job.bootId,
        segment_index: job.index,
        sha256: job.sha256,
        segment_id: job.segmentId,
        gateway_id: job.gatewayId,
        record_version: job.recordVersion,
        day: job.day,
        first_seq: job.firstSeq,
        rows: job.rowCount,
        poison_rows: poisonRows,
        is_close: job.isClose,
      },
    ],
    clickhouse_settings: {
      insert_deduplication_token: job.segmentId,
      async_insert: 0,
      distributed_foreground_insert: 1,
    },
  });
}

/** How many segments the ledger has gained since then: the age of an insert in inserts. */
export async function countSegmentsSince(client: ClickHouseClient, sinceMs: number): Promise<number> {
  const [row] = await readRows(
    client,
    `SELECT count() AS segments FROM segments WHERE inserted_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')`,
    { since: sinceMs },
    z.object({ segments: z.int() }),
  );
  return row?.segments ?? 0;
}
