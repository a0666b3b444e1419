// Redis, ClickHouse behind a proxy, and log-workers that end with the test.
import { join } from 'node:path';
import { acknowledgementKey, newId } from '@sluice/contracts';
import { countRollup, countRows, createClickHouse, migrateClickHouse, wholeMinutesOf } from '@sluice/clickhouse';
import type { ClickHouseClient } from '@sluice/clickhouse';
import { startClickHouse, startRedis, temporaryFolder, waitFor } from '@sluice/local-stack';
import type { RunningClickHouse, RunningRedis } from '@sluice/local-stack';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { startClickHouseProxy } from './clickhouse-proxy.js';
import type { ClickHouseProxy } from './clickhouse-proxy.js';
import { startLogWorker } from './log-worker-process.js';
import type { LogWorkerProcess } from './log-worker-process.js';
import { environmentId, gatewayId, openQueue, tenantId } from './segments.js';

export interface Fixture {
  readonly proxy: ClickHouseProxy;
  readonly redis: Redis;
  readonly queue: Queue;
  readonly clickhouse: ClickHouseClient;
  newBoot(): string;
  startWorker(): Promise<LogWorkerProcess>;
  /** Ends every worker of the test. */
  stopWorkers(): Promise<void>;
  restartRedis(): Promise<void>;
  restartClickHouse(down: () => Promise<void>): Promise<void>;
  /** Waits until the gateway may delete these segments. */
  acknowledged(...segmentIds: string[]): Promise<void>;
  /** Rows, different rows, and rows by the roll-up: equal when all is well. */
  counts(): Promise<[number, number, number]>;
  deadLetters(): Promise<{ segment_id: string; position: number; reason: string; content: string }[]>;
  ledgerRows(): Promise<{ rows: number; poison_rows: number }[]>;
  stop(): Promise<void>;
}

/** @param databases each test has its own database and an empty Redis. */
export async function startFixture(): Promise<Fixture> {
  const folder = await temporaryFolder();
  const clickhouseDir = join(folder.path, 'clickhouse');
  let [redisServer, engine]: [RunningRedis, RunningClickHouse] = await Promise.all([
    startRedis({ dir: join(folder.path, 'redis') }),
    startClickHouse({ dataDir: clickhouseDir, isThrowaway: true }),
  ]);
  await migrateClickHouse(engine.url);
  const proxy = await startClickHouseProxy(engine.url);
  const clickhouse = createClickHouse(engine.url);
  const redis = new Redis(redisServer.url);
  const queue = openQueue(redisServer.url);
  redis.on('error', () => {});
  queue.on('error', () => {});
  const workers: LogWorkerProcess[] = [];
  const scope = wholeMinutesOf({
    tenantId,
    environmentId,
    from: new Date(Date.now() - 86_400_000),
    to: new Date(Date.now() + 86_400_000),
  });
  const read = async <T>(sql: string): Promise<T[]> =>
    (await clickhouse.query({ query: sql, format: 'JSONEachRow' })).json<T>();
  const stopWorkers = async (): Promise<void> => {
    await Promise.all(workers.splice(0).map(async (worker) => worker.process.stop()));
  };

  return {
    proxy,
    redis,
    queue,
    clickhouse,
    newBoot: () => newId('boot'),
    startWorker: async () => {
      const worker = await startLogWorker({ redis: redisServer.url, clickhouse: proxy.url });
      workers.push(worker);
      return worker;
    },
    stopWorkers,
    restartRedis: async () => {
      await redisServer.stop();
      redisServer = await startRedis({ dir: join(folder.path, 'redis'), port: redisServer.port });
    },
    restartClickHouse: async (down) => {
      await engine.process.kill();
      await down();
      engine = await startClickHouse({ dataDir: clickhouseDir, isThrowaway: true, port: engine.port });
    },
    acknowledged: async (...segmentIds) => {
      await waitFor(
        async () => {
          const list = new Set(await redis.lrange(acknowledgementKey(gatewayId), 0, -1));
          return segmentIds.every((id) => list.has(id));
        },
        { what: `${segmentIds.length} segments are acknowledged`, timeoutMs: 30_000 },
      );
    },
    counts: async () => {
      const rows = await countRows(clickhouse, scope);
      const rollup = await countRollup(clickhouse, scope);
      return [rows.rows, rows.distinct, rollup.rows];
    },
    deadLetters: async () =>
      read('SELECT segment_id, position, reason, content FROM dead_letters FINAL ORDER BY segment_id, position'),
    ledgerRows: async () => read('SELECT rows, poison_rows FROM segments FINAL ORDER BY boot_id, segment_index'),
    stop: async () => {
      await stopWorkers();
      await queue.close();
      redis.disconnect();
      await clickhouse.close();
      await proxy.stop();
      await Promise.all([redisServer.stop(), engine.stop()]);
      await folder.remove();
    },
  };
}

/** Between tests: the servers stay, what is in them goes. */
export async function emptyServers(fixture: Fixture): Promise<void> {
  fixture.proxy.intercept = () => 'pass';
  await fixture.stopWorkers();
  await fixture.redis.flushall();
  for (const table of ['requests', 'requests_1m', 'latency_1m', 'segments', 'dead_letters']) {
    await fixture.clickhouse.command({ query: `TRUNCATE TABLE ${table}` });
  }
}
