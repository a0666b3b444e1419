// A segment as the log-worker inserts it, and its place in ClickHouse: one insert, one partition, one token.
import { recordColumns } from '@sluice/contracts';
import type { RequestRecord } from '@sluice/contracts';
import type { ClickHouseClient } from '../client.js';

export interface SegmentRows {
  readonly segmentId: string;
  readonly bootId: string;
  readonly index: number;
  /** All of one UTC day: an insert into several partitions would not be atomic. */
  readonly records: readonly RequestRecord[];
}

/** The last part of a segment id: what tells two segments of the same boot and index apart. */
export function hashOfSegment(segmentId: string): string {
  return segmentId.slice(segmentId.lastIndexOf('-') + 1);
}

/**
 * Inserts the rows of a segment into `requests` and, by the views, into the roll-ups. Repeating it while ClickHouse
 * remembers the token (20,000 inserts) changes nothing, except that it repairs a roll-up that a crash left behind.
 * Rejects when ClickHouse is away or refuses; the rows are then in the table all or not at all.
 */
export async function insertSegment(client: ClickHouseClient, segment: SegmentRows): Promise<void> {
  await insertRecords(client, segment, segment.records, segment.segmentId);
}

/** @param token what ClickHouse knows this insert by: the same token must always carry the same rows. */
export async function insertRecords(
  client: ClickHouseClient,
  segment: SegmentRows,
  records: readonly RequestRecord[],
  token: string,
): Promise<void> {
  if (records.length === 0) return;
  const place = [segment.index, hashOfSegment(segment.segmentId)];
  await client.insert({
    table: 'requests',
    columns: ['segment_index', 'segment_hash', ...recordColumns],
    values: records.map((record) => [...place, ...recordColumns.map((column) => cell(record[column]))]),
    format: 'JSONCompactEachRow',
    clickhouse_settings: {
      insert_deduplicate: 1,
      insert_deduplication_token: token,
      deduplicate_blocks_in_dependent_materialized_views: 1,
      // One block, so that the insert is one part: parsing in parallel or in smaller blocks would make several.
      input_format_parallel_parsing: 0,
      max_insert_block_size: '1048576',
      async_insert: 0,
      // In a cluster: on disk of the shard before it is answered.
      distributed_foreground_insert: 1,
    },
  });
}

// ClickHouse refuses escapes of lone surrogates, and one of them would hold up the whole segment.
function cell(value: string | number): string | number {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
