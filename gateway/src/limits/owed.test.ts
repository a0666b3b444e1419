import { expect, test } from 'vitest';
import { Owed, type OwedUnits } from './owed.js';

const allOf = (owed: Owed): OwedUnits[] => {
  const all: OwedUnits[] = [];
  while (owed.isAny) all.push(owed.take(-1));
  return all;
};

test('what belongs together is told together, the oldest first', () => {
  const owed = new Owed();
  owed.charge(1000, 3);
  owed.give(2000, 1);
  owed.charge(1000, 4);
  expect(allOf(owed)).toEqual([
    { stamp: 1000, returned: 0, charged: 7 },
    { stamp: 2000, returned: 1, charged: 0 },
  ]);
});

test('of an outage of any length no charge is lost, and no more than the last hundred periods are kept apart', () => {
  const owed = new Owed();
  owed.give(1, 5);
  for (let start = 1; start <= 5000; start += 1) owed.charge(start, 2);
  const all = allOf(owed);
  const recent = all.filter(({ stamp }) => stamp > 4900);
  expect(recent.every(({ charged }) => charged === 2)).toBe(true);
  expect([all.length, recent.length]).toEqual([101, 99]);
  // What was given back belongs where it came from.
  expect(all).toContainEqual({ stamp: 1, returned: 5, charged: 2 });
  expect(all).toContainEqual({ stamp: 0, returned: 0, charged: 10_000 - 2 * 100 });
});
