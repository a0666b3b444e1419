// Segments as a gateway ships them.
import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { newId, recordToRow, recordVersion, segmentQueueName, uuidOf } from '@sluice/contracts';
import type { RequestRecord, SegmentJob } from '@sluice/contracts';
import { Queue } from 'bullmq';

export const gatewayId = 'gw_test';
export const tenantId = 'ten_test';
export const environmentId = 'env_test';
const now = Date.now();

export function recordOf(over: Partial<RequestRecord>): RequestRecord {
  const time = over.time ?? now;
  return {
    seq: 1,
    id: uuidOf(newId('request', time)),
    time,
    tenant_id: tenantId,
    environment_id: environmentId,
    gateway_id: gatewayId,
    boot_id: '',
    revision: 1,
    api: 'orders',
    route: 'list',
    arm: 'stable',
    arm_reason: 'weighted',
    weight_version: 1,
    application_id: 'app_1',
    subscription_id: 'sub_1',
    credential_id: 'key_1',
    plan: 'free',
    method: 'GET',
    host: 'demo.localhost',
    path: '/orders',
    status: 200,
    code: '',
    upstream: 'v1',
    target: 'http://10.0.0.1:1',
    attempts: 1,
    duration_us: 1_000,
    upstream_us: 500,
    request_bytes: 0,
    response_bytes: 10,
    limit_name: '',
    limit_left: -1,
    client_address: '192.0.2.1',
    client_request_id: '',
    reasons: '[]',
    phase: 'whole',
    ...over,
  };
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
