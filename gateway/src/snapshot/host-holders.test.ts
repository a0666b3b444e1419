import { createHash } from 'node:crypto';
import { canonicalJson } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { HostHolders } from './host-holders.js';
import type { ReceivedEntry } from './received.js';

const document = { sluice: 1, upstreams: {}, apis: {}, plans: {} };
const hash = createHash('sha256').update(canonicalJson(document)).digest('hex');

const entryOf = (environmentId: string, hosts: string[], content: unknown = document): ReceivedEntry => ({
  position: 1,
  lane: 3,
  tenantId: 'ten_1',
  environmentId,
  change: {
    kind: 'environment',
    tenantSlug: 'acme',
    environmentName: 'production',
    hosts,
    portalOrigins: [],
    revision: 7,
    revisionId: 'rev_7',
    hash,
    document: content,
  },
});
const servedOf = (holders: HostHolders, entry: ReceivedEntry): readonly string[] => {
  const { change } = holders.translate(entry);
  return change?.kind === 'environment' ? change.compiled.claims : [];
};

test('the first environment at a host goes on, and the second is refused there by receipt, and served elsewhere', () => {
  const holders = new HostHolders();
  expect(servedOf(holders, entryOf('env_1', ['one.test', 'api.acme.test']))).toEqual(['one.test', 'api.acme.test']);
  const { change, receipt } = holders.translate(entryOf('env_2', ['two.test', 'API.acme.test']));
  expect(change).toMatchObject({ kind: 'environment', compiled: { claims: ['two.test'] } });
  expect(receipt).toMatchObject({
    state: 'applied',
    refusals: [{ object: 'hosts/API.acme.test', code: 'host_held' }],
  });
  expect(servedOf(holders, entryOf('env_1', ['one.test', 'api.acme.test']))).toEqual(['one.test', 'api.acme.test']);
});

test('who waits gets the host when it is let go, whether by another revision, a suspension or the end of its environment', () => {
  for (const last of [entryOf('env_1', ['one.test']), entryOf('env_1', []), entryOf('env_1', [], null)]) {
    const holders = new HostHolders();
    holders.translate(entryOf('env_1', ['one.test', 'api.acme.test']));
    const second = entryOf('env_2', ['api.acme.test']);
    const third = entryOf('env_3', ['api.acme.test']);
    holders.translate(second);
    holders.translate(third);
    expect(holders.takeFreed()).toEqual([]);
    holders.translate(last);
    expect(holders.takeFreed()).toEqual(['env_2']);
    expect(servedOf(holders, second)).toEqual(['api.acme.test']);
    expect(servedOf(holders, third)).toEqual([]);
    expect(holders.takeFreed()).toEqual([]);
  }
});

test('a host that moves in the order of the feed is refused to nobody', () => {
  const holders = new HostHolders();
  holders.translate(entryOf('env_1', ['one.test', 'api.acme.test']));
  holders.translate(entryOf('env_1', ['one.test']));
  expect(holders.translate(entryOf('env_2', ['api.acme.test'])).receipt?.refusals).toEqual([]);
  expect(holders.takeFreed()).toEqual([]);
});

test('a revision that is refused leaves its environment the hosts that it had', () => {
  const holders = new HostHolders();
  holders.translate(entryOf('env_1', ['api.acme.test']));
  const unreadable = entryOf('env_1', [], { sluice: 99 });
  expect(holders.translate(unreadable).receipt?.state).toBe('refused');
  expect(servedOf(holders, entryOf('env_2', ['api.acme.test']))).toEqual([]);
});

test('who no longer asks for a host does not wait for it', () => {
  const holders = new HostHolders();
  holders.translate(entryOf('env_1', ['api.acme.test']));
  holders.translate(entryOf('env_2', ['api.acme.test']));
  holders.translate(entryOf('env_2', ['two.test']));
  holders.translate(entryOf('env_1', []));
  expect(holders.takeFreed()).toEqual([]);
});
