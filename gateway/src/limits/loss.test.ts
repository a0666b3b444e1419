import { describe, expect, test } from 'vitest';
import { countKey } from '@sluice/engine';
import { freePort, startRedis, temporaryFolder } from '@sluice/local-stack';
import { memoryBootFile } from './boot-file.js';
import type { LimitRef } from './index.js';
import { limitKey } from './lease-wire.js';
import { gatewaysForTests } from './try-gateways.js';
import { answered, concurrencyOf, rateOf, tryGateway, tryRequest, windowOf, type TriedGateway } from './try-limits.js';
import { redisForTests } from './try-redis.js';

const redis = redisForTests('test');
const gateways = gatewaysForTests();
const gateway = async (options?: Parameters<typeof tryGateway>[1]): Promise<TriedGateway> =>
  gateways.start(redis.url, options);
const end = async (one: TriedGateway, how: 'stop' | 'crash'): Promise<void> => {
  gateways.release(one);
  await one[how]();
};
const accepted = async (one: TriedGateway, ref: LimitRef, requests: number): Promise<number> => {
  let count = 0;
  for (let request = 0; request < requests; request += 1)
    if ((await answered(one.budgets, [ref])) === 'accepted') count += 1;
  return count;
};

describe('limits over a loss', () => {
  test('a Redis that was emptied goes on where all gateways together were', async () => {
    const [a, b] = [await gateway(), await gateway()];
    const ref = windowOf('sub_1', 300);
    expect((await accepted(a, ref, 120)) + (await accepted(b, ref, 80))).toBe(200);
    await redis.client.flushall();
    const first = (await answered(a.budgets, [ref])) === 'accepted' ? 1 : 0;
    const rest = (await accepted(a, ref, 200)) + (await accepted(b, ref, 200));
    expect(200 + first + rest).toBeLessThanOrEqual(300);
    expect(200 + first + rest).toBeGreaterThanOrEqual(297);
  });

  test('what only a gateway that has left knew stays closed, and says so', async () => {
    const [a, b] = [await gateway(), await gateway()];
    const [known, unknown] = [windowOf('sub_1', 100), windowOf('sub_2', 100)];
    await accepted(b, unknown, 60);
    await end(b, 'stop');
    await accepted(a, known, 10);
    await redis.client.flushall();
    expect(await answered(a.budgets, [known])).toBe('accepted');
    expect(await tryRequest(a.budgets, [unknown])).toBe('unavailable');
    expect(await a.metric('sluice_limit_losses')).toBe(1);
    expect(await a.metric('sluice_limit_unknown')).toBe(1);
  });

  test('gateways that all stopped before Redis was emptied remember that something was counted', async () => {
    const folder = await temporaryFolder('sluice-limits-');
    const a = await gateway({ dataDir: folder.path });
    const ref = windowOf('sub_1', 100);
    await accepted(a, ref, 60);
    await end(a, 'stop');
    await redis.client.flushall();
    const b = await gateway({ dataDir: folder.path });
    expect(await tryRequest(b.budgets, [ref])).toBe('unavailable');
    // A period that begins after the loss is not touched by it.
    const short = windowOf('sub_2', 100, { periodMs: 1000 });
    expect(await answered(b.budgets, [short])).toBe('accepted');
    await end(b, 'stop');
    await folder.remove();
  });

  test('gateways that stop and start with Redis intact lose nothing', async () => {
    const bootFile = memoryBootFile();
    const ref = windowOf('sub_1', 100);
    let sum = 0;
    for (let boot = 0; boot < 3; boot += 1) {
      const one = await gateway({ bootFile });
      sum += await accepted(one, ref, 40);
      await end(one, 'stop');
    }
    expect(sum).toBe(100);
  });

  test('a Redis that restarts with what it had goes on at once', async () => {
    const folder = await temporaryFolder('sluice-limits-');
    const port = await freePort();
    const options = { port, dir: folder.path, persistence: true };
    const first = await startRedis(options);
    const a = await tryGateway(first.url);
    const ref = windowOf('sub_1', 100);
    expect(await accepted(a, ref, 60)).toBe(60);
    await first.stop();
    const second = await startRedis(options);
    expect(await answered(a.budgets, [ref])).toBe('accepted');
    expect(await accepted(a, ref, 60)).toBe(39);
    expect(await a.metric('sluice_limit_losses')).toBe(0);
    await a.stop();
    await second.stop();
    await folder.remove();
  });

  test('a count that was evicted is noticed by who has seen it', async () => {
    const a = await gateway();
    const ref = windowOf('sub_1', 100);
    await accepted(a, ref, 60);
    await redis.client.del(limitKey(0, countKey(ref)));
    const first = (await answered(a.budgets, [ref])) === 'accepted' ? 1 : 0;
    expect(60 + first + (await accepted(a, ref, 100))).toBe(100);
  });

  test('a rate is taken for empty, and a slot for taken, until their memory is over', async () => {
    const a = await gateway();
    const [rate, slots] = [rateOf('sub_1', 1, 400, 3), concurrencyOf('sub_1', 1)];
    expect(await accepted(a, rate, 10)).toBe(3);
    await redis.client.flushall();
    expect(await answered(a.budgets, [slots])).toBe('accepted');
    expect(await answered(a.budgets, [slots])).toBe('exhausted');
    await redis.client.flushall();
    // The one slot is still in use here, and nobody else gets it.
    const b = await gateway();
    expect(await answered(b.budgets, [slots])).toBe('exhausted');
  });
});
