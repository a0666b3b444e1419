import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newApiKey, newKey, prefixOf } from './api-key.js';

test('every key is well-formed, and its hash is the SHA-256 of the whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (random) => {
      const { key, hash, hint } = newApiKey(Buffer.from(random));
      expect(key).toMatch(/^slc_[0-9a-f]{40}_[0-9a-f]{8}$/);
      expect(hash).toBe(createHash('sha256').update(key).digest('hex'));
      expect(hint).toBe(`slc_…${key.slice(-4)}`);
    }),
  );
});

test('a key carries 160 bits of randomness, and no two are alike', () => {
  const keys = Array.from({ length: 1000 }, () => newApiKey().key);
  expect(new Set(keys).size).toBe(1000);
  expect(keys[0]?.split('_')[1]).toHaveLength(40);
});

test('a key tells what it is, and one that was damaged anywhere tells nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('slc', 'slp', 'sls'),
      fc.integer({ min: 4, max: 52 }),
      fc.constantFrom('0', '1', '7', '9', 'a', 'f', '_', 's'),
      (prefix, at, digit) => {
        const { key } = newKey(prefix);
        expect(prefixOf(key)).toBe(prefix);
        expect(prefixOf(key.slice(0, at))).toBeUndefined();
        const damaged = key.slice(0, at) + digit + key.slice(at + 1);
        expect(prefixOf(damaged)).toBe(damaged === key ? prefix : undefined);
      },
    ),
  );
});
