// The consumer of the queue. A job leaves the queue when its segment is settled; until then it is tried again without
// end, later each time, and never counts as failed: BullMQ would drop it.
import { segmentQueueName } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';
import { DelayedError, Queue, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import { Redis } from 'ioredis';
import type { LogWorkerConfig } from './config.js';
import type { JobCounts, Outcome, WorkerMetrics } from './metrics.js';
import type { StoreSegment } from './store-segment.js';

// A newer log-worker takes a held segment over within this time of its start.
const heldMs = 10_000;
const leastDelayMs = 250;
const mostDelayMs = 30_000;

export interface SegmentWorker {
  pause: () => Promise<void>;
  resume: () => Promise<void>;
  countJobs: () => Promise<JobCounts>;
  onFailure: (listener: () => void) => void;
  stop: () => Promise<void>;
}

interface Parts {
  readonly config: LogWorkerConfig;
  readonly store: StoreSegment;
  readonly logger: Logger;
  readonly metrics: WorkerMetrics;
  readonly retryStrategy: (attempts: number) => number;
}

export function startSegmentWorker({ config, store, logger, metrics, retryStrategy }: Parts): SegmentWorker {
  let tellFailure = () => {};
  const attempt = async (job: Job<unknown>): Promise<Outcome> => {
    const end = metrics.seconds.startTimer();
    try {
      const outcome = await store({ jobId: job.id ?? '', payload: job.data, isFirst: isFirstAttempt(job) });
      end();
      return outcome;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error(
        { jobId: job.id, attempt: job.attemptsStarted, reason },
        'a segment could not be stored; it is tried again',
      );
      tellFailure();
      return 'failed';
    }
  };
  const work = async (job: Job<unknown>, token?: string): Promise<void> => {
    const outcome = await attempt(job);
    metrics.segments.inc({ outcome });
    if (outcome !== 'failed' && outcome !== 'held') return;
    const delayMs = outcome === 'held' ? heldMs : delayOf(job.attemptsStarted);
    await job.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  };

  // Without a bound: a command of BullMQ's own waits until Redis is back.
  const connection = new Redis(config.redis.url, { maxRetriesPerRequest: null, retryStrategy });
  const counting = new Redis(config.redis.url, { maxRetriesPerRequest: 1, retryStrategy });
  // `run` logs the loss of Redis once, for all connections.
  connection.on('error', () => {});
  counting.on('error', () => {});
  const queue = new Queue(segmentQueueName, { connection: counting });
  const worker = new Worker(segmentQueueName, work, {
    connection,
    concurrency: config.concurrency,
    lockDuration: config.jobLockMs,
    stalledInterval: config.jobLockMs / 2,
    // A worker that is killed again and again must not cost the segment its place.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  queue.on('error', () => {});
  worker.on('error', (error) => logger.debug({ reason: error.message }, 'of the queue'));
  worker.on('stalled', (jobId) =>
    logger.warn({ jobId }, 'a segment was left by a worker that died; it is tried again'),
  );

  return {
    pause: async () => worker.pause(true),
    resume: async () => worker.resume(),
    countJobs: async () => {
      const { waiting = 0, active = 0, delayed = 0 } = await queue.getJobCounts('waiting', 'active', 'delayed');
      return { waiting, active, delayed };
    },
    onFailure: (listener) => {
      tellFailure = listener;
    },
    stop: async () => {
      await worker.close();
      connection.disconnect();
      counting.disconnect();
    },
  };
}

function isFirstAttempt(job: Job): boolean {
  return job.attemptsMade === 0 && job.attemptsStarted <= 1 && job.stalledCounter === 0;
}

function delayOf(attempts: number): number {
  return Math.min(mostDelayMs, leastDelayMs * 2 ** Math.min(attempts, 10));
}
