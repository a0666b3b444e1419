import { describe, expect, test } from 'vitest';
import { countKey } from '@sluice/engine';
import { waitFor } from '@sluice/local-stack';
import type { LimitRef } from './index.js';
import { limitKey } from './lease-wire.js';
import { gatewaysForTests } from './try-gateways.js';
import { answered, demand, tryRequest, windowOf, type tryGateway, type TriedGateway } from './try-limits.js';
import { redisForTests } from './try-redis.js';

const redis = redisForTests();
const gateways = gatewaysForTests();
let lastKey = 0;

const gateway = async (options?: Parameters<typeof tryGateway>[1]): Promise<TriedGateway> =>
  gateways.start(redis.url, options);

const limit = (units: number, changes?: Parameters<typeof windowOf>[2]): LimitRef => {
  lastKey += 1;
  return windowOf(`sub_test${lastKey}`, units, changes);
};
const used = async (ref: LimitRef): Promise<number> =>
  Number((await redis.client.hget(limitKey(0, countKey(ref)), 'current'))?.split(' ')[2]);

describe('limits over Redis', () => {
  test('one gateway accepts exactly the units of a limit, and then refuses without asking again', async () => {
    const { budgets, metric } = await gateway();
    const ref = limit(50);
    let accepted = 0;
    for (let request = 0; request < 80; request += 1)
      if ((await answered(budgets, [ref])) === 'accepted') accepted += 1;
    expect(accepted).toBe(50);
    expect(budgets.status(ref)).toMatchObject({ left: 0 });
    expect(await metric('sluice_limit_round_trips_total')).toBeLessThan(80);
  });

  test('a limit that is used up is not asked for again, until another gateway gives units back', async () => {
    const [a, b] = [await gateway(), await gateway()];
    const ref = limit(100);
    const charges = [{ limit: ref, cost: 40 }];
    expect(await a.budgets.acquire(charges)).toEqual({ state: 'granted' });
    const spent = a.budgets.spend(charges, true);
    while ((await answered(b.budgets, [ref])) === 'accepted');
    const before = await b.metric('sluice_limit_round_trips_total');
    const fromMs = performance.now();
    while (performance.now() < fromMs + 1000)
      await new Promise((resolve) => setTimeout(resolve, 1)).then(async () => answered(b.budgets, [ref]));
    // Heartbeats alone.
    expect((await b.metric('sluice_limit_round_trips_total')) - before).toBeLessThanOrEqual(4);
    if (spent.ok) spent.hold?.settle(0);
    await waitFor(async () => (await answered(b.budgets, [ref])) === 'accepted', { what: 'a refund is heard of' });
  });

  test('two gateways at full demand accept every unit of a limit and not one more', async () => {
    const [a, b] = [await gateway(), await gateway()];
    const ref = limit(900);
    const isDone = (): boolean => a.budgets.peek(ref) === 0 && b.budgets.peek(ref) === 0;
    const accepted = await Promise.all([a, b].map(({ budgets }) => demand(budgets, [ref], 8, isDone)));
    expect(accepted[0]! + accepted[1]!).toBe(900);
    expect(await used(ref)).toBe(900);
    expect(accepted.every((count) => count > 0)).toBe(true);
  });

  test('a gateway that falls silent in the middle leaves at most one part in a hundred unspent', async () => {
    const [a, b] = [await gateway(), await gateway()];
    const ref = limit(900);
    let requests = 0;
    const first = demand(a.budgets, [ref], 8, () => ++requests > 300);
    const second = demand(b.budgets, [ref], 8, () => b.budgets.peek(ref) === 0);
    const accepted = (await first) + (await second);
    expect(accepted).toBeLessThanOrEqual(900);
    expect(accepted).toBeGreaterThanOrEqual(891);
    // What it holds goes back when nobody spends it, and can then be spent elsewhere.
    let late = 0;
    await waitFor(async () => (await answered(b.budgets, [ref])) === 'accepted' && ++late + accepted === 900, {
      what: 'every unit is spent',
    }).catch(() => {});
    expect(late + accepted).toBe(900);
  });

  test('several limits are spent all or none, in shared round trips', async () => {
    const { budgets } = await gateway();
    const small = limit(10);
    const large = { ...limit(1000), key: small.key.replace('window', 'other') };
    let accepted = 0;
    for (let request = 0; request < 20; request += 1)
      if ((await answered(budgets, [large, small])) === 'accepted') accepted += 1;
    expect(accepted).toBe(10);
    expect(budgets.status(large)?.left).toBe(990);
    expect(budgets.status(small)?.left).toBe(0);
  });

  test('a request that costs more units than are left takes none', async () => {
    const { budgets } = await gateway();
    const ref = limit(7);
    expect(await answered(budgets, [ref], 5)).toBe('accepted');
    expect(await answered(budgets, [ref], 5)).toBe('exhausted');
    expect(await answered(budgets, [ref], 2)).toBe('accepted');
    expect(await answered(budgets, [ref], 1)).toBe('exhausted');
  });

  test('a gateway that stops gives back what it has not spent', async () => {
    const [a] = [await gateway()];
    const ref = limit(100_000);
    for (let request = 0; request < 2000; request += 1) await answered(a.budgets, [ref]);
    expect(await used(ref)).toBeGreaterThan(2000);
    await a.stop();
    expect(await used(ref)).toBe(2000);
  });

  test('units of a gateway that was killed are lost, never doubled', async () => {
    const [a, b] = [await gateway(), await gateway()];
    const ref = limit(2000);
    for (let request = 0; request < 500; request += 1) await answered(a.budgets, [ref]);
    const held = (await used(ref)) - 500;
    expect(held).toBeGreaterThan(0);
    a.crash();
    // Within what the idle return needs, the crashed one's broker is not heard any more.
    gateways.release(a);
    const accepted = await demand(b.budgets, [ref], 8, () => b.budgets.peek(ref) === 0);
    expect(accepted + 500 + held).toBeGreaterThanOrEqual(2000);
    expect(accepted + 500).toBeLessThanOrEqual(2000);
    await a.stop();
  });

  test('fewer or more units in the middle of a period are respected', async () => {
    const { budgets } = await gateway();
    const ref = limit(100);
    for (let request = 0; request < 60; request += 1) expect(await answered(budgets, [ref])).toBe('accepted');
    const fewer = { ...ref, units: 50, version: 2 };
    expect(await answered(budgets, [fewer])).toBe('exhausted');
    const more = { ...ref, units: 70, version: 3 };
    let accepted = 0;
    for (let request = 0; request < 30; request += 1)
      if ((await answered(budgets, [more])) === 'accepted') accepted += 1;
    expect(accepted).toBe(10);
  });

  test('units that were changed and changed back are those of the newest revision, whoever heard of the one between', async () => {
    const [a, b] = [await gateway(), await gateway()];
    const ref = limit(100);
    const count = async ({ budgets }: TriedGateway, one: LimitRef, requests: number): Promise<number> => {
      let accepted = 0;
      for (let request = 0; request < requests; request += 1)
        if ((await answered(budgets, [one])) === 'accepted') accepted += 1;
      return accepted;
    };
    expect(await count(a, ref, 50)).toBe(50);
    expect(await count(b, { ...ref, units: 200, version: 2 }, 20)).toBe(20);
    expect(await count(a, { ...ref, version: 3 }, 100)).toBeLessThanOrEqual(30);
  });

  test('a new period brings all units again', async () => {
    const { budgets } = await gateway();
    const ref = limit(5, { periodMs: 1000 });
    const accepts = async (): Promise<boolean> => (await answered(budgets, [ref])) === 'accepted';
    const perPeriod: number[] = [];
    for (let period = 0; period < 3; period += 1) {
      await waitFor(accepts, { what: 'a period begins', intervalMs: 5 });
      let accepted = 1;
      while (await accepts()) accepted += 1;
      perPeriod.push(accepted);
    }
    expect(Math.max(...perPeriod)).toBe(5);
    expect(perPeriod.slice(1)).toEqual([5, 5]);
  });

  test('a table without a free slot refuses as unavailable, and takes new limits when old ones hold nothing', async () => {
    const { budgets, metric } = await gateway({ slots: 2 });
    const refs = [limit(10_000), limit(10_000), limit(10_000)];
    expect(await answered(budgets, [refs[0]!])).toBe('accepted');
    expect(await answered(budgets, [refs[0]!])).toBe('accepted');
    expect(await budgets.acquire([{ limit: refs[0]!, cost: 5 }])).toEqual({ state: 'granted' });
    expect(await budgets.acquire([{ limit: refs[1]!, cost: 5 }])).toEqual({ state: 'granted' });
    expect(await tryRequest(budgets, [refs[2]!])).toBe('unavailable');
    expect(await metric('sluice_limit_table_full_total')).toBe(1);
    // The held units go back when idle; then there is room.
    await waitFor(async () => (await tryRequest(budgets, [refs[2]!])) === 'accepted', { what: 'a slot is free again' });
  });
});
