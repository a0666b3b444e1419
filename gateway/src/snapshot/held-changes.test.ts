// What is held is what came: it is written to disk, and read again by the next process.
import { credentialChangeSchema } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { HeldChanges } from './held-changes.js';
import type { ReceivedChange, ReceivedEntry } from './received.js';

function entry(position: number, environmentId: string, change: ReceivedChange): ReceivedEntry {
  return { position, lane: 1, tenantId: 'ten_1', environmentId, change };
}
function credential(hash: string, state: 'active' | 'revoked' = 'active'): ReceivedChange {
  return { kind: 'credential', id: `key_${hash}`, subscriptionId: 'sub_1', hash, state };
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
  const values = held.values();
  expect(values.slice(0, 2)).toEqual([entries[1], entries[4]]);
  expect(values.toSorted((one, other) => one.position - other.position)).toEqual(entries);
  expect(held.environment('env_1')).toEqual(entries[4]);
});

test('of an object the newest change is held alone, at its own position', () => {
  const held = new HeldChanges();
  held.apply(entry(1, 'env_1', credential('aa')));
  held.apply(entry(2, 'env_1', weights));
  held.apply(entry(3, 'env_1', credential('aa', 'revoked')));
  expect(held.values()).toEqual([entry(2, 'env_1', weights), entry(3, 'env_1', credential('aa', 'revoked'))]);
});

test('an environment that is gone takes with it what it had', () => {
  const held = new HeldChanges();
  held.apply(entry(1, 'env_1', credential('aa')));
  held.apply(entry(2, 'env_2', credential('aa')));
  held.apply(entry(3, 'env_1', { ...revision, document: null } as ReceivedChange));
  expect(held.values()).toEqual([entry(2, 'env_2', credential('aa'))]);
  expect(held.environment('env_1')).toBeUndefined();
});

test('nothing that the contract says of a credential is lost', () => {
  const held = new HeldChanges();
  const whole = { ...credential('aa'), expiresAt: Date.now() + 1_000_000, scopes: ['orders:read'] };
  for (const isTry of [true, false])
    held.apply(entry(1, 'env_1', { ...whole, isTry, hash: `${isTry}` } as ReceivedChange));
  expect(held.values().map(({ change }) => change)).toEqual([
    { ...whole, isTry: false, hash: 'false' },
    { ...whole, isTry: true, hash: 'true' },
  ]);
  expect(Object.keys(held.values()[0]?.change ?? {}).sort()).toEqual(Object.keys(credentialChangeSchema.shape).sort());
});
