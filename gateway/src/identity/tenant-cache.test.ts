import { expect, test } from 'vitest';
import { TenantCache } from './tenant-cache.js';
import { TryClock } from './try-clock.js';

function cache(perTenant: number, total: number): { kept: TenantCache<number>; clock: TryClock } {
  const clock = new TryClock();
  return { kept: new TenantCache<number>({ perTenant, total }, clock), clock };
}

test('what is kept is forgotten at its time', () => {
  const { kept, clock } = cache(10, 10);
  kept.set('one', 'a', 1, 1000);
  clock.pass(999);
  expect(kept.get('one', 'a')).toBe(1);
  clock.pass(1);
  expect(kept.get('one', 'a')).toBeUndefined();
  expect(kept.size).toBe(0);
});

test('a tenant never sees what was found out for another', () => {
  const { kept } = cache(10, 10);
  kept.set('one', 'a', 1, 1000);
  expect(kept.get('two', 'a')).toBeUndefined();
});

test('a full line loses what was not used for longest', () => {
  const { kept } = cache(2, 10);
  kept.set('one', 'a', 1, 1000);
  kept.set('one', 'b', 2, 1000);
  kept.get('one', 'a');
  kept.set('one', 'c', 3, 1000);
  expect(['a', 'b', 'c'].map((key) => kept.get('one', key))).toEqual([1, undefined, 3]);
});

test('where all is full, the tenant that holds most gives way, and the others keep what they have', () => {
  const { kept } = cache(1000, 1000);
  for (let index = 0; index < 10; index += 1) kept.set('small', `${index}`, index, 1000);
  for (let index = 0; index < 5000; index += 1) kept.set(`large-${index % 2}`, `${index}`, index, 1000);
  expect(kept.size).toBeLessThanOrEqual(1000);
  expect(Array.from({ length: 10 }, (_, index) => kept.get('small', `${index}`))).toEqual(
    Array.from({ length: 10 }, (_, index) => index),
  );
});

test('a source’s entries are dropped, and no other’s', () => {
  const { kept } = cache(10, 10);
  kept.set('one', 'source-1 a', 1, 1000);
  kept.set('one', 'source-2 a', 2, 1000);
  kept.set('two', 'source-1 a', 3, 1000);
  kept.drop('one', 'source-1 ');
  expect([kept.get('one', 'source-1 a'), kept.get('one', 'source-2 a'), kept.get('two', 'source-1 a')]).toEqual([
    undefined,
    2,
    3,
  ]);
  expect(kept.size).toBe(2);
});
