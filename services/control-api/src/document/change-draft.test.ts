// Changing the whole draft at once, on real Postgres: what is cut off anywhere leaves the old draft, and who edits at the same
// time is neither overwritten nor lost.
import { canonicalJson, documentSchema, type Document } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import type { Database, Tx } from '@sluice/prisma';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { postgresRefusal } from '../http/postgres-refusal.js';
import { draftDocument } from '../publish/draft-document.js';
import { RevisionsService } from '../publish/revisions.service.js';
import { seedDraft, seedTenant, startFleetServers, type FleetServers, type Seeded } from '../testing/fleet-servers.js';
import { UpstreamsService } from '../upstreams/upstreams.service.js';
import { DocumentText } from './document-text.js';
import { DocumentService } from './document.service.js';
import { draftEtag } from './expect-draft.js';
import { PromotionService } from './promotion.service.js';

let servers: FleetServers;
let superuser: pg.Client;
let acme: Seeded;
let tenants = 0;

beforeAll(async () => {
  servers = await startFleetServers();
  superuser = new pg.Client({ connectionString: servers.postgresUrl });
  await superuser.connect();
});
afterAll(async () => {
  await superuser.end();
  await servers.stop();
});
beforeEach(async () => {
  tenants += 1;
  acme = await seedTenant(servers.database, `acme-${tenants}`);
  await servers.database.inTenant(acme.tenantId, async (tx) => seedDraft(tx, acme));
});

/** Something of every kind is added, changed and removed. */
const wanted = documentSchema.parse({
  sluice: 1,
  upstreams: { two: { targets: [{ url: 'http://two.test:9' }] }, three: { targets: [{ url: 'http://three.test' }] } },
  apis: {
    orders: {
      title: 'Orders anew',
      versioning: { by: 'header' },
      policies: [{ 'api-key': {} }],
      routes: [
        {
          name: 'new',
          match: { path: { exact: '/new' } },
          split: { arms: [{ name: 'a', upstream: 'three', weight: 10_000 }] },
        },
      ],
    },
    users: { title: 'Users', routes: [{ name: 'all', match: { path: { prefix: '/users' } }, answer: {} }] },
  },
  plans: { gold: { title: 'Gold', apis: ['users', 'orders'], limits: [{ window: '5/minute' }] } },
});

const textOf = (document: Document): DocumentText => new DocumentText(JSON.stringify(document), 'json');
const draft = async (): Promise<Document> =>
  servers.database.inTenant(acme.tenantId, async (tx) => draftDocument(acme.tenantId, tx, acme.environmentId));
const sync = async (
  document: Document,
  { ifMatch, database = servers.database }: { ifMatch?: string; database?: Database } = {},
) =>
  new DocumentService(database, servers.config).change(acme.access, 'production', textOf(document), {
    mode: 'sync',
    isDryRun: false,
    ifMatch,
  });

/** Breaks a transaction off at its n-th statement, counted from 1. */
function breakingAt(database: Database, n: number): { database: Database; count: () => number } {
  let statements = 0;
  const step = (): void => {
    statements += 1;
    if (statements === n) throw new Error('cut');
  };
  const counted = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (own, name) => {
        const value: unknown = Reflect.get(own, name);
        if (typeof value === 'object' && value !== null) return counted(value);
        if (typeof value !== 'function' || name === 'then') return value;
        return (...parameters: unknown[]): unknown => {
          step();
          return Reflect.apply(value, own, parameters);
        };
      },
    });
  return {
    database: {
      ...database,
      inTenant: (id, use, options) => database.inTenant(id, async (tx) => use(counted<Tx>(tx)), options),
    },
    count: () => statements,
  };
}

test('a sync makes the draft what the document says, in one step', async () => {
  const { body, etag } = await sync(wanted);
  expect(await draft()).toEqual(wanted);
  expect(etag).toBe(`"${body.after}"`);
  expect(draftEtag(await draft())).toBe(etag);
  expect((await sync(wanted)).body.changes).toEqual([]);
});

test('a sync cut off at any of its statements leaves the old draft', async () => {
  const before = await draft();
  const whole = breakingAt(servers.database, Infinity);
  await sync(before, whole);
  let cuts = 0;
  for (let n = 1; ; n += 1) {
    const cut = breakingAt(servers.database, n);
    const done = await sync(wanted, cut).then(
      () => true,
      (error: unknown) => (error as Error).message !== 'cut' && Promise.reject(error as Error),
    );
    if (done) break;
    cuts += 1;
    expect([n, canonicalJson(await draft())]).toEqual([n, canonicalJson(before)]);
  }
  expect(cuts).toBeGreaterThan(15);
  expect(await draft()).toEqual(wanted);
});

test('a promotion cut off at any of its statements leaves the old draft and publishes nothing', async () => {
  await servers.database.inTenant(acme.tenantId, async (tx) => {
    await tx.environment.create({
      data: { id: `env_${tenants}`, tenantId: acme.tenantId, fleetId: 'default', name: 'staging' },
    });
  });
  const revisions = servers.app.get(RevisionsService);
  await revisions.publish(acme.access, 'production', '', false);
  const promote = async (database: Database) =>
    new PromotionService(database, servers.config, revisions).promote(
      acme.access,
      'staging',
      { from: 'production', to: 'revision' },
      { isDryRun: false, shouldWait: false, ifMatch: undefined },
    );
  const staged = async (): Promise<unknown> =>
    (
      await superuser.query(
        `SELECT live_revision, (SELECT count(*)::int FROM sluice.upstreams u WHERE u.environment_id = e.id) AS upstreams,
           (SELECT count(*)::int FROM sluice.revisions r WHERE r.environment_id = e.id) AS revisions,
           (SELECT count(*)::int FROM sluice.feed f WHERE f.environment_id = e.id) AS told
         FROM sluice.environments e WHERE e.id = $1`,
        [`env_${tenants}`],
      )
    ).rows[0];
  const nothing = { live_revision: 0, upstreams: 0, revisions: 0, told: 0 };
  for (let n = 1; ; n += 1) {
    const done = await promote(breakingAt(servers.database, n).database).then(
      () => true,
      (error: unknown) => (error as Error).message !== 'cut' && Promise.reject(error as Error),
    );
    if (done) break;
    expect([n, await staged()]).toEqual([n, nothing]);
  }
  expect(await staged()).toEqual({ live_revision: 1, upstreams: 2, revisions: 1, told: 1 });
});

test('a sync whose connection Postgres ends leaves the old draft, and says that it did not happen', async () => {
  const before = await draft();
  await superuser.query('BEGIN');
  await superuser.query(`SELECT FROM sluice.plans WHERE tenant_id = $1 FOR UPDATE`, [acme.tenantId]);
  const syncing = sync(wanted).catch((error: unknown) => error);
  const waiting = async (): Promise<number | undefined> =>
    (
      await superuser.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE usename = 'sluice_app' AND wait_event_type = 'Lock'`,
      )
    ).rows[0]?.pid;
  const pid = await waitFor(waiting, { what: 'the sync waits for the plan' });
  await superuser.query('SELECT pg_terminate_backend($1)', [pid]);
  expect(postgresRefusal(await syncing)).toMatchObject({ code: 'unavailable' });
  await superuser.query('ROLLBACK');
  expect(await draft()).toEqual(before);
});

test('whoever edits an object while a sync is under way is not overwritten unseen', async () => {
  const etag = draftEtag(await draft());
  const editor = new pg.Client({ connectionString: servers.postgresUrl });
  await editor.connect();
  try {
    await editor.query('BEGIN');
    await editor.query(
      `UPDATE sluice.upstreams SET spec = jsonb_set(spec, '{timeoutMs}', '7') WHERE tenant_id = $1 AND name = 'one'`,
      [acme.tenantId],
    );
    const syncing = sync(wanted, { ifMatch: etag }).catch((error: unknown) => error);
    await waitFor(
      async () =>
        (
          await superuser.query(
            `SELECT FROM pg_stat_activity WHERE usename = 'sluice_app' AND wait_event_type = 'Lock'`,
          )
        ).rows.length > 0,
      { what: 'the sync waits for the editor' },
    );
    await editor.query('COMMIT');
    expect(await syncing).toMatchObject({ code: 'precondition_failed' });
  } finally {
    await editor.end();
  }
  expect((await draft()).upstreams['one']?.timeoutMs).toBe(7);
});

test('of ten syncs at once that name one state, one is made', async () => {
  const etag = draftEtag(await draft());
  const titled = (title: string): Document => ({ ...wanted, plans: { gold: { title, apis: ['users'], limits: [] } } });
  const answers = await Promise.allSettled(
    Array.from({ length: 10 }, async (_, index) => sync(titled(`By ${index}`), { ifMatch: etag })),
  );
  const made = answers.flatMap((answer, index) => (answer.status === 'fulfilled' ? [index] : []));
  expect(made).toHaveLength(1);
  expect((await draft()).plans['gold']?.title).toBe(`By ${made[0]}`);
  const refused = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [answer.reason as { code: string }] : [],
  );
  expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 9 }, () => 'precondition_failed'));
});

test('a sync and edits of single objects at once end in a draft that one of the orders explains', async () => {
  const upstreams = new UpstreamsService(servers.database);
  const spec = { targets: [{ url: 'http://edited.test', weight: 1 }], timeoutMs: 9 };
  for (let round = 0; round < 5; round += 1) {
    await sync(await draft());
    const answers = await Promise.allSettled([
      sync({ ...wanted, upstreams: { ...wanted.upstreams, two: { ...spec, timeoutMs: round + 1 } } }),
      upstreams.replace(acme.access, 'production', 'two', spec, undefined),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const { timeoutMs } = (await draft()).upstreams['two'] ?? {};
    expect([round + 1, 9]).toContain(timeoutMs);
    expect((await draft()).apis).toEqual(wanted.apis);
  }
});

test('a sync that Postgres gives up for a deadlock changes nothing, and asks to be repeated', async () => {
  const before = await draft();
  const editor = new pg.Client({ connectionString: servers.postgresUrl });
  await editor.connect();
  try {
    await editor.query('BEGIN');
    await editor.query(`SELECT FROM sluice.upstreams WHERE tenant_id = $1 FOR UPDATE`, [acme.tenantId]);
    const syncing = sync(wanted).catch((error: unknown) => error);
    await waitFor(
      async () =>
        (
          await superuser.query(
            `SELECT FROM pg_stat_activity WHERE usename = 'sluice_app' AND wait_event_type = 'Lock'`,
          )
        ).rows.length > 0,
      { what: 'the sync waits for the editor' },
    );
    // The editor does not look for deadlocks: it is the sync that finds this one.
    await editor.query(`SET deadlock_timeout = '1h'`);
    await editor.query(`SELECT FROM sluice.plans WHERE tenant_id = $1 FOR UPDATE`, [acme.tenantId]);
    expect(postgresRefusal(await syncing)).toMatchObject({ code: 'state_conflict' });
    await editor.query('ROLLBACK');
  } finally {
    await editor.end();
  }
  expect(await draft()).toEqual(before);
});
