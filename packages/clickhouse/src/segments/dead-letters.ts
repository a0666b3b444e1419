// What could not be inserted, kept whole with its reason.
import type { ClickHouseClient } from '../client.js';

/** The `position` of a letter that is a whole segment, not one of its rows. */
export const wholeSegment = 4_294_967_295;

export interface DeadLetter {
  readonly segmentId: string;
  /** Of the row in its segment, from 0; `wholeSegment` for all of it. */
  readonly position: number;
  readonly gatewayId: string;
  readonly bootId: string;
  /** A code, for counting. */
  readonly reason: string;
  /** For people: which field, and what was wrong with it. */
  readonly detail: string;
  /** The row, or the segment's job, as it came. */
  readonly content: string;
}

/** Letters of the same segment, position and reason become one, so that a retry adds nothing. */
export async function insertDeadLetters(client: ClickHouseClient, letters: readonly DeadLetter[]): Promise<void> {
  if (letters.length === 0) return;
  await client.insert({
    table: 'dead_letters',
    format: 'JSONEachRow',
    values: letters.map((letter) => ({
      segment_id: letter.segmentId,
      position: letter.position,
      gateway_id: letter.gatewayId,
      boot_id: letter.bootId,
      reason: letter.reason,
      detail: letter.detail.toWellFormed(),
      content: letter.content.toWellFormed(),
    })),
    clickhouse_settings: { async_insert: 0, distributed_foreground_insert: 1 },
  });
}
