// What is done with one segment: rows, ledger, acknowledgement, in this order. A crash between any two of them leads to
// another attempt, which finds out how far this one came: each row ends in ClickHouse exactly once.
import {
  completeSegment,
  findLedgerEntries,
  insertDeadLetters,
  insertSegment,
  wholeSegment,
  writeLedgerEntry,
} from '@sluice/clickhouse';
import type { ClickHouseClient, SegmentRows } from '@sluice/clickhouse';
import { segmentIdSchema } from '@sluice/contracts';
import type { SegmentJob } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';
import { z } from 'zod';
import type { Claim, GatewayChannel } from './gateway-channel.js';
import type { Outcome, WorkerMetrics } from './metrics.js';
import { readSegment } from './read-segment.js';
import type { ReadSegment } from './read-segment.js';

interface Attempt {
  readonly jobId: string;
  readonly payload: unknown;
  /** No worker has begun with this job before. */
  readonly isFirst: boolean;
}

/** Rejects when Redis or ClickHouse fails: the job is then to be tried again. */
export type StoreSegment = (attempt: Attempt) => Promise<Outcome>;

interface Parts {
  readonly clickhouse: ClickHouseClient;
  readonly gateways: GatewayChannel;
  readonly logger: Logger;
  readonly metrics: WorkerMetrics;
}
type Rows = Extract<ReadSegment, { kind: 'rows' }>;
type Broken = Extract<ReadSegment, { kind: 'broken' }>;

// What was damaged on its way is whole again when it is shipped again. What comes broken twice is so at its gateway,
// where it would keep one of the few places of segments under way for ever.
const mostBroken = 2;
const ownerSchema = z.object({ gatewayId: z.string().min(1) });

export function createSegmentStore(parts: Parts): StoreSegment {
  const { clickhouse, gateways, logger } = parts;
  return async ({ jobId, payload, isFirst }) => {
    const segment = await readSegment(payload);
    if (segment.kind === 'newer') {
      logger.warn({ jobId, detail: segment.detail }, 'a segment is newer than this log-worker, and is held; update it');
      return 'held';
    }
    if (segment.kind === 'broken') {
      return setAside(parts, jobId, payload, segment);
    }
    const claim = await gateways.claim(segment.job);
    const entries = await findLedgerEntries(clickhouse, segment.job.bootId, segment.job.index);
    if (entries.some(({ sha256 }) => sha256 === segment.job.sha256)) {
      await gateways.acknowledge(segment.job);
      return 'acknowledged_again';
    }
    if (entries.length > 0 || claim === 'contradicted') return quarantine(parts, segment.job);
    return store(parts, segment, isFirst, claim);
  };
}

async function store(parts: Parts, segment: Rows, isFirst: boolean, claim: Claim): Promise<Outcome> {
  const { clickhouse, gateways, logger, metrics } = parts;
  const { job, records, poison } = segment;
  const letters = poison.map(({ position, reason, detail, text }) => ({
    segmentId: job.segmentId,
    position,
    gatewayId: job.gatewayId,
    bootId: job.bootId,
    reason,
    detail,
    content: text,
  }));
  await insertDeadLetters(clickhouse, letters);

  const rows: SegmentRows = { segmentId: job.segmentId, bootId: job.bootId, index: job.index, records };
  const isRepeated = !isFirst || claim !== 'first';
  if (isRepeated) {
    const found = await completeSegment(clickhouse, rows);
    logger.info({ segmentId: job.segmentId, found }, 'a segment was tried before');
    if (found === 'doubled') {
      metrics.doubled.inc();
      logger.error({ segmentId: job.segmentId }, 'rows of a segment stand more than once in requests');
    }
  } else {
    await insertSegment(clickhouse, rows);
  }
  await writeLedgerEntry(clickhouse, job, poison.length);
  await gateways.acknowledge(job);
  count(parts, segment);
  return isRepeated ? 'completed' : 'stored';
}

async function setAside(
  { clickhouse, gateways, logger }: Parts,
  jobId: string,
  payload: unknown,
  { reason, detail }: Broken,
): Promise<Outcome> {
  const owner = ownerSchema.safeParse(payload);
  const gatewayId = owner.success ? owner.data.gatewayId : '';
  const content = JSON.stringify(payload);
  const letter = { segmentId: jobId, position: wholeSegment, gatewayId, bootId: '', content, reason, detail };
  await insertDeadLetters(clickhouse, [letter]);
  // A gateway names the job after its segment.
  const mayReturn = owner.success && segmentIdSchema.safeParse(jobId).success;
  const about = { jobId, gatewayId, reason, detail };
  if (!mayReturn || (await gateways.countBroken(jobId)) < mostBroken) {
    logger.error(about, 'a segment is broken; it is in dead_letters, and its gateway ships it once more');
    return 'broken';
  }
  await gateways.acknowledge({ gatewayId, segmentId: jobId });
  logger.error(about, 'a segment came broken again; it is in dead_letters, and its gateway lets go of it');
  return 'abandoned';
}

// Two contents under one number: a gateway's disk was copied, or its recovery is wrong. Which of them is true is for a
// person to say; both are kept.
async function quarantine({ clickhouse, gateways, logger }: Parts, job: SegmentJob): Promise<Outcome> {
  const { segmentId, gatewayId, bootId } = job;
  const detail = `another segment of ${bootId} has the number ${job.index}`;
  const letter = { segmentId, position: wholeSegment, gatewayId, bootId, reason: 'contradiction', detail };
  await insertDeadLetters(clickhouse, [{ ...letter, content: JSON.stringify(job) }]);
  logger.error(
    { segmentId, gatewayId },
    'a segment contradicts another of the same number; quarantined in dead_letters',
  );
  await gateways.acknowledge(job);
  return 'quarantined';
}

function count({ logger, metrics }: Parts, { job, records, poison }: Rows): void {
  metrics.rows.inc(records.length);
  for (const { reason } of poison) metrics.poisonRows.inc({ reason });
  if (poison.length > 0) {
    logger.error(
      { segmentId: job.segmentId, rows: poison.length, reason: poison[0]?.reason },
      'rows went to dead_letters',
    );
  }
  const newest = records.reduce((most, { time }) => Math.max(most, time), 0);
  if (newest > 0) metrics.newest.set(newest / 1000);
}
