import { expect, test } from 'vitest';
import { RetryBudget } from './retry-budget.js';

const taken = (budget: RetryBudget, nowMs: number): number => {
  let count = 0;
  while (budget.take(nowMs)) count += 1;
  return count;
};

test('a fifth of what is under way may be repetitions, and three a second beside', () => {
  const budget = new RetryBudget();
  for (let begun = 0; begun < 50; begun += 1) budget.begin();
  expect(taken(budget, 0)).toBe(10 + 3);
  // Time brings back what is spare; the end of repetitions their share.
  expect(taken(budget, 500)).toBe(1);
  expect(taken(budget, 1000)).toBe(2);
  expect(taken(budget, 1000)).toBe(0);
  for (let ended = 0; ended < 7; ended += 1) budget.giveBack();
  expect(taken(budget, 1000)).toBe(1);
});

test('what was not needed for long does not add up', () => {
  const budget = new RetryBudget();
  expect(taken(budget, 3_600_000)).toBe(3);
});

test('with few requests under way, only what is spare is there', () => {
  const budget = new RetryBudget();
  for (let begun = 0; begun < 4; begun += 1) budget.begin();
  expect(taken(budget, 0)).toBe(3);
  budget.end();
  expect(taken(budget, 0)).toBe(0);
});
