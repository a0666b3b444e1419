import { expect, test } from 'vitest';
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

test('a SIGTERM after a take-over shortens its drain, and ends nothing twice', async () => {
  let finished = 0;
  const drain = new Drain({
    workers: { stopAccepting: async () => undefined, drain: async () => new Promise(() => undefined) },
    finish: async () => void (finished += 1),
  });
  const patient = drain.begin(0, { boundMs: 300_000, idleMs: 10_000 });
  await drain.begin(0, { boundMs: 1, idleMs: 1 });
  await patient;
  expect(finished).toBe(1);
});
