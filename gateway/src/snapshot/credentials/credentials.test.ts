import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { waitFor } from '@sluice/local-stack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CredentialReader } from './credential-reader.js';
import type { StoredCredential } from './credential-table.js';
import { CredentialTable } from './credential-table.js';
import { newKey, newSeeds, placeOf, setEnvironment, setHash } from './layout.js';
import type { TryReaderStart } from './try-reader.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const credential = (presented: string, changes: Partial<StoredCredential> = {}): StoredCredential => ({
  environmentId: 'env_1',
  hash: sha256(presented),
  id: `key_${presented}`,
  subscriptionId: 'sub_1',
  isRevoked: false,
  position: 1,
  lane: 2,
  ...changes,
});

/** Grows as whoever keeps a table does. */
class Kept {
  table = CredentialTable.create();

  set(stored: StoredCredential): void {
    if (this.table.set(stored)) return;
    this.table = this.table.grown();
    if (!this.table.set(stored)) throw new Error('there is no room in a table that has grown');
  }

  find(environmentId: string, presented: string) {
    const key = newKey();
    setEnvironment(key, environmentId);
    return new CredentialReader(this.table.shared).find(key, presented);
  }
}

test('a credential is found by its key, in its environment alone', () => {
  const kept = new Kept();
  kept.set(credential('a', { expiresAt: 5, scopes: ['read', 'schreibe-ü'] }));
  kept.set(credential('a', { environmentId: 'env_2', id: 'key_other' }));
  expect(kept.find('env_1', 'a')).toEqual({
    id: 'key_a',
    subscriptionId: 'sub_1',
    isRevoked: false,
    expiresAt: 5,
    scopes: ['read', 'schreibe-ü'],
  });
  expect(kept.find('env_2', 'a')).toEqual({ id: 'key_other', subscriptionId: 'sub_1', isRevoked: false });
  expect([kept.find('env_3', 'a'), kept.find('env_1', 'b')]).toEqual([undefined, undefined]);
});

test('a revocation is in force for a reader that has found the credential before, without room and without a message', () => {
  const { table } = new Kept();
  table.set(credential('a'));
  const key = newKey();
  setEnvironment(key, 'env_1');
  const reader = new CredentialReader(table.shared);
  expect(reader.find(key, 'a')?.isRevoked).toBe(false);
  for (let index = 0; table.set(credential(`filler ${index}`)); index += 1);
  expect(table.revoke('env_1', sha256('a'))).toBe(true);
  expect(reader.find(key, 'a')?.isRevoked).toBe(true);
  expect(table.revoke('env_1', sha256('unknown'))).toBe(false);
});

const presented = fc.constantFrom(...Array.from({ length: 40 }, (_, index) => `k${index}`));
const environmentId = fc.constantFrom('env_1', 'env_2', 'env_3');
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('set' as const), presented, environmentId, id: fc.string() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('revoke' as const), presented, environmentId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), environmentId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('grow' as const) }) },
);

test('whatever is set, revoked and removed, and whenever it grows: it answers as a map would', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const kept = new Kept();
      const model = new Map<string, StoredCredential>();
      const revocations: [boolean, boolean][] = [];
      for (const [position, one] of steps.entries()) {
        if (one.kind === 'set') {
          const stored = credential(one.presented, { environmentId: one.environmentId, id: one.id, position });
          kept.set(stored);
          model.set(`${one.environmentId} ${stored.hash}`, stored);
        } else if (one.kind === 'revoke') {
          const known = model.get(`${one.environmentId} ${sha256(one.presented)}`);
          revocations.push([kept.table.revoke(one.environmentId, sha256(one.presented)), known !== undefined]);
          if (known !== undefined) model.set(`${one.environmentId} ${known.hash}`, { ...known, isRevoked: true });
        } else if (one.kind === 'remove') {
          kept.table.removeEnvironment(one.environmentId);
          for (const [name, stored] of model) if (stored.environmentId === one.environmentId) model.delete(name);
        } else kept.table = kept.table.grown();
      }
      expect(revocations.filter(([answer, isKnown]) => answer !== isKnown)).toEqual([]);
      const ids = new Map<string, string>();
      for (const id of ['env_1', 'env_2', 'env_3']) {
        const key = newKey();
        setEnvironment(key, id);
        ids.set(`${key[0]} ${key[1]}`, id);
        const reader = new CredentialReader(kept.table.shared);
        for (let index = 0; index < 40; index += 1) {
          const stored = model.get(`${id} ${sha256(`k${index}`)}`);
          const fact = stored && { id: stored.id, subscriptionId: 'sub_1', isRevoked: stored.isRevoked };
          expect(reader.find(key, `k${index}`)).toEqual(fact);
        }
      }
      const values = [...kept.table.values((first, second) => ids.get(`${first} ${second}`))];
      const byName = (one: StoredCredential, other: StoredCredential): number =>
        `${one.environmentId} ${one.hash}` < `${other.environmentId} ${other.hash}` ? -1 : 1;
      expect(values.sort(byName)).toEqual([...model.values()].sort(byName));
      expect(kept.table.size).toBe(model.size);
    }),
  );
});

test('a hundred thousand are found', () => {
  const kept = new Kept();
  for (let index = 0; index < 100_000; index += 1)
    kept.set(
      credential(String(index), {
        id: `key_0123456789abcdef0123456789ab${index}`,
        subscriptionId: `sub_0123456789abcdef0123456789ab${index % 100}`,
      }),
    );
  for (let index = 0; index < 100_000; index += 997)
    expect(kept.find('env_1', String(index))?.id).toBe(`key_0123456789abcdef0123456789ab${index}`);
  expect(kept.table.size).toBe(100_000);
});

test('who imports hashes of their choice cannot choose where these lie, though each word differs by four bits alone', () => {
  const [key, seeds] = [newKey(), newSeeds()];
  setEnvironment(key, 'env_1');
  const places = new Set<number>();
  for (let index = 0; index < 10_000; index += 1) {
    const hash = Buffer.alloc(32);
    for (let word = 0; word < 8; word += 1)
      hash[4 * word + 3] = ((Math.imul(index, 0x9e37_79b1) >>> (4 * word)) & 15) << 4;
    setHash(key, hash);
    places.add(placeOf(key, seeds, 2 ** 17));
  }
  // By chance 9,629.
  expect(places.size).toBeGreaterThan(8000);
});

test('a thread that reads while another one writes never sees half of a credential', async () => {
  const table = CredentialTable.create({ places: 1024, words: 2 ** 22 });
  const key = newKey();
  setEnvironment(key, 'env_1');
  const state = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('try-reader.ts', import.meta.url), {
    execArgv: ['--import', new URL('../../../test/run-typescript.mjs', import.meta.url).href],
    workerData: { shared: table.shared, key, state } satisfies TryReaderStart,
  });
  const torn = once(worker, 'message'); // rejects when the thread fails
  const found = (): number => Atomics.load(state, 1);
  try {
    for (let version = 0; ; version += 1) {
      const text = String(version).repeat(100);
      const stored = { id: `id ${text}`, subscriptionId: `of ${text}`, scopes: [text] };
      if (!table.set(credential(`k${version % 20}`, stored))) break;
      if (version % 100 !== 0) continue;
      const before = found();
      await Promise.race([torn, waitFor(() => found() > before, { what: 'the thread reads', intervalMs: 1 })]);
    }
    Atomics.store(state, 0, 1);
    expect(await torn).toEqual([[]]);
  } finally {
    await worker.terminate();
  }
});
