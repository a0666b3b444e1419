import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseArm, isSame, raisedArms, setWeight, stopCanaries } from './shift';

test('whatever is set, the weights make a whole and none is negative', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('canary', 'blue'), fc.double({ min: -1e6, max: 1e6, noNaN: true }))),
      (moves) => {
        const start: Readonly<Record<string, number>> = { stable: 10_000, canary: 0, blue: 0 };
        const end = moves.reduce((weights, [arm, bps]) => setWeight(weights, 'stable', arm, bps), start);
        expect(Object.values(end).reduce((sum, weight) => sum + weight, 0)).toBe(10_000);
        expect(Math.min(...Object.values(end))).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

test('stopping the canary leaves nothing on it', () => {
  expect(stopCanaries({ stable: 9000, canary: 600, blue: 400 }, 'stable')).toEqual({
    stable: 10_000,
    canary: 0,
    blue: 0,
  });
});

test('only raising an arm is asked about, lowering it is not', () => {
  const before = { stable: 9000, canary: 1000 };
  expect(raisedArms(before, { stable: 8000, canary: 2000 }, 'stable')).toEqual(['canary']);
  expect(raisedArms(before, { stable: 10_000, canary: 0 }, 'stable')).toEqual([]);
  expect(isSame(before, { canary: 1000, stable: 9000 })).toBe(true);
});

test('the arm that takes the rest is stable, or the first', () => {
  expect([baseArm(['canary', 'stable']), baseArm(['a', 'b'])]).toEqual(['stable', 'a']);
});
