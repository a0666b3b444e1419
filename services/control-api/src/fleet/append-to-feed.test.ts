// The order of the feed, with real transactions that race.
import type { WeightsChange } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedTenant, startFleetServers, type FleetServers, type Seeded } from '../testing/fleet-servers.js';
import { appendToFeed } from './append-to-feed.js';
import { FeedReader } from './feed.reader.js';

let servers: FleetServers;
let reader: FeedReader;
let acme: Seeded;
let best: Seeded;

beforeAll(async () => {
  servers = await startFleetServers();
  reader = servers.app.get(FeedReader);
  acme = await seedTenant(servers.database, 'acme');
  best = await seedTenant(servers.database, 'best');
});

afterAll(() => servers.stop());

const weights = (version: number): WeightsChange => ({
  kind: 'weights',
  route: 'orders/all',
  version,
  weights: { stable: 10_000 },
});

const append = (tx: Tx, { tenantId, environmentId }: Seeded, ...versions: number[]): Promise<number> =>
  appendToFeed(tx, 'default', tenantId, environmentId, versions.map(weights));

it('a transaction that began first and commits last gets the later position, and a reader misses neither', async () => {
  const before = await reader.head('default');
  const [hasBegun, mayCommit] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const first = servers.database.inTenant(acme.tenantId, async (tx) => {
    await tx.environment.update({ where: { id: acme.environmentId }, data: { updatedAt: new Date() } });
    hasBegun.resolve(undefined);
    await mayCommit.promise;
    return append(tx, acme, 1);
  });
  await hasBegun.promise;
  const second = await servers.database.inTenant(best.tenantId, (tx) => append(tx, best, 2));

  const seen = await reader.entriesAfter('default', before.position);
  expect(seen.map(({ position }) => position)).toEqual([second]);
  mayCommit.resolve(undefined);
  await first;
  const later = await reader.entriesAfter('default', second);
  expect(later.map(({ position, tenantId }) => ({ position, tenantId }))).toEqual([
    { position: second + 1, tenantId: acme.tenantId },
  ]);
});

it('a position is not given out twice nor seen before a lower one, while its transaction is still open', async () => {
  const before = await reader.head('default');
  const [hasAppended, mayCommit] = [Promise.withResolvers<number>(), Promise.withResolvers<undefined>()];
  const first = servers.database.inTenant(acme.tenantId, async (tx) => {
    hasAppended.resolve(await append(tx, acme, 3));
    await mayCommit.promise;
  });
  expect(await hasAppended.promise).toBe(before.position + 1);
  // It waits for the fleet's row: nothing of it can commit before the first.
  const second = servers.database.inTenant(best.tenantId, (tx) => append(tx, best, 4));
  expect(await reader.entriesAfter('default', before.position)).toEqual([]);
  mayCommit.resolve(undefined);
  await first;
  expect(await second).toBe(before.position + 2);
  const seen = await reader.entriesAfter('default', before.position);
  expect(seen.map(({ position }) => position)).toEqual([before.position + 1, before.position + 2]);
});

it('many writers at once leave no gap', async () => {
  const before = await reader.head('default');
  const writers = Array.from({ length: 12 }, (_, index) => {
    const tenant = index % 2 === 0 ? acme : best;
    return servers.database.inTenant(tenant.tenantId, (tx) => append(tx, tenant, index, index));
  });
  await Promise.all(writers);
  const seen = await reader.entriesAfter('default', before.position);
  expect(seen.map(({ position }) => position)).toEqual(
    Array.from({ length: 24 }, (_, index) => before.position + 1 + index),
  );
});

it('a rollback leaves neither an entry nor a gap', async () => {
  const before = await reader.head('default');
  const broken = servers.database.inTenant(acme.tenantId, async (tx) => {
    await append(tx, acme, 5);
    throw new Error('broken after the entry');
  });
  await expect(broken).rejects.toThrow('broken after the entry');
  expect(await reader.head('default')).toEqual(before);
  expect(await servers.database.inTenant(acme.tenantId, (tx) => append(tx, acme, 6))).toBe(before.position + 1);
});

it("a tenant cannot put an entry into another tenant's name", async () => {
  await expect(servers.database.inTenant(acme.tenantId, (tx) => append(tx, best, 7))).rejects.toThrow(
    /row-level security/,
  );
});

it('revocations and weights go first, then credentials and subscriptions, then revisions', async () => {
  const before = await reader.head('default');
  const credential = { kind: 'credential', id: 'key_1', subscriptionId: 'sub_1', hash: 'h' } as const;
  const subscription = {
    kind: 'subscription',
    id: 'sub_1',
    applicationId: 'app_1',
    plan: 'free',
    revision: 1,
  } as const;
  const { tenantId, environmentId } = acme;
  await servers.database.inTenant(tenantId, (tx) =>
    appendToFeed(tx, 'default', tenantId, environmentId, [
      { ...credential, state: 'revoked' },
      { ...credential, state: 'active' },
      { ...subscription, state: 'suspended' },
      { ...subscription, state: 'active' },
    ]),
  );
  expect((await reader.entriesAfter('default', before.position)).map(({ lane }) => lane)).toEqual([1, 2, 1, 2]);
});
