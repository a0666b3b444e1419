// Hundreds of worlds by their seeds, judged by what was really admitted. A seed that fails is run again, with all that
// happened in it, by `npm run sim:limits -- --seed <seed> --trace`.
import { describe, expect, test } from 'vitest';
import { leaseScript } from '../lease-script.js';
import type { LimitRef } from '../limit-ref.js';
import { redisForTests } from '../try-redis.js';
import { manySeeds, seedsFrom } from './many-seeds.js';
import { mutated } from './mutations.js';
import { simulate, type Outcome, type SimulateOptions } from './simulate.js';

const redis = redisForTests();

const failures = async (
  seeds: Iterable<number>,
  options: Omit<SimulateOptions, 'client'> = {},
): Promise<Record<string, unknown>> => {
  const failed: Record<string, unknown> = {};
  await manySeeds(seeds, { client: redis.client, ...options }, ({ seed, violations }) => {
    if (violations.length > 0) failed[`seed ${seed}`] = violations[0];
  });
  return failed;
};

describe('limits in a simulated world', () => {
  test.each([1, 26, 51, 76])(
    'admit never more than they allow, and go on afterwards, whatever happens (25 seeds from %i)',
    async (from) => {
      expect(await failures(seedsFrom(from, 25))).toEqual({});
    },
  );

  test('with onOutage local, what goes beyond them is what was counted (30 seeds)', async () => {
    expect(await failures(seedsFrom(1000, 30), { onOutage: 'local' })).toEqual({});
  });
});

describe('seeds that showed a flaw once', () => {
  test.each([22_163, 22_851, 23_095, 61_065, 64_234])('%i, with onOutage deny', async (seed) => {
    expect(await failures([seed])).toEqual({});
  });

  test.each([10_620, 32_533])('%i, with onOutage local', async (seed) => {
    expect(await failures([seed], { onOutage: 'local' })).toEqual({});
  });
});

/** Mutations with the kinds that they concern. */
const broken: [string, LimitRef['kind'][], LimitRef['onOutage']?][] = [
  ['grant-one-more', ['window', 'quota']],
  ['ignore-numbers', ['window', 'quota']],
  ['forget-looks', ['window', 'quota']],
  ['forget-loss', ['rate']],
  ['rate-forgets-life', ['rate']],
  ['slots-end-early', ['concurrency']],
  ['lend-uncounted', ['concurrency'], 'local'],
];

describe('the simulation', () => {
  test('is a function of its seed', async () => {
    const lines: string[][] = [[], []];
    for (const run of lines) await simulate(7, { client: redis.client, trace: (line) => run.push(line) });
    expect(lines[0]?.length).toBeGreaterThan(100);
    expect(lines[0]).toEqual(lines[1]);
  });

  test.each(broken)('goes red when the script is broken: %s', async (name, kinds, onOutage = 'deny') => {
    const script = mutated(leaseScript, name);
    let isRed = false;
    const see = ({ violations }: Outcome): void => void (isRed ||= violations.length > 0);
    await manySeeds(seedsFrom(1, 80), { client: redis.client, script, kinds, onOutage }, see, () => isRed);
    expect(isRed).toBe(true);
  });
});
