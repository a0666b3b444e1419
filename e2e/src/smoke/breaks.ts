// Breaks one thing on purpose, from outside, with the product's code untouched: a smoke run that stays green
// then is no test. `npm run smoke -- --break <name>` must end non-zero.
import { acknowledgementKey, segmentJobSchema, segmentQueueName } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { ClickHouseObserver } from '../clickhouse-observer.js';
import type { SmokePlatform } from '../platform.js';
import type { SmokeTenant } from './tenant.js';

export const breakages = {
  'drop-segment': 'takes one segment out of the queue and tells its gateway that it is safe',
  'over-limit': 'gives Redis one unit more than the plan has',
  'double-row': 'stores one row twice in ClickHouse',
} as const;

export type Breakage = keyof typeof breakages;

export async function breakDuringTraffic(
  breakage: Breakage,
  platform: SmokePlatform,
  tenant: SmokeTenant,
): Promise<void> {
  if (breakage === 'drop-segment') await dropSegment(platform);
  if (breakage === 'over-limit') await addUnit(platform, tenant);
}

export async function breakAfterTraffic(
  breakage: Breakage,
  observer: ClickHouseObserver,
  tenantId: string,
): Promise<void> {
  if (breakage !== 'double-row') return;
  await observer.command(`INSERT INTO requests SELECT * FROM requests WHERE tenant_id = '${tenantId}' LIMIT 1`);
}

/** With the log-worker stopped the segment stays in the queue long enough to be taken out. */
async function dropSegment(platform: SmokePlatform): Promise<void> {
  const connection = new Redis(platform.redisQueueUrl, { maxRetriesPerRequest: null });
  const queue = new Queue(segmentQueueName, { connection });
  process.kill(platform.logWorkerPid(), 'SIGSTOP');
  try {
    await waitFor(
      async () => {
        for (const job of await queue.getWaiting()) {
          const segment = segmentJobSchema.parse(job.data);
          if (segment.rowCount === 0) continue;
          await job.remove();
          await connection.rpush(acknowledgementKey(segment.gatewayId), segment.segmentId);
          return true;
        }
        return false;
      },
      { timeoutMs: 20_000, what: 'a segment lies in the queue' },
    );
  } finally {
    process.kill(platform.logWorkerPid(), 'SIGCONT');
    await queue.close();
    connection.disconnect();
  }
}

async function addUnit(platform: SmokePlatform, tenant: SmokeTenant): Promise<void> {
  const redis = new Redis(platform.redisLimitsUrl);
  try {
    await waitFor(
      async () => {
        const [key] = await redis.keys(`sluice:limit:{${tenant.subscriptionId}}/*`);
        if (key === undefined || Number(await redis.hget(key, 'used')) < 10) return false;
        await redis.hincrby(key, 'used', -1);
        return true;
      },
      { timeoutMs: 20_000, what: 'the limit is in use' },
    );
  } finally {
    redis.disconnect();
  }
}
