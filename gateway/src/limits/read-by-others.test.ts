// Others look at limits without leasing any (an explanation says what is left): the engine knows where they are and how to
// read them. Here it must find what real brokers have written.
import { countKey, leftOfLimit, partitionOf, placeOfLimit } from '@sluice/engine';
import { expect, test } from 'vitest';
import { limitKey } from './lease-wire.js';
import type { LimitRef } from './limit-ref.js';
import { concurrencyOf, quotaOf, rateOf, tryGateway, tryRequest, windowOf } from './try-limits.js';
import { redisForTests } from './try-redis.js';

const dayMs = 86_400_000;
const units = 100;
const kinds: readonly (readonly [string, LimitRef])[] = [
  ['window', windowOf('sub_window', units)],
  ['sliding window', windowOf('sub_sliding', units, { isSliding: true, periodMs: dayMs })],
  ['quota', quotaOf('sub_quota', units, 'year')],
  ['anchored quota', quotaOf('sub_anchored', units, 'month', Date.UTC(2026, 0, 31, 13))],
  ['rate', rateOf('sub_rate', units, dayMs, units)],
  ['concurrency', concurrencyOf('sub_slots', units)],
];
const redis = redisForTests();

async function leftOf(limit: LimitRef): Promise<number | undefined> {
  const { key, marker } = placeOfLimit(limit, 1);
  const [seconds = 0, micros = 0] = (await redis.client.time()).map(Number);
  const nowMs = seconds * 1000 + micros / 1000;
  return leftOfLimit(limit, await redis.client.hgetall(key), await redis.client.hgetall(marker), nowMs)?.left;
}

test.each(kinds)('of a %s that gateways have spent from, just that much is missing', async (_, limit) => {
  const gateway = await tryGateway(redis.url);
  try {
    expect(await leftOf(limit)).toBe(units);
    for (let taken = 0; taken < 5; taken += 1) expect(await tryRequest(gateway.budgets, [limit])).toBe('accepted');
    expect(await leftOf(limit)).toBeLessThanOrEqual(units - 5);
  } finally {
    // What it held beyond that, it gives back.
    await gateway.stop();
  }
  // Slots end by themselves, a while after their holder.
  expect(limit.kind === 'concurrency' ? [units - 5, units] : [units - 5]).toContain(await leftOf(limit));
});

test.each(kinds)('a %s is looked for where it is counted, on one Redis and on a cluster', (_, limit) => {
  for (const partitions of [1, 32])
    expect(placeOfLimit(limit, partitions).key).toBe(limitKey(partitionOf(limit.key, partitions), countKey(limit)));
});
