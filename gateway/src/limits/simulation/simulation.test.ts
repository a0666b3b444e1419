// Hundreds of worlds by their seeds, judged by what was really admitted. A seed that fails is run again, with all that
// happened in it, by `npm run sim:limits -- --seed <seed> --trace`.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import { startRedis, type RunningRedis } from '@sluice/local-stack';
import { leaseScript } from '../lease-script.js';
import { manySeeds, seedsFrom } from './many-seeds.js';
import { mutated, mutations } from './mutations.js';
import { simulate, type SimulateOptions } from './simulate.js';

let redis: RunningRedis;
let client: Redis;
beforeAll(async () => {
  redis = await startRedis();
  client = new Redis(redis.url);
});
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

const failures = async (
  seeds: Iterable<number>,
  options: Omit<SimulateOptions, 'client'> = {},
): Promise<Record<string, unknown>> => {
  const failed: Record<string, unknown> = {};
  await manySeeds(seeds, { client, ...options }, ({ seed, violations }) => {
    if (violations.length > 0) failed[`seed ${seed}`] = violations[0];
  });
  return failed;
};

describe('limits in a simulated world', () => {
  test.each([1, 51, 101, 151])(
    'admit never more than they allow, and go on afterwards, whatever happens (50 seeds from %i)',
    async (from) => {
      expect(await failures(seedsFrom(from, 50))).toEqual({});
    },
  );

  test('with onOutage local, what goes beyond them is what was counted (50 seeds)', async () => {
    expect(await failures(seedsFrom(1000, 50), { onOutage: 'local' })).toEqual({});
  });
});

describe('the simulation', () => {
  test('is a function of its seed', async () => {
    const lines: string[][] = [[], []];
    for (const run of lines) await simulate(7, { client, trace: (line) => run.push(line) });
    expect(lines[0]?.length).toBeGreaterThan(100);
    expect(lines[0]).toEqual(lines[1]);
  });

  test.each(Object.keys(mutations))('sees it when the script is broken: %s', async (name) => {
    const script = mutated(leaseScript, name);
    const { seeds: telling = [] } = mutations[name] ?? {};
    expect(Object.keys(await failures(telling, { script }))).not.toEqual([]);
  });
});
