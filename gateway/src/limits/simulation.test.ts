import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import { startRedis, type RunningRedis } from '@sluice/local-stack';
import type { LimitRef } from './index.js';
import { limitKey } from './lease-script.js';
import { tryGateway, type TriedGateway } from './try-limits.js';
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
      if (wanted.some((limit) => budgets.peek(limit) === undefined))
        await Promise.race([budgets.acquire(wanted), delay(100)]);
      // Read before the unit is taken: the unit's deadline is checked after, so it belongs to this period or to none.
      const nowMs = Date.now();
      if (budgets.spend(wanted, 1).ok) {
        for (const { key, windowMs } of wanted) {
          const period = `${key}@${Math.floor(nowMs / windowMs)}`;
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
      { key: `sub_seed${seed}/window-500`, units: 40, windowMs: 500, onOutage: 'deny' },
      { key: `sub_seed${seed}/window-700`, units: 300, windowMs: 700, onOutage: 'deny' },
      { key: `sub_seed${seed}/window-day`, units: 900, windowMs: 40 * 86_400_000, onOutage: 'deny' },
    ];
    const accepted = await simulate(seed, limits, 4000);
    for (const { key, units } of limits) {
      const periods = [...accepted].filter(([period]) => period.startsWith(`${key}@`));
      expect(periods.length).toBeGreaterThan(0);
      expect(periods.filter(([, count]) => count > units)).toEqual([]);
    }
    // It was worth trying: a limit was reached.
    expect(
      Math.max(...[...accepted].filter(([period]) => period.includes('window-500')).map(([, count]) => count)),
    ).toBe(40);
    expect(Number(await client.hget(limitKey(limits[2]!.key), 'used'))).toBeLessThanOrEqual(900);
  });
});
