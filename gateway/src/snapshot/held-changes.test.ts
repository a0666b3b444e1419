// What is held is what came: it is written to disk, and read again by the next process.
import { credentialChangeSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { HeldChanges } from './held-changes.js';
import type { ReceivedChange, ReceivedEntry } from './received.js';

function entry(position: number, environmentId: string, change: ReceivedChange): ReceivedEntry {
  return { position, lane: 1, tenantId: 'ten_1', environmentId, change };
}
function credential(byte: string, state: 'active' | 'revoked' = 'active'): ReceivedChange {
  return { kind: 'credential', id: `key_${byte}`, subscriptionId: 'sub_1', hash: byte.repeat(32), state };
}
const subscription: ReceivedChange = {
  kind: 'subscription',
  id: 'sub_1',
  applicationId: 'app_1',
  plan: 'gold',
  state: 'active',
  revision: 1,
  startedAt: 5,
};
const weights: ReceivedChange = { kind: 'weights', route: 'a/b', version: 2, weights: { stable: 10_000 } };
const revision: ReceivedChange = {
  kind: 'environment',
  hosts: ['a.test'],
  revision: 1,
  revisionId: 'rev_1',
  hash: 'h',
  document: { sluice: 1 },
} as unknown as ReceivedChange;

test('each object comes out as it came in, revisions first and in the order of their positions', () => {
  const entries = [
    entry(1, 'env_1', credential('aa')),
    entry(2, 'env_2', revision),
    entry(3, 'env_1', subscription),
    entry(4, 'env_1', weights),
    entry(5, 'env_1', revision),
    entry(6, 'env_2', credential('aa', 'revoked')),
  ];
  const held = new HeldChanges();
  for (const one of entries) held.apply(one);
  const values = [...held.all()];
  expect(values.slice(0, 2)).toEqual([entries[1], entries[4]]);
  expect(values.toSorted((one, other) => one.position - other.position)).toEqual(entries);
  expect(held.environment('env_1')).toEqual(entries[4]);
});

test('of an object the newest change is held alone, at its own position', () => {
  const held = new HeldChanges();
  held.apply(entry(1, 'env_1', credential('aa')));
  held.apply(entry(2, 'env_1', weights));
  held.apply(entry(3, 'env_1', credential('aa', 'revoked')));
  expect([...held.all()]).toEqual([entry(2, 'env_1', weights), entry(3, 'env_1', credential('aa', 'revoked'))]);
});

test('an environment that is gone takes with it what it had', () => {
  const held = new HeldChanges();
  held.apply(entry(1, 'env_1', credential('aa')));
  held.apply(entry(2, 'env_2', credential('aa')));
  held.apply(entry(3, 'env_1', { ...revision, document: null } as ReceivedChange));
  expect([...held.all()]).toEqual([entry(2, 'env_2', credential('aa'))]);
  expect(held.environment('env_1')).toBeUndefined();
});

test('nothing that the contract says of a credential is lost', () => {
  const held = new HeldChanges();
  const whole = { ...credential('aa'), expiresAt: Date.now() + 1_000_000, scopes: ['orders:read'] };
  const tried = { ...whole, hash: 'bb'.repeat(32), isTry: true };
  for (const change of [whole, tried]) held.apply(entry(1, 'env_1', change));
  expect([...held.all()].map(({ change }) => change)).toEqual([tried, whole]);
  expect(Object.keys(tried).sort()).toEqual(Object.keys(credentialChangeSchema.shape).sort());
});

test('more credentials than there was room for are all held, and threads are to read elsewhere', () => {
  const held = new HeldChanges();
  const before = held.credentials;
  const hashes = Array.from({ length: 3000 }, (_, index) => index.toString(16).padStart(64, '0'));
  for (const [index, hash] of hashes.entries())
    held.apply(entry(index, 'env_1', { ...credential('aa'), hash } as ReceivedChange));
  expect([...held.all()].map(({ position }) => position)).toEqual(hashes.keys().toArray());
  expect(held.credentials).not.toBe(before);
});

test('what changes while all are written comes as it was or as it is', () => {
  const held = new HeldChanges();
  held.apply(entry(1, 'env_1', credential('aa')));
  held.apply(entry(2, 'env_1', credential('bb')));
  const written: ReceivedEntry[] = [];
  for (const one of held.all()) {
    if (written.length === 0) {
      held.apply(entry(3, 'env_1', credential('bb', 'revoked')));
      held.apply(entry(4, 'env_1', credential('cc')));
    }
    written.push(one);
  }
  const again = new HeldChanges();
  for (const one of written) again.apply(one);
  expect([...again.all()]).toEqual([...held.all()]);
});
