// How much of a segment is in `requests` already: what any attempt but the first asks before it inserts.
import { z } from 'zod';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';
import { hashOfSegment } from './segment-rows.js';
import type { SegmentRows } from './segment-rows.js';

const presence = z.object({ seqs: z.array(z.int()), rows: z.int(), oldest_ms: z.int() });

export interface SegmentPresence {
  /** Rows, doubled ones counted as often as they stand there. */
  readonly rows: number;
  /** The `seq` of each row that is there. */
  readonly seqs: ReadonlySet<number>;
  /** When the first of them was inserted, Unix milliseconds; 0 when there is none. */
  readonly insertedAtMs: number;
}

/** Reads the few granules that the segment's tenants and times allow, not the day. */
export async function countSegment(client: ClickHouseClient, segment: SegmentRows): Promise<SegmentPresence> {
  const times = segment.records.map((record) => record.time);
  if (times.length === 0) return { rows: 0, seqs: new Set(), insertedAtMs: 0 };
  const [row] = await readRows(
    client,
    `SELECT groupUniqArray(seq) AS seqs, count() AS rows, if(rows = 0, 0, toUnixTimestamp64Milli(min(inserted_at))) AS oldest_ms
     FROM requests
     WHERE tenant_id IN {tenants:Array(String)}
       AND time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND time <= fromUnixTimestamp64Milli({to:Int64}, 'UTC')
       AND boot_id = {boot:String} AND segment_index = {index:UInt32} AND segment_hash = {hash:String}
     SETTINGS select_sequential_consistency = 1`,
    {
      tenants: [...new Set(segment.records.map((record) => record.tenant_id))],
      from: times.reduce((least, time) => Math.min(least, time)),
      to: times.reduce((most, time) => Math.max(most, time)),
      boot: segment.bootId,
      index: segment.index,
      hash: hashOfSegment(segment.segmentId),
    },
    presence,
  );
  if (row === undefined) return { rows: 0, seqs: new Set(), insertedAtMs: 0 };
  return { rows: row.rows, seqs: new Set(row.seqs), insertedAtMs: row.oldest_ms };
}
