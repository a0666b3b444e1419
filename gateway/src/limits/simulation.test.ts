import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import { startRedis, type RunningRedis } from '@sluice/local-stack';
import type { LimitRef } from './index.js';
import { limitKey } from './lease-wire.js';
import { countKey } from './limit-ref.js';
import { longMs, tryGateway, windowOf, type TriedGateway } from './try-limits.js';
import { seeded, unreliableRedis, type UnreliableRedis } from './try-unreliable-redis.js';

let redis: RunningRedis;
let client: Redis;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

interface Placed {
  readonly gateway: TriedGateway;
  readonly network: UnreliableRedis;
}

/**
 * Three gateways want more than the limits allow, on networks that lose, delay and repeat; now and then one is killed and
 * another takes its place, and now and then the whole process stands still. Returns the units accepted in each period.
 */
const simulate = async (
  seed: number,
  limits: readonly LimitRef[],
  durationMs: number,
): Promise<Map<string, number>> => {
  const random = seeded(seed);
  const accepted = new Map<string, number>();
  const place = async (): Promise<Placed> => {
    const network = await unreliableRedis(redis.port, {
      random,
      loseAnswer: 0.01,
      delayAnswer: 0.03,
      longestDelayMs: 400,
      repeatLater: 0.05,
    });
    return { network, gateway: await tryGateway(network.url) };
  };
  const remove = async ({ gateway, network }: Placed): Promise<void> => {
    await network.cut();
    await gateway.stop();
  };
  const places = await Promise.all([place(), place(), place()]);
  const endMs = performance.now() + durationMs;
  const isOver = (): boolean => performance.now() >= endMs;

  const client = async (index: number): Promise<void> => {
    while (!isOver()) {
      const { budgets } = places[index]!.gateway;
      const wanted = random() < 0.3 ? limits : [limits[Math.floor(random() * limits.length)]!];
      const charges = wanted.map((limit) => ({ limit, cost: 1 }));
      if (wanted.some((limit) => budgets.peek(limit) === undefined))
        await Promise.race([budgets.acquire(charges), delay(100)]);
      // Read before the unit is taken: the unit's deadline is checked after, so it belongs to this period or to none.
      const nowMs = Date.now();
      if (budgets.spend(charges).ok) {
        for (const limit of wanted) {
          const periodMs = limit.kind === 'window' ? limit.periodMs : longMs;
          const period = `${limit.key}@${Math.floor(nowMs / periodMs)}`;
          accepted.set(period, (accepted.get(period) ?? 0) + 1);
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const trouble = async (): Promise<void> => {
    while (!isOver()) {
      await delay(50 + random() * 400);
      const index = Math.floor(random() * places.length);
      if (random() < 0.4) {
        const former = places[index]!;
        places[index] = await place();
        await remove(former);
      } else if (random() < 0.3) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, random() * 300);
    }
  };
  await Promise.all([...[0, 0, 1, 1, 2, 2].map(client), trouble()]);
  await Promise.all(places.map(remove));
  return accepted;
};

describe('limits on unreliable networks', () => {
  test.each([1, 2, 3, 4])('no period of any limit is ever exceeded (seed %i)', { timeout: 30_000 }, async (seed) => {
    const limits: LimitRef[] = [
      windowOf(`sub_seed${seed}/a`, 40, { periodMs: 500 }),
      windowOf(`sub_seed${seed}/b`, 300, { periodMs: 700 }),
      windowOf(`sub_seed${seed}/c`, 900),
    ];
    const accepted = await simulate(seed, limits, 4000);
    for (const { key, units } of limits) {
      const periods = [...accepted].filter(([period]) => period.startsWith(`${key}@`));
      expect(periods.length).toBeGreaterThan(0);
      expect(periods.filter(([, count]) => count > units)).toEqual([]);
    }
    // It was worth trying: a limit was reached.
    expect(Math.max(...[...accepted].filter(([period]) => period.includes('/a/')).map(([, count]) => count))).toBe(40);
    expect(
      Number((await client.hget(limitKey(0, countKey(limits[2]!)), 'current'))?.split(' ')[2]),
    ).toBeLessThanOrEqual(900);
  });
});
