import { upstreamSpecSchema } from '@sluice/contracts';
import type { UpstreamSpec } from '@sluice/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownRow } from '../health/health-table.js';
import { LiveTarget } from '../target.js';
import type { Target } from '../target.js';
import { balanceOf } from './balancer.js';

const targetsOf = (weights: readonly number[]): LiveTarget[] =>
  weights.map(
    (weight, index) => new LiveTarget({ url: `http://t${index}.test/base/`, address: undefined, weight }, ownRow()),
  );

/** A generator of numbers in [0, 1) (Mulberry32 by Tommy Ettinger), so that a run repeats. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const share = (keys: readonly (string | undefined)[], target: LiveTarget | undefined): number =>
  keys.filter((key) => key === target?.key).length / keys.length;
const kinds = upstreamSpecSchema.shape.balance.unwrap().options;

describe.each(kinds)('%s', (kind) => {
  const choose = (targets: readonly LiveTarget[]) => {
    const balance = balanceOf(kind, targets);
    const random = seeded(7);
    return (tried: readonly Target[], hashKey?: string, usable = targets) =>
      balance({ usable, tried, hashKey, random });
  };

  test('tries no target twice for one request, and each of them once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 }), (weights) => {
        const targets = targetsOf(weights);
        const pick = choose(targets);
        const tried: Target[] = [];
        for (let target = pick(tried, 'somebody'); target !== undefined; target = pick(tried, 'somebody'))
          tried.push(target);
        expect(new Set(tried)).toEqual(new Set(targets));
        expect(tried.length).toBe(targets.length);
      }),
      { numRuns: kind === 'consistent-hash' ? 10 : 100 },
    );
  });

  test('gives each target its share by weight', () => {
    const targets = targetsOf([1, 3, 6]);
    const pick = choose(targets);
    const keys = Array.from({ length: 20_000 }, (_, index) => pick([], `user-${index}`)?.key);
    expect(targets.map((target) => Math.round(share(keys, target) * 20) / 20)).toEqual([0.1, 0.3, 0.6]);
  });

  test('never gives what may not be used', () => {
    const targets = targetsOf([5, 1, 1]);
    const pick = choose(targets);
    const keys = Array.from({ length: 300 }, (_, index) => pick([], `user-${index}`, targets.slice(1))?.key);
    expect(share(keys, targets[0])).toBe(0);
    expect(share(keys, targets[1])).toBeGreaterThan(0.3);
  });
});

test('round-robin: over one round every target gets exactly its weight', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }), (weights) => {
      const targets = targetsOf(weights);
      const pick = balanceOf('round-robin', targets);
      const round = weights.reduce((sum, weight) => sum + weight, 0);
      const keys = Array.from(
        { length: round },
        () => pick({ usable: targets, tried: [], hashKey: undefined, random: Math.random })?.key,
      );
      expect(targets.map(({ key }) => keys.filter((one) => one === key).length)).toEqual(weights);
    }),
  );
});

test('least-request: a target with more in flight gets none while the other has fewer', () => {
  const targets = targetsOf([1, 1]);
  targets[0]?.row.add(2, 1);
  const pick = balanceOf('least-request', targets);
  const random = seeded(1);
  const keys = Array.from({ length: 100 }, () => pick({ usable: targets, tried: [], hashKey: undefined, random })?.key);
  expect(share(keys, targets[1])).toBe(1);
});

describe('consistent-hash', () => {
  const users = Array.from({ length: 20_000 }, (_, index) => `10.${index >> 8}.${index & 255}.7`);
  const ownersOf = (
    targets: readonly LiveTarget[],
    spec: UpstreamSpec['balance'] = 'consistent-hash',
    usable = targets,
  ) => {
    const balance = balanceOf(spec, targets);
    return users.map((hashKey) => balance({ usable, tried: [], hashKey, random: Math.random })?.key);
  };
  const moved = (before: readonly (string | undefined)[], after: readonly (string | undefined)[]): number =>
    before.filter((key, index) => key !== after[index]).length / before.length;

  test('while a target is out, its users alone move, and to more than one other', () => {
    const targets = targetsOf([1, 1, 1, 1, 1]);
    const before = ownersOf(targets);
    const after = ownersOf(targets, 'consistent-hash', targets.slice(1));
    const isOfTheOthers = (_: unknown, index: number): boolean => before[index] !== targets[0]?.key;
    expect(after.filter(isOfTheOthers)).toEqual(before.filter(isOfTheOthers));
    expect(new Set(after.filter((_, index) => before[index] === targets[0]?.key)).size).toBe(4);
  });

  test.each([2, 5, 20])('with a target more beside %i, hardly more users move than it gets', (count) => {
    const weights = Array.from({ length: count + 1 }, () => 1);
    const share = 1 / (count + 1);
    const all = moved(ownersOf(targetsOf(weights.slice(1))), ownersOf(targetsOf(weights)));
    expect(all).toBeGreaterThan(share * 0.9);
    expect(all).toBeLessThan(share * 1.5);
  });

  test('the order of the targets in the document moves nobody', () => {
    const targets = targetsOf([1, 2, 3]);
    expect(moved(ownersOf(targets), ownersOf(targets.toReversed()))).toBe(0);
  });
});
