import { expect, test } from 'vitest';
import { keptAfterExpiryMs, ShortLived } from './short-lived.js';

test('what has expired for a while is dropped by the next that comes; until then it is known', () => {
  const held = new ShortLived<string>();
  held.set('a', 'first', 1000, 0);
  held.set('b', 'second', 2000, 500);
  held.set('c', 'third', 1000 + keptAfterExpiryMs, 999 + keptAfterExpiryMs);
  expect([...held.values()]).toEqual(['first', 'second', 'third']);
  held.set('d', 'fourth', 9000 + keptAfterExpiryMs, 1000 + keptAfterExpiryMs);
  expect([...held.values()]).toEqual(['second', 'third', 'fourth']);
  expect(held.get('a')).toBeUndefined();
});

test('one that comes long after its end is not taken in at all', () => {
  const held = new ShortLived<string>();
  held.set('a', 'late', 1000, 1000 + keptAfterExpiryMs);
  expect([...held.values()]).toEqual([]);
});

test('what comes as one that has ended long ago takes away the one before: a revocation is never lost', () => {
  const items = new ShortLived<string>();
  items.set('a', 'active', 600_000, 0);
  items.set('a', 'revoked, without its end', 0, keptAfterExpiryMs);
  expect(items.get('a')).toBeUndefined();
});
