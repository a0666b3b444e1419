// Segments as a gateway ships them.
import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { recordToRow, recordVersion, segmentQueueName } from '@sluice/contracts';
import type { RequestRecord, SegmentJob } from '@sluice/contracts';
import { Queue } from 'bullmq';
import { recordOf as anyRecordOf } from '../../../packages/clickhouse/src/record-fixture.js';

export const gatewayId = 'gw_test';
export const tenantId = 'ten_test';
export const environmentId = 'env_test';
const now = Date.now();

export function recordOf(over: Partial<RequestRecord>): RequestRecord {
  const own = { tenant_id: tenantId, environment_id: environmentId, gateway_id: gatewayId };
  return anyRecordOf({ time: now, ...own, ...over });
}

export interface SegmentInput {
  readonly bootId: string;
  readonly index?: number;
  readonly rows?: number;
  /** Changes the rows before they are packed. */
  readonly edit?: (lines: string[]) => void;
  /** What makes the content differ from another segment of the same number. */
  readonly path?: string;
}

export function makeSegment({ bootId, index = 0, rows = 20, edit, path = '/orders' }: SegmentInput): SegmentJob {
  const firstSeq = index * rows + 1;
  const lines = Array.from({ length: rows }, (_, row) =>
    JSON.stringify(recordToRow(recordOf({ seq: firstSeq + row, boot_id: bootId, path }))),
  );
  edit?.(lines);
  const text = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return {
    version: 1,
    recordVersion,
    segmentId: `${bootId}-${index}-${sha256.slice(0, 16)}`,
    gatewayId,
    bootId,
    index,
    firstSeq,
    rowCount: lines.length,
    isClose: false,
    day: new Date(now).toISOString().slice(0, 10),
    sha256,
    rows: zstdCompressSync(text).toString('base64'),
  };
}

/** As a gateway does: the segment's id is the job's, so that a segment that still waits is not added twice. */
export async function ship(queue: Queue, ...jobs: readonly SegmentJob[]): Promise<void> {
  for (const job of jobs) {
    await queue.add('segment', job, { jobId: job.segmentId, removeOnComplete: true, removeOnFail: true });
  }
}

export function openQueue(redisUrl: string): Queue {
  const { hostname, port } = new URL(redisUrl);
  return new Queue(segmentQueueName, { connection: { host: hostname, port: Number(port) } });
}
