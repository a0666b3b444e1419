// A real Redis for a test file: one for all of its tests, or a fresh one for each of them.
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { startRedis, type RunningRedis } from '@sluice/local-stack';

/** There while tests run, not before. */
export interface RedisForTests {
  readonly url: string;
  /** The tests' own. */
  readonly client: Redis;
}

/** Comes before whatever uses it: hooks are undone in the order opposite to the one in which they were registered. */
export const redisForTests = (per: 'file' | 'test' = 'file'): RedisForTests => {
  let running: { readonly server: RunningRedis; readonly client: Redis } | undefined;
  const start = async (): Promise<void> => {
    const server = await startRedis();
    running = { server, client: new Redis(server.url) };
  };
  const stop = async (): Promise<void> => {
    running?.client.disconnect();
    await running?.server.stop();
    running = undefined;
  };
  const now = (): NonNullable<typeof running> => {
    if (running === undefined) throw new Error('Redis runs while tests do: ask for it within them');
    return running;
  };
  if (per === 'file') {
    beforeAll(start);
    afterAll(stop);
  } else {
    beforeEach(start);
    afterEach(stop);
  }
  return {
    get url() {
      return now().server.url;
    },
    get client() {
      return now().client;
    },
  };
};
