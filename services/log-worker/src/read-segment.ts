// From a job's payload, of which nothing is trusted, to rows that can be inserted - or to why not.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { recordVersion, segmentJobSchema } from '@sluice/contracts';
import type { SegmentJob } from '@sluice/contracts';
import { z } from 'zod';
import { checkRows } from './check-rows.js';
import type { CheckedRows } from './check-rows.js';

type BrokenReason = 'payload_invalid' | 'rows_unreadable' | 'sha256_mismatch' | 'row_count_mismatch';

export type ReadSegment =
  | ({ readonly kind: 'rows'; readonly job: SegmentJob } & CheckedRows)
  /** Written by a newer gateway: to be kept until a newer worker comes. */
  | { readonly kind: 'newer'; readonly detail: string }
  | { readonly kind: 'broken'; readonly reason: BrokenReason; readonly detail: string };

const payloadVersion = 1;
const versions = z.object({ version: z.int(), recordVersion: z.int() });
// A gateway closes a segment at about 1 MiB; this is what a hostile payload may unpack to.
const maximumBytes = 64 * 1024 * 1024;
const decompress = promisify(zstdDecompress);

export async function readSegment(payload: unknown): Promise<ReadSegment> {
  const head = versions.safeParse(payload);
  if (head.success && (head.data.version > payloadVersion || head.data.recordVersion > recordVersion)) {
    return { kind: 'newer', detail: `payload ${head.data.version}, record ${head.data.recordVersion}` };
  }
  const parsed = segmentJobSchema.safeParse(payload);
  if (!parsed.success) {
    const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return { kind: 'broken', reason: 'payload_invalid', detail };
  }
  const job = parsed.data;
  const flaw = flawOf(job);
  if (flaw !== undefined) return { kind: 'broken', reason: 'payload_invalid', detail: flaw };

  let bytes: Buffer;
  try {
    bytes = await decompress(Buffer.from(job.rows, 'base64'), { maxOutputLength: maximumBytes });
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'not zstd';
    return { kind: 'broken', reason: 'rows_unreadable', detail };
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== job.sha256) return { kind: 'broken', reason: 'sha256_mismatch', detail: `the rows have ${sha256}` };
  const lines = linesOf(bytes.toString('utf8'));
  if (lines.length !== job.rowCount) {
    return { kind: 'broken', reason: 'row_count_mismatch', detail: `${lines.length} rows instead of ${job.rowCount}` };
  }
  return { kind: 'rows', job, ...checkRows(lines, job) };
}

function flawOf(job: SegmentJob): string | undefined {
  if (job.segmentId !== `${job.bootId}-${job.index}-${job.sha256.slice(0, 16)}`) {
    return 'segmentId: is not made of bootId, index and sha256';
  }
  if (job.firstSeq < 0) return 'firstSeq: below 0';
  // The ledger keeps it as a date of two bytes. Rows of less likely years are looked at one by one.
  if (job.day < '1970-01-01' || job.day >= '2149-01-01') return 'day: from 1970 to 2148';
  return undefined;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
