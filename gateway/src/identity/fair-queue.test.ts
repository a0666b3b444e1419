import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.js';
import type { FairQueueOptions } from './fair-queue.js';
import { TryClock } from './try-clock.js';

/** Jobs that end when they are told, and the order in which they began. */
function queue(options: Partial<Omit<FairQueueOptions, 'clock'>> = {}): {
  add: (tenantId: string, costMs?: number) => Promise<string>;
  began: string[];
  endNext: () => Promise<void>;
  fair: FairQueue;
  clock: TryClock;
} {
  const clock = new TryClock();
  const fair = new FairQueue({ atOnce: 1, turnMs: 1, mostWaitingMs: 1000, longestWaitMs: 5000, clock, ...options });
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const add = async (tenantId: string, costMs = 1): Promise<string> =>
    fair.run(
      tenantId,
      costMs,
      async () => {
        began.push(tenantId);
        await new Promise<void>((resolve) => ends.push(resolve));
        return 'done';
      },
      'refused',
    );
  const endNext = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { add, began, endNext, fair, clock };
}

test('a tenant’s job is served while another’s line is full', async () => {
  const { add, began, endNext } = queue();
  const flood = Array.from({ length: 1500 }, async () => add('flooder'));
  const victim = add('victim');
  await endNext();
  await endNext();
  await endNext();
  expect(began.slice(0, 3)).toContain('victim');
  for (let left = 1500; left > 0; left -= 1) await endNext();
  expect(await victim).toBe('done');
  const results = await Promise.all(flood);
  // One under way, and as many as may wait.
  expect(results.filter((result) => result === 'done').length).toBe(1001);
  expect(results.filter((result) => result === 'refused').length).toBe(499);
});

test('turns go by cost: a tenant with dear jobs gets no more than one with cheap ones', async () => {
  const { add, began, endNext } = queue({ turnMs: 1 });
  for (let index = 0; index < 10; index += 1) void add('dear', 10);
  for (let index = 0; index < 100; index += 1) void add('cheap', 1);
  for (let index = 0; index < 55; index += 1) await endNext();
  const dear = began.filter((tenantId) => tenantId === 'dear').length;
  expect(dear).toBeGreaterThanOrEqual(4);
  expect(dear).toBeLessThanOrEqual(6);
});

test('a tenant whose jobs do not end holds no more than its part, and others begin at once', async () => {
  const { add, began, endNext } = queue({ atOnce: 4, atOnceOfOne: 2 });
  for (let index = 0; index < 10; index += 1) void add('stuck');
  expect(began).toEqual(['stuck', 'stuck']);
  for (let index = 0; index < 2; index += 1) void add('other');
  expect(began).toEqual(['stuck', 'stuck', 'other', 'other']);
  await endNext();
  expect(began.slice(4)).toEqual(['stuck']);
  void add('third');
  expect(began.length).toBe(5); // all are taken
  await endNext();
  expect(began.slice(5).length).toBe(1);
});

test('what has waited too long is refused, and not done for nobody', async () => {
  const { add, began, endNext, clock } = queue();
  const first = add('one');
  const second = add('one');
  clock.pass(5001);
  await endNext();
  expect([await first, await second]).toEqual(['done', 'refused']);
  expect(began.length).toBe(1);
});

test('a job that fails makes room for the next', async () => {
  const { fair } = queue();
  const failed = fair.run('one', 1, async () => Promise.reject(new Error('broken')), 'refused');
  const next = fair.run('one', 1, async () => Promise.resolve('done'), 'refused');
  await expect(failed).rejects.toThrow('broken');
  expect(await next).toBe('done');
  expect(fair.length).toBe(0);
});
