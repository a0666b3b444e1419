import { describe, expect, test } from 'vitest';
import { waitFor } from '@sluice/local-stack';
import type { Hold, LimitRef } from './index.js';
import { gatewaysForTests } from './try-gateways.js';
import { answered, concurrencyOf, quotaOf, rateOf, tryRequest, windowOf, type TriedGateway } from './try-limits.js';
import { tryNetwork } from './try-network.js';
import { redisForTests } from './try-redis.js';

const redis = redisForTests();
const gateways = gatewaysForTests();
let lastScope = 0;
const gateway = async (url = redis.url): Promise<TriedGateway> => gateways.start(url);
const scope = (): string => `sub_${(lastScope += 1)}`;

/** When requests were accepted, of two gateways that want all they can get: for a time, and until there are so many. */
const admissions = async (ref: LimitRef, forMs: number, least: number): Promise<number[]> => {
  const [a, b] = [await gateway(), await gateway()];
  const at: number[] = [];
  const fromMs = performance.now();
  const isOver = (): boolean => {
    const sinceMs = performance.now() - fromMs;
    return (sinceMs >= forMs && at.length >= least) || sinceMs > 20_000;
  };
  await Promise.all(
    [a, b].map(async ({ budgets }) => {
      while (!isOver()) {
        const before = performance.now();
        if ((await tryRequest(budgets, [ref])) === 'accepted') at.push(Math.max(before, performance.now() - 1));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }),
  );
  return at.toSorted((one, other) => one - other);
};

/** The most that any interval of so many milliseconds holds. */
const mostWithin = (at: readonly number[], intervalMs: number): number => {
  let most = 0;
  for (let first = 0, last = 0; last < at.length; last += 1) {
    while (at[last]! - at[first]! > intervalMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
};

describe('a rate', () => {
  test('admits at most its burst at once and its units per time after that, over two gateways', async () => {
    const at = await admissions(rateOf(scope(), 50, 1000, 20), 2500, 61);
    for (const intervalMs of [1, 10, 50, 100, 500, 1000, 2000])
      expect(mostWithin(at, intervalMs), `in ${intervalMs} ms`).toBeLessThanOrEqual(
        20 + Math.ceil(intervalMs / 20) + 1,
      );
    expect(at.length).toBeGreaterThan(60);
  });

  test('with a burst of one keeps its requests apart', async () => {
    const at = await admissions(rateOf(scope(), 10, 1000, 1), 1500, 6);
    const gaps = at.slice(1).map((ms, index) => ms - at[index]!);
    expect(gaps.length).toBeGreaterThan(4);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(98);
  });

  test('says when the next unit comes', async () => {
    const { budgets } = await gateway();
    const ref = rateOf(scope(), 1, 60_000, 2);
    while ((await answered(budgets, [ref])) === 'accepted');
    const { resetMs } = budgets.status(ref)!;
    expect(resetMs).toBeGreaterThan(50_000);
    expect(resetMs).toBeLessThanOrEqual(60_300);
  });
});

describe('a sliding window', () => {
  test('admits its units in no stretch of its length more than once, over two gateways', async () => {
    const at = await admissions(windowOf(scope(), 40, { periodMs: 1000, isSliding: true }), 3500, 101);
    expect(mostWithin(at, 999)).toBeLessThanOrEqual(40);
    expect(at.length).toBeGreaterThan(100);
  });
});

describe('a quota', () => {
  test('of a year is counted over two gateways as one', async () => {
    const [a, b] = [await gateway(), await gateway()];
    const ref = quotaOf(scope(), 30, 'year');
    let accepted = 0;
    for (let request = 0; request < 40; request += 1)
      for (const { budgets } of [a, b]) if ((await answered(budgets, [ref])) === 'accepted') accepted += 1;
    expect(accepted).toBe(30);
  });

  test('counts the same for every key of its subscription, whatever the thread holds of it', async () => {
    const { budgets } = await gateway();
    const name = scope();
    let accepted = 0;
    // Each key of a subscription gets its limits as objects of its own.
    for (let request = 0; request < 20; request += 1)
      if ((await answered(budgets, [quotaOf(name, 7, 'month')])) === 'accepted') accepted += 1;
    expect(accepted).toBe(7);
  });

  test('gives the rest of a cost back that the answer tells', async () => {
    const { budgets } = await gateway();
    const ref = quotaOf(scope(), 100, 'year');
    const charges = [{ limit: ref, cost: 10 }];
    let requests = 0;
    for (;;) {
      const answer = await budgets.acquire(charges);
      if (answer.state !== 'granted') break;
      const spent = budgets.spend(charges, true);
      if (!spent.ok) continue;
      requests += 1;
      spent.hold?.settle(4);
      // A second time, or more than was taken, changes nothing.
      spent.hold?.settle(0);
    }
    // 100 units of 4 each, while 10 are needed to begin: 23 of them.
    expect(requests).toBe(23);
  });
});

describe('concurrency', () => {
  const enter = async ({ budgets }: TriedGateway, ref: LimitRef): Promise<Hold | string> => {
    const charges = [{ limit: ref, cost: 1 }];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      if (budgets.peek(ref) === 0) return 'exhausted';
      const spent = budgets.spend(charges);
      if (spent.ok && spent.hold !== undefined) return spent.hold;
      const answer = await budgets.acquire(charges);
      if (answer.state !== 'granted') return answer.state;
    }
    return 'unavailable';
  };

  test('lets as many in at a time as it says, over two gateways, and the next when one has ended', async () => {
    const [a, b] = [await gateway(), await gateway()];
    const ref = concurrencyOf(scope(), 4);
    const inside: Hold[] = [];
    for (let round = 0; round < 6; round += 1) {
      for (const one of [a, b]) {
        const hold = await enter(one, ref);
        if (typeof hold !== 'string') inside.push(hold);
      }
    }
    expect(inside.length).toBe(4);
    for (const hold of inside) hold.release();
    // Ended twice is ended once.
    inside[0]!.release();
    const again: Hold[] = [];
    await waitFor(
      async () => {
        const hold = await enter(b, ref);
        if (typeof hold !== 'string') again.push(hold);
        return again.length === 4;
      },
      { what: 'the slots are free again', intervalMs: 20 },
    );
    expect(await enter(a, ref)).toBe('exhausted');
    for (const hold of again) hold.release();
  });

  test('ends requests whose slots cannot be renewed before others get them', async () => {
    const network = await tryNetwork(redis.url);
    const cutOff = await gateway(network.url);
    const other = await gateway();
    const ref = concurrencyOf(scope(), 1);
    const hold = (await enter(cutOff, ref)) as Hold;
    let lostAt = Number.POSITIVE_INFINITY;
    hold.onLost = () => {
      lostAt = performance.now();
    };
    await network.cut();
    const entered = await waitFor(
      async () => {
        const next = await enter(other, ref);
        return typeof next === 'string' ? false : performance.now();
      },
      { what: 'the slot is free for another gateway', intervalMs: 20 },
    );
    expect(lostAt).toBeLessThan(entered);
  });
});
