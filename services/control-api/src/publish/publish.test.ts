// From a draft to a revision, its entry in the feed and the gateways' receipts, on real Postgres.
import { canonicalJson, newId, type Document, type Revision } from '@sluice/contracts';
import { createHash } from 'node:crypto';
import { waitFor } from '@sluice/local-stack';
import type { Tx } from '@sluice/prisma';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryController } from '../fleet/delivery.controller.js';
import { FeedReader } from '../fleet/feed.reader.js';
import { Refusal } from '../http/refusal.js';
import { seedDraft, seedTenant, startFleetServers, type FleetServers, type Seeded } from '../testing/fleet-servers.js';
import { heartbeat, receipt } from '../testing/gateway.js';
import { UpstreamsService } from '../upstreams/upstreams.service.js';
import { draftDocument } from './draft-document.js';
import { RevisionsService } from './revisions.service.js';
import { WeightsService } from './weights.service.js';

let servers: FleetServers;
let owner: pg.Client;
let reader: FeedReader;
let revisions: RevisionsService;
let weights: WeightsService;
let acme: Seeded;
let tenants = 0;

beforeAll(async () => {
  servers = await startFleetServers();
  owner = new pg.Client({ connectionString: servers.postgresUrl });
  await owner.connect();
  reader = servers.app.get(FeedReader);
  revisions = servers.app.get(RevisionsService);
  weights = servers.app.get(WeightsService);
});

afterAll(async () => {
  await owner.end();
  await servers.stop();
});

beforeEach(async () => {
  await owner.query('DELETE FROM sluice.gateways');
  tenants += 1;
  acme = await seedTenant(servers.database, `acme-${tenants}`);
  await inTenant((tx) => seedDraft(tx, acme));
});

describe('publishing', () => {
  it('makes the draft revision 1, named by the hash of its document, and tells the gateways', async () => {
    const before = await reader.head('default');
    const published = await publish();
    const { document } = await revisions.read(acme.access, 'production', 1);
    expect(published).toMatchObject({
      number: 1,
      comment: 'why',
      author: acme.access.caller.email,
      receipts: [],
      liveGateways: 0,
      awaited: [],
    });
    expect(published.hash).toBe(createHash('sha256').update(canonicalJson(document)).digest('hex'));
    expect(document).toEqual(await draft());
    const [entry] = await reader.entriesAfter('default', before.position);
    expect(entry).toMatchObject({
      lane: 3,
      change: { kind: 'environment', revision: 1, revisionId: published.id, hash: published.hash, document },
    });
  });

  it('names the parts of the document by what people called them, and fills in the defaults', async () => {
    expect(await draft()).toEqual({
      sluice: 1,
      upstreams: {
        one: { targets: [{ url: 'http://one.test:3000', weight: 1 }], timeoutMs: 30_000 },
        two: { targets: [{ url: 'http://two.test:3000', weight: 1 }], timeoutMs: 30_000 },
      },
      apis: {
        orders: {
          title: 'Orders',
          version: 'v1',
          routes: [
            {
              name: 'all',
              match: { path: { prefix: '/orders' } },
              policies: [{ 'api-key': {} }],
              split: {
                sticky: 'none',
                arms: [
                  { name: 'stable', upstream: 'one', weight: 9000 },
                  { name: 'canary', upstream: 'two', weight: 1000 },
                ],
              },
            },
          ],
        },
      },
      plans: { free: { title: 'Free', apis: ['orders'], limits: [{ window: '100/minute', onOutage: 'deny' }] } },
    });
  });

  it('of an unchanged draft answers with the live revision and tells nobody', async () => {
    const first = await publish();
    const before = await reader.head('default');
    expect((await publish()).id).toBe(first.id);
    expect(await reader.head('default')).toEqual(before);
  });

  it('by several people at once makes one revision', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, publish));
    expect(all.map(({ number }) => number)).toEqual([1, 1, 1, 1, 1, 1]);
    expect((await revisions.list(acme.access, 'production', { limit: 50 })).items).toHaveLength(1);
  });

  it('of a draft that a gateway would refuse says what is wrong, and writes nothing', async () => {
    const before = await reader.head('default');
    await inTenant((tx) => tx.upstream.deleteMany({ where: { environmentId: acme.environmentId, name: 'two' } }));
    const refused = await publish().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({
      code: 'invalid_document',
      errors: [
        {
          pointer: '/apis/orders/routes/0/split/arms/1/upstream',
          message: expect.stringContaining('two'),
          fix: expect.any(String),
        },
      ],
    });
    expect(await reader.head('default')).toEqual(before);
    expect((await revisions.list(acme.access, 'production', { limit: 50 })).items).toEqual([]);
  });

  it('tells what a rule forbids that is younger than the draft, which can be read and mended all the same', async () => {
    await owner.query('UPDATE sluice.upstreams SET spec = spec || $2 WHERE tenant_id = $1 AND name = $3', [
      acme.tenantId,
      { health: { path: 'no path' } },
      'one',
    ]);
    const refused = await publish().catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'invalid_document',
      errors: [{ pointer: '/upstreams/one/health/path', fix: expect.stringContaining('begin with /') }],
    });
    const upstreams = new UpstreamsService(servers.database);
    const asStored = { health: { path: 'no path' } };
    const { items } = await upstreams.list(acme.access, 'production', { limit: 50 });
    expect(items.find(({ name }) => name === 'one')).toMatchObject(asStored);
    expect((await draft()).upstreams['one']).toMatchObject(asStored);
    const mended = { targets: [{ url: 'http://one.test:3000', weight: 1 }], timeoutMs: 30_000 };
    await upstreams.replace(acme.access, 'production', 'one', mended, undefined);
    expect(await publish()).toMatchObject({ number: 1 });
  });

  it('lists revisions newest first, in pages', async () => {
    for (const title of ['A', 'B', 'C']) {
      await inTenant((tx) => tx.plan.updateMany({ where: { environmentId: acme.environmentId }, data: { title } }));
      await publish();
    }
    const first = await revisions.list(acme.access, 'production', { limit: 2 });
    expect(first.items.map(({ number }) => number)).toEqual([3, 2]);
    const second = await revisions.list(acme.access, 'production', { limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ number }) => number)).toEqual([1]);
    expect(second.nextCursor).toBeNull();
  });

  it("of another tenant's environment finds nothing there", async () => {
    await publish();
    const other = await seedTenant(servers.database, `other-${tenants}`);
    const stranger = { ...acme.access, tenantId: other.tenantId };
    await expect(revisions.read(stranger, 'production', 1)).rejects.toMatchObject({ code: 'not_found' });
    await expect(weights.read(stranger, route)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('receipts', () => {
  it('are awaited from every live gateway, and shown with what was refused', async () => {
    await beat('gw_1', 0);
    await beat('gw_2', 0);
    const publishing = revisions.publish(acme.access, 'production', '', true);
    const revision = await liveRevision();
    const refusals = [{ object: 'apis/orders/routes/all', code: 'host_unproven', detail: 'not proven' }];
    expect(await receipt(servers.url, 'gw_1', revision)).toBe(204);
    expect(await receipt(servers.url, 'gw_2', revision, refusals)).toBe(204);
    expect(await publishing).toMatchObject({
      liveGateways: 2,
      receipts: [
        { gatewayId: 'gw_1', state: 'applied', refusals: [] },
        { gatewayId: 'gw_2', state: 'refused', refusals },
      ],
    });
  });

  it('of gateways that have gone make up for none that is behind', async () => {
    await publish();
    await receipt(servers.url, 'gw_gone', await liveRevision());
    await owner.query("UPDATE sluice.gateways SET last_heartbeat_at = now() - interval '1 hour'");
    await beat('gw_1', 0);
    expect(await revisions.read(acme.access, 'production', 1)).toMatchObject({
      liveGateways: 1,
      receipts: [{ gatewayId: 'gw_gone' }],
      awaited: ['gw_1'],
    });
  });

  it('of a gateway that answers twice count once, by the later answer', async () => {
    await publish();
    const revision = await liveRevision();
    await receipt(servers.url, 'gw_1', revision, [{ object: 'x', code: 'c', detail: 'd' }]);
    await receipt(servers.url, 'gw_1', revision);
    expect((await revisions.read(acme.access, 'production', 1)).receipts).toMatchObject([
      { gatewayId: 'gw_1', state: 'applied' },
    ]);
  });

  it('for what is gone are taken and forgotten', async () => {
    const gone = {
      tenantId: acme.tenantId,
      environmentId: newId('environment'),
      revision: 1,
      revisionId: newId('revision'),
    };
    expect(await receipt(servers.url, 'gw_1', gone)).toBe(204);
    expect(
      (await owner.query('SELECT FROM sluice.receipts WHERE environment_id = $1', [gone.environmentId])).rowCount,
    ).toBe(0);
  });
});

describe('delivery', () => {
  it('counts the live gateways that have reached a position of this history', async () => {
    await publish();
    const { position } = await reader.head('default');
    await beat('gw_1', position);
    await beat('gw_2', position - 1);
    await beat('gw_3', position);
    await owner.query("UPDATE sluice.gateways SET last_heartbeat_at = now() - interval '16 seconds' WHERE id = 'gw_3'");
    await heartbeat(servers.url, 'gw_4', { historyId: 'another history', position: position + 100 });
    const read = () => servers.app.get(DeliveryController).read(acme.access.tenantSlug, { position });
    expect(await read()).toEqual({ position, liveGateways: 3, reached: 1, isDelivered: false });
    await beat('gw_2', position);
    await beat('gw_4', position);
    expect(await read()).toEqual({ position, liveGateways: 3, reached: 3, isDelivered: true });
  });

  it('is not claimed when no gateway is live', async () => {
    expect(await servers.app.get(DeliveryController).read(acme.access.tenantSlug, { position: 0 })).toMatchObject({
      liveGateways: 0,
      isDelivered: false,
    });
  });
});

describe('weights', () => {
  it("are the document's until somebody sets them, and then versioned and first in line", async () => {
    await publish();
    expect((await weights.read(acme.access, route)).body).toEqual({
      route: 'orders/all',
      version: 0,
      weights: { stable: 9000, canary: 1000 },
      setBy: null,
      setAt: null,
      position: null,
    });
    const set = await weights.set(acme.access, route, { stable: 5000, canary: 5000 }, '"0"');
    const head = await reader.head('default');
    expect(set.body).toMatchObject({
      version: 1,
      weights: { stable: 5000, canary: 5000 },
      setBy: acme.access.caller.email,
      position: head.position,
    });
    const [entry] = await reader.entriesAfter('default', head.position - 1);
    expect(entry).toMatchObject({
      lane: 1,
      change: { kind: 'weights', route: 'orders/all', version: 1, weights: { stable: 5000, canary: 5000 } },
    });
    expect((await weights.read(acme.access, route)).body).toEqual(set.body);
  });

  it('stay as they were set when the environment is published again', async () => {
    await publish();
    const set = await weights.set(acme.access, route, { stable: 1, canary: 9999 }, undefined);
    await inTenant((tx) =>
      tx.plan.updateMany({ where: { environmentId: acme.environmentId }, data: { title: 'Other' } }),
    );
    expect((await publish()).number).toBe(2);
    expect((await weights.read(acme.access, route)).body).toEqual(set.body);
  });

  it('of a route that a publication takes away are forgotten here and at the gateways, and versions go on', async () => {
    await publish();
    await weights.set(acme.access, route, { stable: 1, canary: 9999 }, undefined);
    const [gone] = await inTenant((tx) => tx.route.findMany({ where: { name: 'all' } }));
    if (gone === undefined) throw new Error('there is no route to delete');
    await inTenant((tx) => tx.route.deleteMany({ where: { id: gone.id } }));
    const before = await reader.head('default');
    await publish();
    const told = await reader.entriesAfter('default', before.position);
    expect(told.map(({ change }) => change)).toMatchObject([
      { kind: 'environment', revision: 2 },
      { kind: 'weights', route: 'orders/all', version: 2, weights: {} },
    ]);
    await inTenant((tx) => tx.route.create({ data: { ...gone, spec: gone.spec as object } }));
    await publish();
    expect((await weights.read(acme.access, route)).body).toMatchObject({
      version: 2,
      weights: { stable: 9000, canary: 1000 },
    });
    expect((await weights.set(acme.access, route, { stable: 0, canary: 10_000 }, '"2"')).body.version).toBe(3);
  });

  it('of a stale version are refused, and the newer ones stay', async () => {
    await publish();
    const { etag } = await weights.read(acme.access, route);
    await weights.set(acme.access, route, { stable: 8000, canary: 2000 }, etag);
    await expect(weights.set(acme.access, route, { stable: 0, canary: 10_000 }, etag)).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    expect((await weights.read(acme.access, route)).body).toMatchObject({ version: 1, weights: { stable: 8000 } });
  });

  it.each([
    ['lack a live arm', { stable: 10_000 }, '/weights/canary'],
    ['name an arm that is not live', { stable: 5000, canary: 4000, third: 1000 }, '/weights/third'],
    ['do not make a whole', { stable: 5000, canary: 4999 }, '/weights'],
  ])('that %s are refused, and the feed stays as it was', async (_, wrong, pointer) => {
    await publish();
    const before = await reader.head('default');
    await expect(weights.set(acme.access, route, wrong, undefined)).rejects.toMatchObject({
      code: 'invalid_body',
      errors: [{ pointer }],
    });
    expect(await reader.head('default')).toEqual(before);
  });

  it('of a route that is not live yet ask for a publication first', async () => {
    await expect(weights.read(acme.access, route)).rejects.toMatchObject({ code: 'state_conflict' });
    await expect(weights.read(acme.access, { ...route, route: 'none' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

const route = { environment: 'production', api: 'orders', route: 'all' };

function inTenant<T>(use: (tx: Tx) => Promise<T>): Promise<T> {
  return servers.database.inTenant(acme.tenantId, use);
}

async function draft(): Promise<Document> {
  return inTenant((tx) => draftDocument(acme.tenantId, tx, acme.environmentId));
}

async function publish(): Promise<Revision> {
  return revisions.publish(acme.access, 'production', 'why', false);
}

async function beat(gatewayId: string, position: number): Promise<void> {
  const { historyId } = await reader.head('default');
  expect(await heartbeat(servers.url, gatewayId, { historyId, position })).toBe(200);
}

/** As a gateway learns of it: from the feed. */
async function liveRevision(): Promise<{
  tenantId: string;
  environmentId: string;
  revision: number;
  revisionId: string;
}> {
  return waitFor(
    async () => {
      const entries = await reader.entriesAfter('default', (await reader.head('default')).position - 1);
      const entry = entries.find(({ environmentId }) => environmentId === acme.environmentId);
      if (entry?.change.kind !== 'environment') return undefined;
      const { revision, revisionId } = entry.change;
      return { tenantId: acme.tenantId, environmentId: acme.environmentId, revision, revisionId };
    },
    { what: 'the revision is in the feed' },
  );
}
