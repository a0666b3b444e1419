// The spool's two connections to the queue's Redis: one adds jobs and fails at once when Redis is away, one blocks on the
// list of acknowledgements. Adding a job twice is harmless, and an acknowledgement that is lost is asked for by shipping
// again: neither connection needs to be more than best effort.
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { acknowledgementKey, segmentQueueName, type SegmentJob } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';

export interface SegmentQueueClient {
  isReachable(): boolean;
  /** Resolves when the job lies in Redis; rejects when that is not known. */
  add(job: SegmentJob): Promise<void>;
  close(): Promise<void>;
}

export interface SegmentQueueEvents {
  acknowledged(segmentId: string): void;
  reachable(): void;
}

const commandTimeoutMs = 5000;
const popSeconds = 5;
// Longer than either may wait for an answer. A peer that went without closing would be believed in for many minutes.
const silenceMs = 2000 + 1000 * popSeconds;

export const connectSegmentQueue = (
  redisUrl: string,
  gatewayIds: () => readonly string[],
  logger: Logger,
  events: SegmentQueueEvents,
): SegmentQueueClient => {
  let isReported = false;
  let isClosed = false;
  const failed = (error: Error): void => {
    if (isReported || isClosed) return;
    isReported = true;
    logger.warn({ err: error }, 'Redis for the queue does not answer: segments stay on disk until it does');
  };
  const connect = (connectionName: string): Redis => {
    const client = new Redis(redisUrl, {
      connectionName,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      socketTimeout: silenceMs,
      retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 6), 5000),
    });
    client.on('error', failed);
    return client;
  };

  const producer = connect('sluice-segments');
  const popper = connect('sluice-acknowledgements');
  // Made when Redis first answers: a queue whose first connection fails never recovers.
  let queue: Queue | undefined;
  producer.on('ready', () => {
    if (isReported) logger.info('Redis for the queue answers again');
    isReported = false;
    queue ??= new Queue(segmentQueueName, { connection: producer, skipWaitingForReady: true }).on('error', failed);
    events.reachable();
  });

  let popping: Promise<void> | undefined;
  const pop = async (): Promise<void> => {
    const isListening = (): boolean => !isClosed && popper.status === 'ready';
    while (isListening()) {
      const popped = await popper.blpop(gatewayIds().map(acknowledgementKey), popSeconds);
      if (popped !== null) events.acknowledged(popped[1]);
    }
  };
  popper.on('ready', () => {
    // The connection broke under the former one, which ends by an error; this one belongs to the new connection.
    popping = pop().catch((error: unknown) => {
      if (error instanceof Error) failed(error);
      // Redis refused the command while the connection lives: come back by a new connection, after its pause.
      if (!isClosed && popper.status === 'ready') popper.disconnect(true);
    });
  });

  return {
    isReachable: () => producer.status === 'ready' && queue !== undefined,
    async add(job) {
      if (queue === undefined) throw new Error('Redis for the queue has not answered yet');
      const adding = queue.add('segment', job, { jobId: job.segmentId, removeOnComplete: true, removeOnFail: true });
      await within(commandTimeoutMs, adding);
    },
    async close() {
      isClosed = true;
      popper.disconnect();
      await popping;
      await queue?.close();
      producer.disconnect();
    },
  };
};

const within = async (ms: number, action: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([action, late]);
  } finally {
    clearTimeout(timer);
  }
};
