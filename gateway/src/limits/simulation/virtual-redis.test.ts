import { expect, test } from 'vitest';
import { redisForTests } from '../try-redis.js';
import { Scheduler } from './scheduler.js';
import { VirtualRedis } from './virtual-redis.js';

const redis = redisForTests();
let worlds = 0;

interface Tried {
  readonly virtual: VirtualRedis;
  readonly scheduler: Scheduler;
  readonly ask: (times?: number) => Promise<unknown>;
}

const epochMs = Date.UTC(2026, 10, 23, 12);

const trying = (script: string, longestLag = 0): Tried => {
  const scheduler = new Scheduler();
  worlds += 1;
  const { client } = redis;
  const virtual = new VirtualRedis({ client, namespace: `w${worlds}`, script, scheduler, epochMs, longestLag });
  const ask = async (times = 1): Promise<unknown> => {
    let reply: unknown;
    for (let index = 0; index < times; index += 1) reply = await virtual.evaluate(['{k}:1'], ['a']);
    return reply;
  };
  return { virtual, scheduler, ask };
};

const counting = `return redis.call('HINCRBY', KEYS[1], 'n', 1)`;

test('the script sees the simulation: its time, its keys and arguments, a run of its own', async () => {
  const { virtual, scheduler, ask } = trying(
    `local t = redis.call('TIME') return { t[1] * 1000 + t[2] / 1000, #KEYS, #ARGV, ARGV[1], redis.call('INFO', 'server') }`,
  );
  await scheduler.run(1234);
  virtual.offsetMs = -60_000;
  const info = '# Server\r\nredis_version:7.0.15\r\nrun_id:run0\r\n';
  expect(await ask()).toEqual([epochMs - 58_766, 1, 1, 'a', info]);
});

test('a replica that lags lacks exactly the last calls, and is another run', async () => {
  const { virtual, ask } = trying(`local n = ${counting.slice(7)} return { n, redis.call('INFO', 'server') }`, 5);
  await ask(10);
  await virtual.failOver(3);
  expect(await ask()).toEqual([8, expect.stringContaining('run1')]);
  // Of what was lost nothing comes back.
  await virtual.failOver(1);
  expect(await ask()).toEqual([8, expect.stringContaining('run2')]);
});

test('a replica lacks a key that was made in the last calls', async () => {
  const { virtual, ask } = trying(counting, 5);
  await ask(2);
  await virtual.failOver(5);
  expect(await ask()).toBe(1);
});

test('emptied, it has no data; restarted, it may have kept it', async () => {
  const { virtual, ask } = trying(counting);
  await ask(10);
  await virtual.restart(true);
  const kept = await ask();
  await virtual.flushAll();
  const emptied = await ask();
  await virtual.restart(false);
  expect([kept, emptied, await ask()]).toEqual([11, 1, 1]);
});

test.each([
  ['PEXPIREAT', `redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', t[1] * 1000 + t[2] / 1000 + 100))`],
  ['SET with PX', `redis.call('DEL', KEYS[1]) redis.call('SET', KEYS[1], n, 'PX', '100')`],
])('a key is gone when its time has come (%s)', async (_, expire) => {
  const { scheduler, ask } = trying(
    `local t = redis.call('TIME') local n = redis.call('EXISTS', KEYS[1]) if n == 0 then redis.call('HSET', KEYS[1], 'n', 1) end ${expire} return n`,
  );
  const seen = [await ask(), await ask()];
  await scheduler.run(99);
  seen.push(await ask());
  await scheduler.run(200);
  seen.push(await ask());
  expect(seen).toEqual([0, 1, 1, 0]);
});

test('an error of the script is kept for the judge', async () => {
  const { virtual, ask } = trying(`x = 1`);
  expect(await ask()).toBeUndefined();
  expect(virtual.errors).toEqual([expect.stringContaining('ReplyError')]);
});
