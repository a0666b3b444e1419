// No query without an index. Postgres is told to read no table from end to end where it has another way, so that it does so even
// to tables as small as those of a test only when no index serves; it counts those times itself. Every endpoint that
// reads is asked, and what usually changes is changed.
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAnother, type AnotherProcess } from './support/another-process.js';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { endpoints, filled, keyOf } from './support/endpoints.js';
import { snapshotOf } from './support/feed-snapshot.js';
import { furnishTenant } from './support/furnished-tenant.js';
import { connectSuperuser, type Superuser } from './support/superuser.js';

let plane: ControlPlane;
let database: Superuser;
let counted: AnotherProcess;

beforeAll(async () => {
  plane = await startControlPlane({ withClickHouse: true, env: { OPERATORS: 'owner@own.test' } });
  database = await connectSuperuser(plane.postgresUrl);
  // What the first process did before it was told counts for nothing.
  await plane.process.stop();
  await allHaveGone();
  await database.query('ALTER SYSTEM SET enable_seqscan = off');
  await database.query('SELECT pg_reload_conf()');
  await waitFor(async () => (await database.query('SHOW enable_seqscan'))[0]?.['enable_seqscan'] === 'off', {
    what: 'Postgres has read its settings again',
  });
  await database.query('SELECT pg_stat_reset()');
  const { PORT = '', OPS_PORT = '' } = plane.env;
  counted = await startAnother(plane, { PORT, OPS_PORT });
});
afterAll(async () => {
  await counted.process.stop();
  await database.end();
  await plane.stop();
});

/** A connection hands in what it counted before it is gone from this list, and at its leisure until then. */
async function allHaveGone(): Promise<void> {
  await waitFor(
    async () => (await database.query("SELECT FROM pg_stat_activity WHERE usename LIKE 'sluice\\_%'")).length === 0,
    { what: 'Postgres has let go of all connections of control-api' },
  );
}

const range = `from=${encodeURIComponent('2026-01-01T00:00:00Z')}&to=${encodeURIComponent('2026-01-02T00:00:00Z')}`;
const queryOf = (key: string): string => {
  if (/analytics|requests$/.test(key)) return `?${range}`;
  return key.endsWith('/delivery') ? '?position=0' : '';
};
const environment = '/v1/tenants/:tenant/environments/:environment';

/** From the first to the last: what one needs is made by those before it. */
const changes: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['PATCH', '/v1/tenants/:tenant', { title: 'Renamed' }],
  ['PATCH', '/v1/tenants/:tenant/members/:member', { role: 'developer' }],
  ['PATCH', '/v1/tenants/:tenant/service-accounts/:account', { role: 'viewer' }],
  ['POST', `/v1/tenants/:tenant/environments`, { name: 'staging' }],
  ['POST', `${environment}/hosts`, { host: 'two.own.test' }],
  ['POST', `${environment}/hosts/:host/verify`, {}],
  ['DELETE', `${environment}/hosts/:host`],
  ['PUT', `${environment}/secrets/:secret`, { value: 'another value' }],
  ['PUT', `${environment}/upstreams/:upstream`, { targets: [{ url: 'http://one.test' }] }],
  ['PATCH', `${environment}/apis/:api`, { title: 'One' }],
  ['PUT', `${environment}/plans/:plan`, { title: 'Free', apis: ['orders'], limits: [] }],
  ['POST', `${environment}/document/validate`, { sluice: 1 }],
  ['POST', `${environment}/document/diff`, { sluice: 1 }],
  ['POST', `${environment}/document/apply`, { sluice: 1 }],
  ['POST', `${environment}/publish`, { comment: 'with indexes' }],
  ['POST', `${environment}/revisions/:number/republish`, {}],
  ['POST', `${environment}/explain`, { url: 'http://own.localhost/orders' }],
  ['PATCH', `${environment}/applications/:application`, { title: 'One' }],
  ['PATCH', `${environment}/credentials/:credential`, { name: 'One' }],
  ['POST', `${environment}/credentials/:credential/rotate`, { overlapMs: 60_000 }],
  ['DELETE', `${environment}/credentials/:credential`],
  ['DELETE', `${environment}/subscriptions/:subscription/credentials`],
  ['PATCH', `${environment}/subscriptions/:subscription`, { state: 'suspended' }],
  ['DELETE', `${environment}/subscriptions/:subscription`],
  ['DELETE', `${environment}/applications/:application`],
  ['DELETE', '/v1/tenants/:tenant/service-accounts/:account/tokens/:serviceToken'],
  ['DELETE', '/v1/tenants/:tenant/service-accounts/:account'],
  ['DELETE', '/v1/tenants/:tenant/members/:member'],
  ['DELETE', '/v1/me/tokens/:personalToken'],
  ['DELETE', `${environment}/apis/:api/routes/:route`],
  ['DELETE', '/v1/tenants/:tenant/environments/staging'],
];

test('every query has an index to use', async () => {
  await furnishTenant(plane, 'other');
  const own = await furnishTenant(plane, 'own');
  const { token } = await own.owner.ask<{ token: string }>('POST', '/v1/me/tokens', { name: 'indexes' });
  const failed: string[] = [];
  const ask = async (method: string, path: string, body?: object): Promise<void> => {
    const headers = path === '/v1/token' ? { authorization: `Bearer ${token}` } : {};
    const { status } = await own.owner.send(method, filled(path, own.values), body, headers);
    if (status >= 300) failed.push(`${status} ${method} ${path}`);
  };
  for (const endpoint of endpoints.filter(({ method, path }) => method === 'GET' && !path.startsWith('/v1/fleet/')))
    await ask('GET', `${endpoint.path}${queryOf(keyOf(endpoint))}`);
  for (const [method, path, body] of changes) await ask(method, path, body);
  await snapshotOf(plane);
  // Nobody has made the request that is asked for.
  expect(failed).toEqual([`404 GET ${environment}/requests/:request`]);
  await counted.process.stop();
  await allHaveGone();
  const tables = await database.query<Counters>(`
    SELECT format('%I.%I', schemaname, relname) AS name, seq_scan::int AS seq, coalesce(idx_scan, 0)::int AS indexed
    FROM pg_stat_user_tables WHERE schemaname IN ('sluice', 'auth') ORDER BY 1`);
  expect(tables.reduce((sum, { indexed }) => sum + indexed, 0)).toBeGreaterThan(1_000);
  expect(tables.filter(({ seq }) => seq > 0)).toEqual([]);
});

interface Counters extends Record<string, unknown> {
  readonly name: string;
  readonly seq: number;
  readonly indexed: number;
}
