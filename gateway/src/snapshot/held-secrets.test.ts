import { expect, test } from 'vitest';
import { HeldChanges } from './held-changes.js';
import { refersTo } from './held-secrets.js';
import type { ReceivedChange, ReceivedEntry } from './received.js';

const entry = (position: number, environmentId: string, change: ReceivedChange): ReceivedEntry => ({
  position,
  lane: 2,
  tenantId: 'ten_1',
  environmentId,
  change,
});
const secret = (name: string, version: number, value: string | null): ReceivedChange => ({
  kind: 'secret',
  name,
  version,
  value,
});

test('the newest value of each environment is held, and written down with the rest', () => {
  const held = new HeldChanges();
  held.apply(entry(1, 'env_1', secret('a', 1, 'old')));
  held.apply(entry(2, 'env_2', secret('a', 1, 'theirs')));
  held.apply(entry(3, 'env_1', secret('a', 2, 'new')));
  expect([...held.secrets('env_1')]).toEqual([['a', 'new']]);
  expect([...held.secrets('env_2')]).toEqual([['a', 'theirs']]);
  expect([...held.secrets('env_3')]).toEqual([]);
  expect([...held.values()]).toEqual([
    entry(3, 'env_1', secret('a', 2, 'new')),
    entry(2, 'env_2', secret('a', 1, 'theirs')),
  ]);
});

test('one that is gone, or cannot be opened, stands for nothing any more', () => {
  const held = new HeldChanges();
  held.apply(entry(1, 'env_1', secret('a', 1, 'value')));
  held.apply(entry(2, 'env_1', secret('a', 1, null)));
  expect(held.secrets('env_1').has('a')).toBe(false);
});

test('documents that refer to a secret are found, whatever else they say', () => {
  const document = { apis: { a: { policies: [{ unknown: { deep: ['secret:one'] } }] } }, text: 'secret:two beside' };
  expect(refersTo(document, new Set(['one']))).toBe(true);
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}"secret:one"${']'.repeat(100_000)}`);
  expect(refersTo(deep, new Set(['one']))).toBe(true);
  for (const name of ['two', 'on', 'one-more']) expect(refersTo(document, new Set([name]))).toBe(false);
});
