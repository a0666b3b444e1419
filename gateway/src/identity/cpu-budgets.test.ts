import { expect, test } from 'vitest';
import { CpuBudgets } from './cpu-budgets.js';
import { TryClock } from './try-clock.js';

test('a tenant spends its burst, then its share, and no other tenant’s', () => {
  const clock = new TryClock();
  const budgets = new CpuBudgets({ msPerSecond: 100, burstMs: 500 }, clock);
  const taken = (tenantId: string, tries: number): number =>
    Array.from({ length: tries }, () => budgets.take(tenantId, 10)).filter(Boolean).length;
  expect(taken('one', 1000)).toBe(50);
  clock.pass(1000);
  expect(taken('one', 1000)).toBe(10);
  expect(taken('two', 1000)).toBe(50);
});

test('a job that costs more than a bucket holds is done once, and paid off', () => {
  const clock = new TryClock();
  const budgets = new CpuBudgets({ msPerSecond: 100, burstMs: 50 }, clock);
  expect(budgets.take('one', 1050)).toBe(true);
  clock.pass(9000);
  expect(budgets.take('one', 1)).toBe(false);
  clock.pass(1100);
  expect(budgets.take('one', 1)).toBe(true);
});
