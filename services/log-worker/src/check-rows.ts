// Which rows of a segment may go into `requests`. One row that ClickHouse would refuse holds up all the others, so
// everything it could refuse is found here, and the row is set aside with its reason.
import { cellsOf, rowToRecord } from '@sluice/contracts';
import type { RequestRecord, SegmentJob } from '@sluice/contracts';

type PoisonReason = 'not_json' | 'not_a_record' | 'out_of_range' | 'another_boot' | 'another_day' | 'seq_out_of_place';

interface PoisonRow {
  /** In its segment, from 0. */
  readonly position: number;
  readonly reason: PoisonReason;
  readonly detail: string;
  readonly text: string;
}

export interface CheckedRows {
  readonly records: readonly RequestRecord[];
  readonly poison: readonly PoisonRow[];
}

type Place = Pick<SegmentJob, 'recordVersion' | 'bootId' | 'day' | 'firstSeq' | 'rowCount'>;
type Flaw = { readonly reason: PoisonReason; readonly detail: string };

export function checkRows(lines: readonly string[], place: Place): CheckedRows {
  const records: RequestRecord[] = [];
  const poison: PoisonRow[] = [];
  const seqs = new Set<number>();
  for (const [position, text] of lines.entries()) {
    const record = readRow(text, cellsOf(place.recordVersion));
    const flaw = 'reason' in record ? record : flawOf(record, place, seqs);
    if (flaw !== undefined) poison.push({ position, text, ...flaw });
    else if (!('reason' in record)) {
      seqs.add(record.seq);
      records.push(record);
    }
  }
  return { records, poison };
}

function readRow(text: string, cells: number): RequestRecord | Flaw {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch (error) {
    return { reason: 'not_json', detail: error instanceof Error ? error.message : 'unreadable' };
  }
  if (!Array.isArray(row) || row.length !== cells) {
    return { reason: 'not_a_record', detail: `a row is an array of ${cells} cells` };
  }
  const parsed = rowToRecord(row);
  if (parsed.success) return parsed.data;
  const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  return { reason: 'not_a_record', detail };
}

// The columns whose numbers ClickHouse keeps without a sign, with the most that they hold.
const most: Partial<Record<keyof RequestRecord, number>> = {
  seq: Number.MAX_SAFE_INTEGER,
  revision: Number.MAX_SAFE_INTEGER,
  weight_version: Number.MAX_SAFE_INTEGER,
  status: 65_535,
  attempts: 65_535,
  duration_us: Number.MAX_SAFE_INTEGER,
  upstream_us: Number.MAX_SAFE_INTEGER,
  request_bytes: Number.MAX_SAFE_INTEGER,
  response_bytes: Number.MAX_SAFE_INTEGER,
};
const limits = Object.entries(most) as [keyof RequestRecord, number][];
const dayMs = 86_400_000;
// Of a gateway whose clock is wrong. ClickHouse's partitions are dates of two bytes, and what is older than the
// retention would go as it comes: such rows are kept as dead letters, and a segment of them is a segment like any other.
const earliestDay = '2020-01-01';
const latestDay = '2139-12-31';

function flawOf(record: RequestRecord, place: Place, seqs: ReadonlySet<number>): Flaw | undefined {
  const wrong = limits.find(([column, limit]) => Number(record[column]) < 0 || Number(record[column]) > limit);
  if (wrong !== undefined) return { reason: 'out_of_range', detail: `${wrong[0]}: 0 to ${wrong[1]}` };
  if (record.boot_id !== place.bootId) return { reason: 'another_boot', detail: 'boot_id: not that of the segment' };
  if (place.day < earliestDay || place.day > latestDay)
    return { reason: 'out_of_range', detail: `time: ${earliestDay} to ${latestDay}; the gateway's clock is wrong` };
  // The insert of a segment is atomic because it lies in one partition, and a partition is a day.
  if (Math.floor(record.time / dayMs) !== Date.parse(place.day) / dayMs) {
    return { reason: 'another_day', detail: `time: not on ${place.day}` };
  }
  const isInPlace =
    record.seq >= place.firstSeq && record.seq < place.firstSeq + place.rowCount && !seqs.has(record.seq);
  return isInPlace
    ? undefined
    : { reason: 'seq_out_of_place', detail: `seq: ${record.seq} stands outside of the segment, or twice in it` };
}
