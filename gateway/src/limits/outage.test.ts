import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { countKey } from '@sluice/engine';
import { freePort, startRedis, waitFor, type RunningRedis } from '@sluice/local-stack';
import type { Hold, LimitRef } from './index.js';
import { limitKey } from './lease-wire.js';
import { tryNetwork } from './try-network.js';
import { gatewaysForTests } from './try-gateways.js';
import {
  answered,
  concurrencyOf,
  demand,
  longMs,
  rateOf,
  tryRequest,
  windowOf,
  type TriedGateway,
} from './try-limits.js';

const servers: RunningRedis[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
const gateways = gatewaysForTests();

const server = async (port?: number): Promise<RunningRedis> => {
  const one = await startRedis(port === undefined ? {} : { port });
  servers.push(one);
  return one;
};
const gateway = async (url: string): Promise<TriedGateway> => gateways.start(url);
const end = async (one: RunningRedis): Promise<void> => {
  servers.splice(servers.indexOf(one), 1);
  await one.stop();
};
const limit = (units: number, onOutage: LimitRef['onOutage'], periodMs?: number): LimitRef =>
  windowOf('sub_1', units, periodMs === undefined ? { onOutage } : { onOutage, periodMs });
const farMs = 4_102_444_800_000;
const usedIn = async (client: Redis, ref: LimitRef): Promise<number> =>
  Number((await client.hget(limitKey(0, countKey(ref)), 'current'))?.split(' ')[2]);
/** What the metrics say of leases, without what was given back, is held or is lost. */
const spentBy = async (metric: TriedGateway['metric']): Promise<number> => {
  const names = ['leased_total', 'returned_total', 'forfeited_total', 'unspent'];
  const [leased = 0, ...rest] = await Promise.all(names.map((name) => metric(`sluice_limit_units_${name}`)));
  return rest.reduce((left, units) => left - units, leased);
};
const count = async (requests: number, one: () => Promise<string>): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (let request = 0; request < requests; request += 1) {
    const answer = await one();
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
};

describe('limits without Redis', () => {
  test('with onOutage deny, what is leased is spent and then everything refused', async () => {
    const redis = await server();
    const { budgets } = await gateway(redis.url);
    const ref = limit(100_000, 'deny');
    await count(500, () => tryRequest(budgets, [ref]));
    // Ended while its leases are held: before they go back for being idle.
    await end(redis);
    const held = budgets.peek(ref) ?? 0;
    expect(held).toBeGreaterThan(0);
    const answers = await count(held + 50, () => tryRequest(budgets, [ref]));
    expect(answers['unavailable']).toBeGreaterThanOrEqual(50);
    expect(answers['accepted'] ?? 0).toBeLessThanOrEqual(held);
  });

  test('with onOutage deny, a gateway that starts without Redis refuses, and accepts when Redis is up', async () => {
    const port = await freePort();
    const { budgets } = await gateway(`redis://127.0.0.1:${port}`);
    const ref = limit(10, 'deny');
    expect(await tryRequest(budgets, [ref])).toBe('unavailable');
    await server(port);
    await waitFor(async () => (await tryRequest(budgets, [ref])) === 'accepted', { what: 'Redis is asked again' });
    expect(await count(20, () => answered(budgets, [ref]))).toEqual({ accepted: 9, exhausted: 11 });
  });

  test('a Redis that falls silent without closing its connection is left for a new connection', async () => {
    const redis = await server();
    const network = await tryNetwork(redis.url);
    const { budgets } = await gateway(network.url);
    const ref = limit(100_000, 'deny');
    expect(await answered(budgets, [ref])).toBe('accepted');
    network.silence();
    await waitFor(async () => (await tryRequest(budgets, [ref])) === 'unavailable', { what: 'the silence is felt' });
    await waitFor(async () => (await tryRequest(budgets, [ref])) === 'accepted', { what: 'Redis is asked anew' });
    await network.cut();
  });

  test('what was asked for before a limit was lowered, and is granted only afterwards, is not spent', async () => {
    const redis = await server();
    const network = await tryNetwork(redis.url);
    const { budgets, metric } = await gateway(network.url);
    const before = limit(40, 'deny');
    const lowered = { ...before, units: 20, version: 2 };
    expect(await count(20, () => answered(budgets, [before]))).toEqual({ accepted: 20 });
    network.silence();
    const asked = Array.from({ length: 15 }, () => budgets.acquire([{ limit: before, cost: 1 }]));
    expect(await Promise.all(asked)).toContainEqual({ state: 'unavailable', limit: before });
    expect(await tryRequest(budgets, [lowered])).toBe('unavailable');
    expect(await answered(budgets, [lowered])).toBe('exhausted');
    await waitFor(async () => (await spentBy(metric)) === 20, { what: 'every unit is accounted for', intervalMs: 20 });
    await network.cut();
  });

  test('with onOutage local, a share is served and every unit of it counted', async () => {
    const { budgets, metric } = await gateway(`redis://127.0.0.1:${await freePort()}`);
    const ref = limit(30, 'local');
    expect(await count(40, () => tryRequest(budgets, [ref]))).toEqual({ accepted: 30, exhausted: 10 });
    await waitFor(async () => (await metric('sluice_limit_units_alone_total')) === 30, {
      what: 'the units are counted',
    });
    expect(budgets.status(ref)).toMatchObject({ left: 0 });
  });

  test.each([
    ['window', windowOf('sub_1', 30, { onOutage: 'local' })],
    ['sliding window', windowOf('sub_1', 30, { onOutage: 'local', isSliding: true })],
    ['rate', { ...rateOf('sub_1', 1, longMs, 30), onOutage: 'local' as const }],
  ])('requests that come together get of a %s as much of the share as there is', async (_, ref) => {
    const { budgets } = await gateway(`redis://127.0.0.1:${await freePort()}`);
    const answers = await Promise.all(Array.from({ length: 40 }, () => tryRequest(budgets, [ref])));
    expect(answers.filter((answer) => answer === 'accepted').length).toBe(30);
    expect(answers.filter((answer) => answer === 'exhausted').length).toBe(10);
  });

  test('all slots of the share can be entered, and again when they are free', async () => {
    const { budgets, metric } = await gateway(`redis://127.0.0.1:${await freePort()}`);
    const ref = concurrencyOf('sub_1', 10, 'local');
    for (let round = 0; round < 2; round += 1) {
      const holds: Hold[] = [];
      const enter = async (): Promise<string> => {
        const charges = [{ limit: ref, cost: 1 }];
        for (;;) {
          const spent = budgets.spend(charges);
          if (spent.ok && spent.hold !== undefined) {
            holds.push(spent.hold);
            return 'accepted';
          }
          const answer = await budgets.acquire(charges);
          if (answer.state !== 'granted') return answer.state;
        }
      };
      expect(await count(12, enter)).toEqual({ accepted: 10, exhausted: 2 });
      for (const hold of holds) hold.release();
      await waitFor(async () => (await metric('sluice_limit_units_unspent')) === 0, { what: 'nothing is held' });
    }
  });

  test('a second outage within a period has what the first one left of the share', async () => {
    const port = await freePort();
    const { budgets } = await gateway(`redis://127.0.0.1:${port}`);
    const ref = limit(100, 'local');
    expect(await count(30, () => tryRequest(budgets, [ref]))).toEqual({ accepted: 30 });
    const redis = await server(port);
    const client = new Redis(redis.url);
    await waitFor(async () => (await usedIn(client, ref)) >= 30, { what: 'the units are charged', intervalMs: 20 });
    client.disconnect();
    await end(redis);
    expect(await count(80, () => tryRequest(budgets, [ref]))).toEqual({ accepted: 70, exhausted: 10 });
  });

  test('what was served without Redis is charged to the limit when Redis is back', async () => {
    const port = await freePort();
    const { budgets } = await gateway(`redis://127.0.0.1:${port}`);
    const ref = limit(100, 'local');
    expect(await count(40, () => tryRequest(budgets, [ref]))).toEqual({ accepted: 40 });
    const redis = await server(port);
    const client = new Redis(redis.url);
    let accepted = 40;
    await waitFor(
      async () => {
        const answer = await tryRequest(budgets, [ref]);
        if (answer === 'accepted') accepted += 1;
        return answer === 'exhausted' && (await usedIn(client, ref)) === 100;
      },
      { what: 'the limit is used up in Redis', intervalMs: 1 },
    );
    client.disconnect();
    expect(accepted).toBe(100);
  });

  test('what was served without Redis is charged also when Redis cannot place it at first', async () => {
    const port = await freePort();
    const { budgets } = await gateway(`redis://127.0.0.1:${port}`);
    const ref = limit(100, 'local');
    expect(await count(40, () => tryRequest(budgets, [ref]))).toEqual({ accepted: 40 });
    const redis = await server(port);
    const client = new Redis(redis.url);
    const key = limitKey(0, countKey(ref));
    // Its clock has gone back from a later period. It listens for a second before it takes anything.
    await client.hset(key, 'current', `${farMs} ${2 * farMs} 0 0 100 0 0 0`);
    await waitFor(async () => (await tryRequest(budgets, [ref])) === 'exhausted', { what: 'the share is used up' });
    await client.hdel(key, 'current');
    await waitFor(async () => (await usedIn(client, ref)) >= 40, { what: 'the units are charged', intervalMs: 50 });
    client.disconnect();
  });

  test('a Redis that hangs delays a request by a bounded time, and grants nothing twice when it goes on', async () => {
    const redis = await server();
    const client = new Redis(redis.url);
    const { budgets } = await gateway(redis.url);
    const ref = limit(5000, 'deny');
    expect(await answered(budgets, [ref])).toBe('accepted');
    await client.call('CLIENT', 'PAUSE', '1500', 'ALL');
    let accepted = 1;
    await waitFor(
      async () => {
        const answer = await tryRequest(budgets, [ref]);
        if (answer === 'accepted') accepted += 1;
        return answer === 'unavailable';
      },
      { what: 'a request is refused' },
    );
    accepted += await demand(budgets, [ref], 4, () => budgets.peek(ref) === 0);
    expect(accepted).toBe(5000);
    client.disconnect();
  });

  test('a Redis that was emptied does not start a limit anew', async () => {
    const redis = await server();
    const client = new Redis(redis.url);
    const { budgets } = await gateway(redis.url);
    const ref = limit(300, 'deny');
    expect(await count(200, () => answered(budgets, [ref]))).toEqual({ accepted: 200 });
    await client.flushall();
    client.disconnect();
    expect(await count(200, () => answered(budgets, [ref]))).toEqual({ accepted: 100, exhausted: 100 });
  });

  test('units held by a process that stood still over the end of their period are not spent in the next', async () => {
    const redis = await server();
    const { budgets } = await gateway(redis.url);
    const ref = limit(1000, 'deny', 1000);
    const isHeld = async (): Promise<boolean> => {
      await count(20, () => tryRequest(budgets, [ref]));
      return (budgets.peek(ref) ?? 0) > 0;
    };
    await waitFor(isHeld, { what: 'units are held', intervalMs: 1 });
    // As long as a period: whenever this one began, its end comes while the process stands still.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    expect(budgets.spend([{ limit: ref, cost: 1 }])).toEqual({ ok: false, limit: ref });
    await delay(0);
    expect(await answered(budgets, [ref])).toBe('accepted');
  });
});
