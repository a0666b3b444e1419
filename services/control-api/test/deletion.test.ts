// The end of tenants and environments, against the built process and every store: deleted, restored, purged.
import type { FirstRun, Me, OperatedTenant, Page, Problem, Purge, PurgeDone, Tenant } from '@sluice/contracts';
import { createClickHouse, countPurgeable, insertSegment, type ClickHouseClient } from '@sluice/clickhouse';
import { startRedis, waitFor, type RunningRedis } from '@sluice/local-stack';
import { createDatabase, type Database, type Purge as PurgeRow } from '@sluice/prisma';
import { createLogger } from '@sluice/runtime';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPurge } from '../dist/deletion/purge-run.js';
import { openLimitBudgets } from '../dist/explain/limit-budgets.js';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { changesOf, snapshotOf } from './support/feed-snapshot.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';
import { recordsOf } from './support/records.js';
import { connectSuperuser, type Superuser } from './support/superuser.js';

let redis: RunningRedis;
let plane: ControlPlane;
let operator: Person;
let superuser: Superuser;
let clickhouse: ClickHouseClient;
let counters: Redis;
let database: Database;

beforeAll(async () => {
  redis = await startRedis();
  // What is deleted an hour ago is purged: tests say of what that holds.
  const env = { OPERATORS: 'operator@platform.test', REDIS_LIMITS_URL: redis.url, PURGE_DELAY_SECONDS: '3600' };
  plane = await startControlPlane({ withClickHouse: true, env });
  operator = await new Person(plane, 'operator@platform.test').signUp();
  superuser = await connectSuperuser(plane.postgresUrl);
  clickhouse = createClickHouse(plane.env['CLICKHOUSE_URL'] ?? '');
  counters = new Redis(redis.url);
  const witness = async (): Promise<void> => {
    throw new Error('a purge changes nothing that the audit log tells of');
  };
  database = createDatabase({ url: plane.env['DATABASE_URL'] ?? '', witness });
});
afterAll(async () => {
  counters.disconnect();
  await Promise.all([database.close(), clickhouse.close(), superuser.end()]);
  await plane.stop();
  await redis.stop();
});

const idOf = async (tenant: FurnishedTenant): Promise<string> =>
  (await tenant.owner.ask<Tenant>('GET', `/v1/tenants/${tenant.values['tenant']}`)).id;
const hostsOf = async (slug: string): Promise<string[]> =>
  changesOf(await snapshotOf(plane)).flatMap((change) =>
    change.kind === 'environment' && change.tenantSlug === slug ? change.hosts : [],
  );
const purgeOf = async (tenantId: string): Promise<Purge | undefined> =>
  (await operator.ask<Page<Purge>>('GET', '/v1/operator/purges?limit=100')).items.find(
    (purge) => purge.tenantId === tenantId && purge.environmentId === null,
  );

/** Rows in ClickHouse and keys in Redis, as if it had been called. */
async function useTenant(tenant: FurnishedTenant): Promise<void> {
  const tenantId = await idOf(tenant);
  const { id: environmentId } = await tenant.owner.ask<{ id: string }>('GET', tenant.base);
  await insertSegment(clickhouse, recordsOf({ tenantId, environmentId, count: 5 }));
  for (const id of [environmentId, tenant.values['subscription'] ?? ''])
    await counters.hset(`sluice:limit:{l0}:${id}/window-60000:window60000`, 'used', 1);
}

async function rowsOf(tenantId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [table, rows] of await superuser.dump())
    counts[table] = rows.filter(
      (row) => (table === 'sluice.tenants' ? row['id'] : row['tenant_id']) === tenantId,
    ).length;
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** As if the days of grace had passed long ago. */
const longAgo = (tenantId: string): Promise<unknown> =>
  superuser.query(
    "UPDATE sluice.tenants SET deleted_at = now() - interval '31 days', purge_at = now() - interval '1 day' WHERE id = $1",
    [tenantId],
  );

test('a tenant is deleted by who types its slug: it is served nowhere, changes nothing, and is restored as it was', async () => {
  const { owner } = await furnishTenant(plane, 'back');
  expect(await owner.send<Problem>('DELETE', '/v1/tenants/back')).toMatchObject({
    status: 400,
    body: { code: 'invalid_query', errors: [{ pointer: '/confirm' }] },
  });
  expect(await owner.send<Problem>('DELETE', '/v1/tenants/back?confirm=bakc')).toMatchObject({
    status: 400,
    body: { code: 'invalid_query', errors: [{ pointer: '/confirm' }] },
  });
  expect(await hostsOf('back')).toEqual(['back.localhost']);
  const deleted = await owner.ask<Tenant>('DELETE', '/v1/tenants/back?confirm=back');
  const days =
    (Date.parse(deleted.deletion?.purgeAt ?? '') - Date.parse(deleted.deletion?.deletedAt ?? '')) / 86_400_000;
  expect(days).toBe(30);
  expect(await hostsOf('back')).toEqual([]);
  const [membership] = (await owner.ask<Me>('GET', '/v1/me')).memberships;
  expect(membership).toMatchObject({ tenant: 'back', purgeAt: deleted.deletion?.purgeAt });
  expect(await owner.ask<Tenant>('GET', '/v1/tenants/back')).toMatchObject({ deletion: deleted.deletion });
  for (const [method, path, body] of [
    ['PATCH', '/v1/tenants/back', { title: 'Renamed' }],
    ['POST', '/v1/tenants/back/environments/production/publish', {}],
    ['DELETE', '/v1/tenants/back?confirm=back', undefined],
  ] as const)
    expect(await owner.send<Problem>(method, path, body), path).toMatchObject({
      status: 403,
      body: { code: 'tenant_deleted' },
    });
  expect((await owner.send('GET', '/v1/portal/back')).status).toBe(404);
  expect(await owner.ask<Tenant>('POST', '/v1/tenants/back/restore', {})).toMatchObject({ deletion: null });
  expect(await hostsOf('back')).toEqual(['back.localhost']);
  expect((await owner.send('PATCH', '/v1/tenants/back', { title: 'Renamed' })).status).toBe(200);
  expect((await owner.send('GET', '/v1/portal/back')).status).toBe(200);
  expect(await owner.send<Problem>('POST', '/v1/tenants/back/restore', {})).toMatchObject({
    status: 409,
    body: { code: 'state_conflict' },
  });
});

test('the operator deletes and restores a tenant; what the operator has suspended its owner does not bring back', async () => {
  const { owner } = await furnishTenant(plane, 'stern');
  const path = '/v1/operator/tenants/stern';
  await operator.ask('PATCH', path, { isSuspended: true });
  await operator.ask('DELETE', `${path}?confirm=stern`);
  expect(await operator.ask<OperatedTenant>('GET', path)).toMatchObject({ deletion: { purgeAt: expect.any(String) } });
  expect(await owner.send<Problem>('POST', '/v1/tenants/stern/restore', {})).toMatchObject({
    status: 403,
    body: { code: 'tenant_suspended' },
  });
  await operator.ask('PATCH', path, { isSuspended: false });
  expect(await hostsOf('stern')).toEqual([]);
  await operator.ask('POST', `${path}/restore`, {});
  expect(await hostsOf('stern')).toEqual(['stern.localhost']);
});

test('a tenant that nobody owns any more is restored with an owner whom the operator names, and not without', async () => {
  const { owner } = await furnishTenant(plane, 'orphan');
  await owner.ask('DELETE', '/v1/tenants/orphan?confirm=orphan');
  await owner.ask('POST', '/v1/me/deletion', { confirm: owner.email, password: owner.password });
  const path = '/v1/operator/tenants/orphan/restore';
  expect(await operator.send<Problem>('POST', path, {})).toMatchObject({
    status: 400,
    body: { code: 'invalid_body', errors: [{ pointer: '/owner' }] },
  });
  const heir = await new Person(plane, 'heir@orphan.test').signUp();
  expect(await operator.ask<Tenant>('POST', path, { owner: heir.email })).toMatchObject({ deletion: null });
  await waitFor(() => plane.mail.messages(heir.email).find(({ subject }) => subject.startsWith('You are invited')), {
    what: 'the new owner is told',
    timeoutMs: 30_000,
  });
  expect((await heir.ask<Me>('GET', '/v1/me')).memberships).toMatchObject([{ tenant: 'orphan', role: 'owner' }]);
  expect(await hostsOf('orphan')).toEqual(['orphan.localhost']);
  await operator.ask('DELETE', '/v1/operator/tenants/orphan?confirm=orphan');
  expect(await operator.send<Problem>('POST', path, { owner: 'another@orphan.test' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_body', errors: [{ pointer: '/owner' }] },
  });
});

test('a tenant whose days are over is purged from every store, leaves a receipt, and its slug is nobody else’s', async () => {
  const [gone, kept] = [await furnishTenant(plane, 'gone'), await furnishTenant(plane, 'kept')];
  for (const tenant of [gone, kept]) await useTenant(tenant);
  const [tenantId, keptId] = [await idOf(gone), await idOf(kept)];
  const before = await rowsOf(tenantId);
  expect(Object.keys(before).length).toBeGreaterThan(12);
  await gone.owner.ask('DELETE', '/v1/tenants/gone?confirm=gone');
  await longAgo(tenantId);
  expect(await gone.owner.send<Problem>('POST', '/v1/tenants/gone/restore', {})).toMatchObject({
    body: { code: 'state_conflict' },
  });
  const purge = await waitFor(
    async () => {
      const found = await purgeOf(tenantId);
      return found?.finishedAt === null ? undefined : found;
    },
    { what: 'the tenant is purged', timeoutMs: 60_000 },
  );
  expect(Object.keys(await rowsOf(tenantId))).toEqual(['audit.heads', 'sluice.feed']);
  const told = changesOf(await snapshotOf(plane)).flatMap((change) =>
    change.kind === 'environment' ? change.tenantSlug : [],
  );
  expect(told).toContain('kept');
  expect(told).not.toContain('gone');
  expect(await countPurgeable(clickhouse, { tenantId })).toMatchObject({ requests: 0, requests_1m: 0, latency_1m: 0 });
  expect(await countPurgeable(clickhouse, { tenantId: keptId })).toMatchObject({ requests: 5 });
  expect(await counters.dbsize()).toBe(2);
  expect(purge).toMatchObject({ slug: 'gone', name: 'gone', done: { limits: { isConnected: true, keys: 2 } } });
  expect(purge.done.records?.['requests']).toBe(5);
  expect(purge.done.usage?.reduce((sum, { requests }) => sum + requests, 0)).toBe(5);
  expect(purge.done.auditHead?.seq).toBe(before['sluice.audit_entries']! + 1);
  expect(purge.done.rows).toMatchObject({ environments: 1, members: 2, routes: 1, revisions: 1 });
  expect(await gone.owner.send<Problem>('POST', '/v1/tenants', { slug: 'gone', title: 'Again' })).toMatchObject({
    status: 409,
    body: { code: 'name_taken' },
  });
  expect(plane.lines.join('\n')).not.toContain('a purge was cut off');
});

test('a purge that is cut off after any piece of its work goes on, and its receipt counts every row once', async () => {
  const cut = new Error('cut off');
  const logger = createLogger('tests', 'silent');
  const limitBudgets = openLimitBudgets({ redisUrls: [redis.url] }, logger);
  const purged = async (slug: string, mostPieces: number): Promise<{ done: PurgeDone; runs: number }> => {
    const tenant = await furnishTenant(plane, slug);
    await useTenant(tenant);
    const tenantId = await idOf(tenant);
    await tenant.owner.ask('DELETE', `/v1/tenants/${slug}?confirm=${slug}`);
    await superuser.query('UPDATE sluice.tenants SET purge_at = now() WHERE id = $1', [tenantId]);
    const id = `pur_${tenantId.slice(4)}`;
    const row = await database.inTenant(tenantId, (tx) =>
      tx.purge.create({ data: { id, ofTenant: tenantId, slug, name: slug, deletedAt: new Date(), done: {} } }),
    );
    let runs = 0;
    for (;;) {
      let pieces = 0;
      const onPiece = (): void => {
        pieces += 1;
        if (pieces > mostPieces) throw cut;
      };
      runs += 1;
      const end = await runPurge({ database, clickhouse, limitBudgets, onPiece }, row).then(
        () => 'finished',
        (error: unknown) => error,
      );
      if (end === 'finished') break;
      expect(end).toBe(cut);
      expect(runs).toBeLessThan(100);
    }
    expect(Object.keys(await rowsOf(tenantId))).toEqual(['audit.heads', 'sluice.feed']);
    const [after] = await superuser.query<PurgeRow>('SELECT done FROM sluice.purges WHERE id = $1', [id]);
    return { done: after?.done as PurgeDone, runs };
  };
  try {
    const { done: whole, runs: runsOfWhole } = await purged('whole', 1_000);
    const { done: cutUp, runs } = await purged('cut-up', 3);
    expect(runsOfWhole).toBe(1);
    expect(runs).toBeGreaterThan(3);
    for (const part of ['records', 'rows', 'limits'] as const) expect(cutUp[part], part).toEqual(whole[part]);
    expect(cutUp.feed?.entries).toBe(whole.feed?.entries);
  } finally {
    limitBudgets.close();
  }
});

test('a deleted environment is unseen at once, its name is free, and its rows go in the background', async () => {
  const { owner } = await furnishTenant(plane, 'rooms');
  const base = '/v1/tenants/rooms/environments';
  const first = await owner.ask<{ id: string }>('POST', base, { name: 'staging' });
  const run = { name: 'orders', title: 'Orders', upstreamUrl: 'demo' };
  const { key } = await owner.ask<FirstRun>('POST', `${base}/staging/first-run`, run);
  expect(key).toBeTruthy();
  await owner.ask('DELETE', `${base}/staging`);
  expect((await owner.send('GET', `${base}/staging`)).status).toBe(404);
  expect((await owner.ask<Page<{ name: string }>>('GET', base)).items.map(({ name }) => name)).toEqual(['production']);
  const second = await owner.ask<{ id: string }>('POST', base, { name: 'staging' });
  expect(second.id).not.toBe(first.id);
  const left = async (environmentId: string): Promise<number> =>
    (await superuser.query('SELECT FROM sluice.upstreams WHERE environment_id = $1', [environmentId])).length;
  expect(await left(first.id)).toBeGreaterThan(0);
  await superuser.query("UPDATE sluice.purges SET deleted_at = now() - interval '2 hours' WHERE of_environment = $1", [
    first.id,
  ]);
  await waitFor(
    async () => {
      const [row] = await superuser.query<{ done: boolean }>(
        'SELECT finished_at IS NOT NULL AS done FROM sluice.purges WHERE of_environment = $1',
        [first.id],
      );
      return row?.done === true ? true : undefined;
    },
    { what: 'the environment is purged', timeoutMs: 60_000 },
  );
  expect(await left(first.id)).toBe(0);
  expect(await superuser.query('SELECT FROM sluice.environments WHERE id = $1', [first.id])).toEqual([]);
  expect((await owner.send('GET', `${base}/staging`)).status).toBe(200);
});

test('a person deletes the account, and every store and audit log forgets them; sole owners hand over first', async () => {
  const { owner } = await furnishTenant(plane, 'people');
  const person = await new Person(plane, 'leaving@people.test').signUp();
  await person.ask('POST', '/v1/portal/people/quick-start', { plan: 'free' });
  await owner.ask('POST', '/v1/tenants/people/members', { email: person.email, role: 'admin' });
  await person.ask('PATCH', '/v1/tenants/people', { title: 'Renamed by who leaves' });
  await person.ask('POST', '/v1/tenants', { slug: 'persons-own', title: 'Own' });
  const { email, password } = person;
  expect(
    await person.send<Problem>('POST', '/v1/me/deletion', { confirm: 'somebody@people.test', password }),
  ).toMatchObject({ body: { code: 'invalid_body', errors: [{ pointer: '/confirm' }] } });
  const refused = await person.send<Problem>('POST', '/v1/me/deletion', { confirm: email, password });
  expect(refused).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  expect(refused.body.detail).toContain('persons-own');
  await person.ask('DELETE', '/v1/tenants/persons-own?confirm=persons-own');
  const { id } = await person.ask<Me>('GET', '/v1/me');
  await person.ask('POST', '/v1/me/deletion', { confirm: email, password });
  expect((await person.send('GET', '/v1/me')).status).toBe(401);
  await waitFor(
    async () => (await superuser.query('SELECT FROM sluice.erasures WHERE finished_at IS NULL')).length === 0,
    { what: 'audit logs have forgotten the person', timeoutMs: 60_000 },
  );
  // What the feed says of a key names its subscription alone.
  const rows = [...(await superuser.dump())].filter(([, own]) => JSON.stringify(own, asText).includes(person.email));
  expect(rows.map(([table]) => table)).toEqual([]);
  const named = [...(await superuser.dump())].filter(([, own]) => JSON.stringify(own, asText).includes(id));
  expect(named.map(([table]) => table)).toEqual([]);
  expect(await owner.ask('GET', '/v1/tenants/people/audit-log/verify')).toMatchObject({ isIntact: true });
  const revoked = changesOf(await snapshotOf(plane)).filter(
    (change) => change.kind === 'credential' && change.state === 'revoked',
  );
  expect(revoked.length).toBeGreaterThan(0);
});

test('who has a session alone deletes no account: the password is asked for, and how often it is tried is counted', async () => {
  const person = await new Person(plane, 'left-open@people.test').signUp();
  const body = { confirm: person.email };
  expect(await person.send<Problem>('POST', '/v1/me/deletion', body)).toMatchObject({
    status: 400,
    body: { code: 'invalid_body', errors: [{ pointer: '/password' }] },
  });
  const guess = async (): Promise<string> =>
    (await person.send<Problem>('POST', '/v1/me/deletion', { ...body, password: 'a guess' })).body.code;
  for (let n = 0; n < 10; n += 1) expect(await guess()).toBe('wrong_credentials');
  expect(await guess()).toBe('too_many_attempts');
  expect(await person.ask<Me>('GET', '/v1/me')).toMatchObject({ email: person.email });
});

test('audit logs go on to speak of those whose addresses hold that of a person who has gone', async () => {
  const { owner } = await furnishTenant(plane, 'namesakes');
  const person = await new Person(plane, 'ada+x@namesakes.test').signUp();
  const others = ['an.ada+x@namesakes.test', 'ada+x@namesakes.test.example', 'ada+x@namesakes.testing'];
  for (const email of [person.email, ...others])
    await owner.ask('POST', '/v1/tenants/namesakes/members', { email, role: 'viewer' });
  await person.ask('POST', '/v1/me/deletion', { confirm: person.email, password: person.password });
  await waitFor(
    async () => (await superuser.query('SELECT FROM sluice.erasures WHERE finished_at IS NULL')).length === 0,
    { what: 'audit logs have forgotten the person', timeoutMs: 60_000 },
  );
  const told = JSON.stringify(await superuser.query('SELECT content FROM sluice.audit_entries'), asText);
  for (const email of others) expect(told).toContain(`"${email}"`);
  expect(told).not.toContain(`"${person.email}"`);
});

const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
