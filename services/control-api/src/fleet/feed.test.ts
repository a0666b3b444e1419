// The change feed as gateways see it: over HTTP, from real Postgres.
import { randomUUID } from 'node:crypto';
import type { FeedEntry, FeedLine, Problem } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { announceGoneIn } from '../publish/environment-changes.js';
import { publishIn } from '../publish/publish-in.js';
import { FeedClient } from '../testing/feed-client.js';
import {
  fleetToken,
  seedDraft,
  seedTenant,
  startFleetServers,
  type FleetServers,
  type Seeded,
} from '../testing/fleet-servers.js';
import { identityOf } from '../testing/gateway-identity.js';
import { heartbeat } from '../testing/gateway.js';
import { appendToFeed } from './append-to-feed.js';
import { ensureFleet } from './ensure-fleet.js';
import { compactFeed } from './feed-compaction.js';
import { FeedReader, type FeedHead } from './feed.reader.js';
import { fleetsRepository } from './fleets.repository.js';

let servers: FleetServers;
let owner: pg.Client;
let acme: Seeded;
let clients: FeedClient[] = [];

beforeAll(async () => {
  servers = await startFleetServers();
  owner = new pg.Client({ connectionString: servers.postgresUrl });
  await owner.connect();
  acme = await seedTenant(servers.database, 'acme');
});

afterAll(async () => {
  await owner.end();
  await servers.stop();
});

beforeEach(async () => {
  await owner.query("DELETE FROM sluice.feed; UPDATE sluice.fleets SET compacted_to = 0 WHERE id = 'default'");
});

afterEach(() => {
  for (const client of clients) client.close();
  clients = [];
});

describe('a newcomer', () => {
  it('gets a snapshot of the newest state of each object, and then entries', async () => {
    await setWeights('orders/all', 1);
    const newer = await setWeights('orders/all', 2);
    const other = await setWeights('users/all', 1);
    const feed = await open();
    const { historyId } = await head();
    expect(summary(await feed.snapshot())).toEqual([
      { hello: 'snapshot', historyId, position: other },
      { position: newer, route: 'orders/all', version: 2 },
      { position: other, route: 'users/all', version: 1 },
      { end: other },
    ]);
    const live = await setWeights('orders/all', 3);
    expect(summary([await feed.next()])).toEqual([{ position: live, route: 'orders/all', version: 3 }]);
  });

  it('is told nothing of an environment that is gone', async () => {
    const gone = await seedTenant(servers.database, 'gone');
    await setWeights('orders/all', 1, gone);
    await servers.database.inTenant(gone.tenantId, async (tx) => {
      const environment = await tx.environment.findUniqueOrThrow({ where: { id: gone.environmentId } });
      await announceGoneIn(tx, gone.access, environment);
    });
    const kept = await setWeights('orders/all', 7);
    const lines = await (await open()).snapshot();
    expect(entriesOf(lines).map(({ position }) => position)).toEqual([kept]);
  });

  it('gets what a publication made, as the contracts describe it', async () => {
    const { access } = acme;
    const { revision, position } = await servers.database.inTenant(acme.tenantId, async (tx) => {
      await seedDraft(tx, acme);
      return publishIn(tx, {
        config: servers.config,
        tenant: access,
        environmentName: 'production',
        author: 'Ada',
        comment: '',
      });
    });
    const [entry] = entriesOf(await (await open()).snapshot());
    expect(entry).toMatchObject({
      position,
      lane: 3,
      tenantId: acme.tenantId,
      environmentId: acme.environmentId,
      change: {
        kind: 'environment',
        hosts: ['acme.localhost'],
        portalOrigins: ['http://localhost:3000', 'http://acme.localhost:3000'],
        revision: 1,
        revisionId: revision.id,
        hash: revision.hash,
      },
    });
  });
});

describe('a gateway that comes again', () => {
  it('gets exactly the entries after its position', async () => {
    const first = await setWeights('orders/all', 1);
    const second = await setWeights('orders/all', 2);
    const third = await setWeights('orders/all', 3);
    const { historyId } = await head();
    const feed = await open({ historyId, ...(await placeOf(first)) });
    expect(summary([await feed.next(), await feed.next(), await feed.next()])).toEqual([
      { hello: 'entries', historyId, position: third },
      { position: second, route: 'orders/all', version: 2 },
      { position: third, route: 'orders/all', version: 3 },
    ]);
  });

  it.each([
    ['of another history', async () => ({ ...(await placeOf((await head()).position)), historyId: 'another' })],
    [
      'that is ahead of the feed',
      async () => {
        const { historyId, position, mark } = await head();
        return { historyId, after: position + 1, mark };
      },
    ],
    [
      'that has the position, and something else there',
      async () => ({ historyId: (await head()).historyId, after: (await head()).position, mark: randomUUID() }),
    ],
    [
      'that does not say what it has there',
      async () => ({ historyId: (await head()).historyId, after: (await head()).position }),
    ],
    ['without a position', async () => ({ historyId: (await head()).historyId })],
  ])('%s gets a snapshot', async (_, resumption) => {
    await setWeights('orders/all', 1);
    const [hello] = await (await open(await resumption())).snapshot();
    expect(hello).toMatchObject({ type: 'hello', mode: 'snapshot', historyId: (await head()).historyId });
  });

  it('before the last compaction gets a snapshot, and after it the entries', async () => {
    const first = await setWeights('orders/all', 1);
    const second = await setWeights('orders/all', 2);
    const third = await setWeights('orders/all', 3);
    const [atFirst, atSecond] = [await placeOf(first), await placeOf(second)];
    expect(await compactFeed(servers.database, 'default', 0)).toBe(2);
    const { historyId, compactedTo } = await head();
    expect(compactedTo).toBe(second);
    const [hello] = await (await open({ historyId, ...atFirst })).snapshot();
    expect(hello).toMatchObject({ mode: 'snapshot' });
    const feed = await open({ historyId, ...atSecond });
    expect(summary([await feed.next(), await feed.next()])).toMatchObject([{ hello: 'entries' }, { position: third }]);
  });

  it('finds try credentials that have expired gone for good, and keys that have expired still there', async () => {
    const { tenantId, environmentId } = acme;
    const now = Date.now();
    const known = { kind: 'credential', subscriptionId: 'sub_1', state: 'active' } as const;
    const position = await servers.database.inTenant(tenantId, (tx) =>
      appendToFeed(tx, 'default', tenantId, environmentId, [
        { ...known, id: 'try_1', hash: 'a', expiresAt: now - 1, isTry: true },
        { ...known, id: 'try_2', hash: 'b', expiresAt: now + 1_000_000, isTry: true },
        { ...known, id: 'key_1', hash: 'c', expiresAt: now - 1 },
      ]),
    );
    expect(await compactFeed(servers.database, 'default', 0)).toBe(1);
    const lines = await (await open()).snapshot();
    expect(
      entriesOf(lines)
        .map((entry) => entry.position)
        .toSorted((one, other) => one - other),
    ).toEqual([position - 1, position]);
  });

  it('finds another history when the database is another one than before', async () => {
    const { historyId, position, mark } = await head();
    await owner.query("UPDATE sluice.fleets SET incarnation = 'the database that the dump was made of'");
    await ensureFleet(servers.database, fleetToken);
    const [hello] = await (await open({ historyId, after: position, mark })).snapshot();
    expect(hello).toMatchObject({ mode: 'snapshot' });
    expect((await head()).historyId).not.toBe(historyId);
    await ensureFleet(servers.database, fleetToken);
    expect(hello).toMatchObject({ historyId: (await head()).historyId });
  });
});

describe('a database that has lost its last commits', () => {
  it('gives a snapshot to a gateway that has them, whether their positions were given out again or not', async () => {
    await setWeights('orders/all', 1);
    const { kept, lost } = await loseCommits(async () => {
      await setWeights('orders/all', 2);
      await setWeights('users/all', 2);
    });
    const gateway = { historyId: kept.historyId, after: lost.position, mark: lost.mark };
    expect((await (await open(gateway)).snapshot())[0]).toMatchObject({ mode: 'snapshot', position: kept.position });
    await setWeights('users/all', 7);
    await setWeights('users/all', 8);
    const between = { ...gateway, after: lost.position - 1 };
    await setWeights('users/all', 9);
    for (const one of [gateway, between]) {
      const lines = await (await open(one)).snapshot();
      expect(summary(lines)).toMatchObject([{ hello: 'snapshot' }, { route: 'orders/all', version: 1 }, {}, {}]);
    }
  });

  it('still goes on with a gateway that has nothing of what was lost', async () => {
    await setWeights('orders/all', 1);
    const { kept } = await loseCommits(async () => setWeights('orders/all', 2));
    const next = await setWeights('users/all', 3);
    const feed = await open({ historyId: kept.historyId, after: kept.position, mark: kept.mark });
    expect(summary([await feed.next(), await feed.next()])).toMatchObject([
      { hello: 'entries' },
      { position: next, route: 'users/all', version: 3 },
    ]);
  });

  it('lets go of a gateway that listens meanwhile, at the first position that follows another', async () => {
    await setWeights('orders/all', 1);
    const feed = await open();
    await feed.snapshot();
    await loseCommits(async () => {
      const lost = await setWeights('orders/all', 2);
      expect(summary([await feed.next()])).toMatchObject([{ position: lost }]);
    });
    const again = await setWeights('orders/all', 3);
    await setWeights('orders/all', 4);
    expect(summary([await feed.next()])).toEqual([undefined]);
    expect(again).toBe((await head()).position - 1);
  });

  it('counts a gateway as behind until it has what there is now', async () => {
    await setWeights('orders/all', 1);
    const { kept, lost } = await loseCommits(async () => setWeights('orders/all', 2));
    const { historyId } = kept;
    await setWeights('orders/all', 3);
    const now = await head();
    const live = async () => servers.database.inFleet('default', (tx) => fleetsRepository.liveGateways(tx, 'default'));
    await heartbeat(servers.url, 'gw-ahead', { historyId, position: lost.position, mark: lost.mark });
    expect(await live()).toContainEqual({ id: 'gw-ahead', position: -1 });
    await heartbeat(servers.url, 'gw-ahead', { historyId, position: kept.position, mark: kept.mark });
    expect(await live()).toContainEqual({ id: 'gw-ahead', position: kept.position });
    await heartbeat(servers.url, 'gw-ahead', { historyId, position: now.position, mark: now.mark });
    expect(await live()).toContainEqual({ id: 'gw-ahead', position: now.position });
  });
});

describe('a stream', () => {
  it('says where the head is while nothing changes', async () => {
    const feed = await open();
    await feed.snapshot();
    expect(await feed.nextOfAll()).toEqual({ type: 'ping', position: (await head()).position });
  });

  it('is held back by a gateway that does not read, and lets go of its connection when that gateway goes', async () => {
    // 24 MB: far more than the buffers of both ends hold.
    await owner.query(`
      INSERT INTO sluice.feed (fleet_id, position, tenant_id, environment_id, lane, object_key, change)
      SELECT 'default', 1000000 + n, 'ten', 'env', 1, 'k' || n,
        jsonb_build_object('kind', 'weights', 'route', repeat('x', 12000), 'version', n, 'weights', '{}'::jsonb) FROM generate_series(1, 2000) n`);
    const feed = await open();
    expect(await feed.next()).toMatchObject({ type: 'hello', mode: 'snapshot' });
    await waitFor(async () => (await openSnapshots(500)) === 1, { what: 'the snapshot waits for its reader' });
    feed.close();
    await waitFor(async () => (await openSnapshots()) === 0, { what: 'the snapshot is given up' });
  });

  it('ends when the control plane stops', async () => {
    const own = await startFleetServers();
    const feed = await new FeedClient(own.url).open();
    await feed.snapshot();
    const ended = feed.next();
    await own.stop();
    expect(await ended).toBeUndefined();
  });
});

describe('the fleet token', () => {
  it.each([
    ['a wrong one', { authorization: 'Bearer not-the-token-of-this-fleet' }],
    ['none', {}],
    ['another scheme', { authorization: `Basic ${fleetToken}` }],
  ])('%s is refused with a problem that names FLEET_TOKEN', async (_, headers) => {
    for (const [method, path] of [
      ['GET', 'feed'],
      ['POST', 'heartbeats'],
      ['POST', 'receipts'],
      ['POST', 'upstream-health'],
    ] as const) {
      const res = await fetch(`${servers.url}/v1/fleet/${path}`, {
        method,
        headers: headers as Record<string, string>,
      });
      const problem = (await res.json()) as Problem;
      expect(res.status).toBe(401);
      expect(res.headers.get('content-type')).toBe('application/problem+json');
      expect(problem.code).toBe('fleet_token_invalid');
      expect(problem.detail).toContain('FLEET_TOKEN');
    }
  });

  it('that was changed in the configuration lets nobody new in by the old one, and those that are in stay', async () => {
    await ensureFleet(servers.database, 'another token of the fleet');
    await expect(identityOf(servers.url, fleetToken, 'gw-too-late')).rejects.toThrow(/401/);
    await expect(open()).resolves.toBeDefined();
    await ensureFleet(servers.database, fleetToken);
    await expect(identityOf(servers.url, fleetToken, 'gw-in-time')).resolves.toBeDefined();
  });
});

async function open(query: { historyId?: string; after?: number; mark?: string } = {}): Promise<FeedClient> {
  const client = new FeedClient(servers.url);
  clients.push(client);
  return client.open(query);
}

async function placeOf(position: number): Promise<{ after: number; mark: string }> {
  const { rows } = await owner.query<{ mark: string }>('SELECT mark FROM sluice.feed WHERE position = $1', [position]);
  return { after: position, mark: rows[0]?.mark ?? '' };
}

/** As a fail-over to a replica that had not heard of them: what they wrote is undone, the counter too. */
async function loseCommits(commits: () => Promise<unknown>): Promise<{ kept: FeedHead; lost: FeedHead }> {
  const fleet = 'position, mark, previous_mark';
  await owner.query(`CREATE TEMP TABLE kept_fleet AS SELECT ${fleet} FROM sluice.fleets WHERE id = 'default'`);
  const kept = await head();
  await commits();
  const lost = await head();
  await owner.query(`
    BEGIN;
    DELETE FROM sluice.feed WHERE position > (SELECT position FROM kept_fleet);
    UPDATE sluice.fleets SET (${fleet}) = (SELECT ${fleet} FROM kept_fleet) WHERE id = 'default';
    DROP TABLE kept_fleet;
    COMMIT`);
  return { kept, lost };
}

function head(): Promise<FeedHead> {
  return servers.app.get(FeedReader).head('default');
}

async function setWeights(route: string, version: number, { tenantId, environmentId }: Seeded = acme): Promise<number> {
  return servers.database.inTenant(tenantId, (tx) =>
    appendToFeed(tx, 'default', tenantId, environmentId, [
      { kind: 'weights', route, version, weights: { stable: 10_000 } },
    ]),
  );
}

/** @param idleMs for which nothing more of it was asked for. */
async function openSnapshots(idleMs = 0): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = 'sluice_feed' AND state = 'idle in transaction'
      AND state_change <= clock_timestamp() - make_interval(secs => $1)`,
    [idleMs / 1000],
  );
  return rows[0]?.count ?? 0;
}

function entriesOf(lines: readonly (FeedLine | undefined)[]): FeedEntry[] {
  return lines.flatMap((line) => (line?.type === 'entry' ? [line.entry] : []));
}

function summary(lines: readonly (FeedLine | undefined)[]): unknown[] {
  return lines.map((line) => {
    if (line?.type === 'hello') return { hello: line.mode, historyId: line.historyId, position: line.position };
    if (line?.type === 'snapshot-end') return { end: line.position };
    if (line?.type !== 'entry' || line.entry.change.kind !== 'weights') return line;
    return { position: line.entry.position, route: line.entry.change.route, version: line.entry.change.version };
  });
}
