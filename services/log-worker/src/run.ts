// The log-worker, put together: takes segments from the queue, stores them in ClickHouse exactly once, and acknowledges.
// It needs Redis and ClickHouse, waits for either as long as it takes, and says so on its operations port meanwhile.
import { createClickHouse } from '@sluice/clickhouse';
import { createMetrics, startOpsServer } from '@sluice/runtime';
import type { Logger } from '@sluice/runtime';
import { Redis } from 'ioredis';
import { watchClickHouse } from './clickhouse-watch.js';
import type { LogWorkerConfig } from './config.js';
import { createGatewayChannel } from './gateway-channel.js';
import { createWorkerMetrics } from './metrics.js';
import { createSegmentStore } from './store-segment.js';
import { startSegmentWorker } from './segment-worker.js';

export interface RunningLogWorker {
  readonly opsPort: number;
  stop(): Promise<void>;
}

export async function run(config: LogWorkerConfig, logger: Logger): Promise<RunningLogWorker> {
  const registry = createMetrics();
  const metrics = createWorkerMetrics(registry);
  const clickhouse = createClickHouse(config.clickhouse.url, {
    application: 'sluice-log-worker',
    maxConnections: config.concurrency + 2,
  });
  // Commands fail instead of waiting, so that a segment is put back rather than held; BullMQ has its own connections.
  const redis = new Redis(config.redis.url, { maxRetriesPerRequest: 1, retryStrategy });
  logLossOf(redis, logger);

  const store = createSegmentStore({ clickhouse, gateways: createGatewayChannel(redis), logger, metrics });
  const worker = startSegmentWorker({ config, store, logger, metrics, retryStrategy });
  const watch = watchClickHouse({ clickhouse, logger, metrics, onAway: worker.pause, onBack: worker.resume });
  worker.onFailure(watch.checkNow);
  metrics.countJobs(worker.countJobs);

  const ops = await startOpsServer({
    port: config.ops.port,
    registry,
    ready: () => ({
      ok: watch.awaySince() === undefined && redis.status === 'ready',
      clickhouse:
        watch.awaySince() === undefined
          ? 'up'
          : `away since ${watch.awaySince()?.toISOString()}: segments wait in the queue`,
      redis: redis.status === 'ready' ? 'up' : 'away: segments wait at the gateways',
    }),
  });
  logger.info({ opsPort: ops.port, concurrency: config.concurrency }, 'takes segments');
  return {
    opsPort: ops.port,
    stop: async () => {
      watch.stop();
      await worker.stop();
      await ops.close();
      redis.disconnect();
      await clickhouse.close();
    },
  };
}

/** Milliseconds until the next attempt to connect. */
function retryStrategy(attempts: number): number {
  return Math.min(attempts * 100, 2_000);
}

// ioredis tells every failed attempt; one line for the loss and one for the return are enough.
function logLossOf(redis: Redis, logger: Logger): void {
  let isLost = false;
  redis.on('error', (error: Error) => {
    if (!isLost) logger.error({ reason: error.message }, 'Redis is away; trying again');
    isLost = true;
  });
  redis.on('ready', () => {
    if (isLost) logger.info('Redis is back');
    isLost = false;
  });
}
