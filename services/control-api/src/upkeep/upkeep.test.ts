import { createLogger, type Logger } from '@sluice/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Upkeep } from './upkeep.js';

const intervalMs = 1_000;

class Counted extends Upkeep {
  began = 0;
  ended = 0;
  stopsSeen = 0;
  /** What a round waits for. */
  work: () => Promise<void> = async () => undefined;

  constructor(logger: Logger = createLogger('tests', 'silent')) {
    super(logger, { intervalMs, failure: 'the round failed' });
  }

  protected async round(): Promise<void> {
    this.began += 1;
    await this.work();
    if (this.isStopping) this.stopsSeen += 1;
    this.ended += 1;
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a round comes after every interval, and none before the first', async () => {
  const upkeep = new Counted();
  await upkeep.onModuleInit();
  await vi.advanceTimersByTimeAsync(intervalMs - 1);
  expect(upkeep.ended).toBe(0);
  await vi.advanceTimersByTimeAsync(2 * intervalMs + 1);
  expect(upkeep.ended).toBe(3);
  await upkeep.onModuleDestroy();
});

test('what is due several times during a round is done once behind it, and never beside it', async () => {
  const upkeep = new Counted();
  const mayEnd = Promise.withResolvers<void>();
  upkeep.work = async () => mayEnd.promise;
  await upkeep.onModuleInit();
  await vi.advanceTimersByTimeAsync(5 * intervalMs);
  upkeep.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(upkeep).toMatchObject({ began: 1, ended: 0 });
  mayEnd.resolve();
  await upkeep.settled();
  expect(upkeep).toMatchObject({ began: 2, ended: 2 });
  await upkeep.onModuleDestroy();
});

test('a round that fails is told in the log, and the next one comes', async () => {
  const told: unknown[][] = [];
  const upkeep = new Counted({ warn: (...words: unknown[]) => told.push(words) } as never);
  upkeep.work = async () => Promise.reject(new Error('away'));
  await upkeep.onModuleInit();
  await vi.advanceTimersByTimeAsync(2 * intervalMs);
  expect(upkeep.began).toBe(2);
  const line = [{ error: { code: 'Error', message: 'away' } }, 'the round failed'];
  expect(told).toEqual([line, line]);
  await upkeep.onModuleDestroy();
});

test('stopping waits for the round under way, which is told of it, and lets no other begin', async () => {
  const upkeep = new Counted();
  const mayEnd = Promise.withResolvers<void>();
  upkeep.work = async () => mayEnd.promise;
  await upkeep.onModuleInit();
  await vi.advanceTimersByTimeAsync(2 * intervalMs);
  let isStopped = false;
  const stopped = upkeep.onModuleDestroy().then(() => (isStopped = true));
  await vi.advanceTimersByTimeAsync(intervalMs);
  expect(isStopped).toBe(false);
  mayEnd.resolve();
  await stopped;
  upkeep.wake();
  await vi.advanceTimersByTimeAsync(3 * intervalMs);
  await upkeep.settled();
  expect(upkeep).toMatchObject({ began: 1, ended: 1, stopsSeen: 1 });
});
