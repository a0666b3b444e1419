import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newApiKey } from './api-key.js';

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
