import { expect, test } from 'vitest';
import type { DrainBounds } from '../wire/exchange.js';
import { Drain } from './drain.js';

test('the port closes before what is in flight ends, and only then goes what it needs', async () => {
  const log: string[] = [];
  const drain: Drain = new Drain({
    workers: {
      stopAccepting: async () => void log.push(`closed, draining ${drain.isUnderWay}`),
      drain: async ({ boundMs, idleMs }) => void log.push(`drained ${boundMs} ${idleMs}`),
    },
    finish: async () => void log.push('finished'),
  });
  expect(drain.isUnderWay).toBe(false);
  const ended = drain.begin(0, { boundMs: 7, idleMs: 3 });
  expect(drain.isUnderWay).toBe(true);
  await ended;
  expect(log).toEqual(['closed, draining true', 'drained 7 3', 'finished']);
});

test('a SIGTERM after a take-over shortens what the threads were told, and what they break is kept before all ends', async () => {
  const log: string[] = [];
  const broken = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  const drain = new Drain({
    workers: {
      stopAccepting: async () => undefined,
      drain: async ({ boundMs }) => {
        log.push(`told ${boundMs}`);
        told.resolve();
        await broken.promise;
      },
    },
    finish: async () => void log.push('finished'),
  });
  const patient = drain.begin(0, { boundMs: 300_000, idleMs: 10_000 });
  await told.promise;
  const hasty = drain.begin(0, { boundMs: 7, idleMs: 1 });
  log.push('broken');
  broken.resolve();
  await Promise.all([patient, hasty]);
  expect(log).toEqual(['told 300000', 'told 7', 'broken', 'finished']);
});

test('a SIGTERM before the port has closed shortens what the threads will be told', async () => {
  const closed = Promise.withResolvers<void>();
  const told: DrainBounds[] = [];
  const drain = new Drain({
    workers: { stopAccepting: async () => closed.promise, drain: async (bounds) => void told.push(bounds) },
    finish: async () => undefined,
  });
  const patient = drain.begin(0, { boundMs: 300_000, idleMs: 10_000 });
  const hasty = drain.begin(0, { boundMs: 7, idleMs: 1 });
  closed.resolve();
  await Promise.all([patient, hasty]);
  expect(told).toEqual([{ boundMs: 7, idleMs: 1 }]);
});

test('a SIGTERM while the port is still open takes no time from what is in flight', async () => {
  const log: string[] = [];
  const drain = new Drain(
    {
      workers: {
        stopAccepting: async () => {
          for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
        },
        drain: async () => void log.push('told'),
      },
      finish: async () => void log.push('finished'),
    },
    { ofThreads: 1, ofAll: 60_000 },
  );
  await Promise.all([drain.begin(50, { boundMs: 1, idleMs: 1 }), drain.begin(0, { boundMs: 1, idleMs: 1 })]);
  expect(log).toEqual(['told', 'finished']);
});

test.each(['stopAccepting', 'drain'] as const)(
  'a thread that never answers %s does not keep what comes after it from being done',
  async (silent) => {
    let finished = 0;
    const workers = { stopAccepting: async () => Promise.resolve(), drain: async () => Promise.resolve() };
    workers[silent] = async () => new Promise(() => undefined);
    const drain = new Drain({ workers, finish: async () => void (finished += 1) }, { ofThreads: 1, ofAll: 60_000 });
    await drain.begin(0, { boundMs: 1, idleMs: 1 });
    expect(finished).toBe(1);
  },
);

test('an end that does not come is given up within its bound', async () => {
  const drain = new Drain(
    {
      workers: { stopAccepting: async () => undefined, drain: async () => undefined },
      finish: async () => new Promise(() => undefined),
    },
    { ofThreads: 1, ofAll: 10 },
  );
  await expect(drain.begin(0, { boundMs: 1, idleMs: 1 })).rejects.toThrow('took too long');
});
