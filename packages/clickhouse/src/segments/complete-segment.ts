// Any attempt but the first: looks what is there of a segment, and inserts what is missing, so that each row stands in
// `requests` and in the roll-ups exactly once, wherever an earlier attempt broke off.
import type { ClickHouseClient } from '../client.js';
import { deduplicationWindow } from '../migrations/topology.js';
import { countSegment } from './count-segment.js';
import { countSegmentsSince } from './ledger.js';
import { insertRecords, insertSegment } from './segment-rows.js';
import type { SegmentRows } from './segment-rows.js';

/** What was found; `doubled` is a fault that this cannot repair, and must be told. */
export type Completion = 'inserted' | 'present' | 'present_rollup_checked' | 'completed' | 'doubled';

export async function completeSegment(client: ClickHouseClient, segment: SegmentRows): Promise<Completion> {
  const expected = segment.records.length;
  const found = await countSegment(client, segment);
  if (found.rows > expected || found.rows !== found.seqs.size) return 'doubled';
  if (found.rows === 0) {
    await insertSegment(client, segment);
    return 'inserted';
  }
  if (found.rows < expected) {
    // The same rows have the same token, so that this too can be repeated. The rows that are there stay: they are in the
    // roll-ups already, and a roll-up cannot be taken back.
    const missing = segment.records.filter((record) => !found.seqs.has(record.seq));
    await insertRecords(client, segment, missing, `${segment.segmentId}:from:${found.rows}`);
    return 'completed';
  }
  // ClickHouse stores the rows before the roll-ups: killed in between, it has the one without the other. The same insert
  // again adds only what is missing - as long as it is remembered, with half of the window to spare.
  if ((await countSegmentsSince(client, found.insertedAtMs)) >= deduplicationWindow / 2) return 'present';
  await insertSegment(client, segment);
  return 'present_rollup_checked';
}
