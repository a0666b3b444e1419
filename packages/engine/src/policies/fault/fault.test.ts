import { expect, test } from 'vitest';
import { decide } from '../../decide.js';
import { noFacts, requestOf } from '../../testing/try-engine.js';
import { codesOf, compiledOf, documentWith, faultsOf } from '../../testing/try-route.js';

test('shares are met, delays and aborts are drawn apart, and the same seed draws the same', () => {
  const compiled = compiledOf(
    documentWith([{ fault: { delay: { delayMs: 7, shareBps: 2000 }, abort: { shareBps: 3000 } } }]),
  );
  const drawn = (seed: number): readonly string[] => codesOf(decide(compiled, requestOf({}), noFacts, 0, seed));
  let delayed = 0;
  let aborted = 0;
  let both = 0;
  for (let index = 0; index < 20_000; index += 1) {
    const seed = Math.imul(index, 0x9e3779b1) >>> 0;
    const codes = drawn(seed);
    const isDelayed = codes.includes('delay_injected');
    const isAborted = codes.includes('abort_injected');
    if (isDelayed) delayed += 1;
    if (isAborted) aborted += 1;
    if (isDelayed && isAborted) both += 1;
  }
  expect([1, 2, 3].map(drawn)).toEqual([1, 2, 3].map(drawn));
  // Five standard deviations of binomials with n = 20,000 and p = 0.2, 0.3 and 0.06.
  expect(Math.abs(delayed - 4000)).toBeLessThan(283);
  expect(Math.abs(aborted - 6000)).toBeLessThan(324);
  expect(Math.abs(both - 1200)).toBeLessThan(168);
});

test('a policy that would do nothing is refused', () => {
  expect(faultsOf([{ fault: {} }])).toMatchObject([{ at: '/0/fault', fix: 'write delay, abort, or both' }]);
});
