// What a transaction's setting lets through, and what it does not.
import { bootTestServers, type BootedTestServers } from '@sluice/local-stack';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mostToldChanges, type OmittedChanges } from './captured-changes.js';
import { createDatabase, type Database } from './database.js';
import { migrate } from './migrate.js';
import { roleUrls } from './roles.js';

const passwords = { app: 'app', auth: 'auth', feed: 'feed' };
let servers: BootedTestServers<{ postgres: true }>;
const omitted: OmittedChanges[] = [];
let database: Database;
/** The titles alone. */
let witnessed: { tenantId: string; table: string; before: unknown; after: unknown }[] = [];

beforeAll(async () => {
  servers = await bootTestServers({ postgres: true });
  await migrate({ url: servers.postgres.url, roles: passwords });
  const owner = new pg.Client({ connectionString: servers.postgres.url });
  await owner.connect();
  await owner.query(`
    INSERT INTO sluice.fleets (id, token_hash, history_id, incarnation) VALUES ('default', 'h', 'h', 'i'), ('other', 'h', 'h', 'i');
    INSERT INTO auth.identity (id, name, email) VALUES ('idn_ada', 'Ada', 'ada@a.test'), ('idn_bob', 'Bob', 'bob@b.test');
    INSERT INTO sluice.tenants (id, slug, title) VALUES ('ten_a', 'acme', 'Acme'), ('ten_b', 'best', 'Best'), ('ten_c', 'calm', 'Calm');
    INSERT INTO sluice.environments (id, tenant_id, fleet_id, name)
      VALUES ('env_a', 'ten_a', 'default', 'production'), ('env_b', 'ten_b', 'default', 'production'), ('env_c', 'ten_c', 'other', 'production');
    INSERT INTO sluice.members (id, tenant_id, identity_id, email, role, state) VALUES
      ('mem_ada', 'ten_a', 'idn_ada', 'ada@a.test', 'owner', 'active'),
      ('mem_bob', 'ten_b', 'idn_bob', 'bob@b.test', 'owner', 'active'),
      ('mem_inv', 'ten_b', NULL, 'ada@a.test', 'viewer', 'invited'),
      ('mem_role', 'ten_c', NULL, 'ada@a.test', 'viewer', 'invited');`);
  await owner.query(
    "CREATE FUNCTION public.rename_quietly() RETURNS void LANGUAGE sql AS 'UPDATE sluice.tenants SET title = ''hidden'''",
  );
  await owner.end();
  // One connection: whatever a transaction left behind on it, the next one would meet.
  database = createDatabase({
    url: roleUrls(servers.postgres.url, passwords).app,
    maxConnections: 1,
    witness: async (_, tenantId, changes) => {
      omitted.push(...changes.rest);
      for (const { table, before, after } of changes.told) {
        if (after?.['title'] === 'refused') throw new Error('the witness refuses');
        witnessed.push({ tenantId, table, before: before?.['title'], after: after?.['title'] });
      }
    },
  });
});

afterAll(async () => {
  await database.close();
  await servers.stop();
});

it('a tenant sees itself alone', async () => {
  expect(await database.inTenant('ten_a', (tx) => tx.tenant.findMany({ select: { slug: true } }))).toEqual([
    { slug: 'acme' },
  ]);
});

it('nobody sees nothing, also on a connection that served a tenant before', async () => {
  await database.inTenant('ten_a', (tx) => tx.environment.count());
  expect(await database.inNone((tx) => tx.environment.count())).toBe(0);
  expect(await database.inNone((tx) => tx.tenant.count())).toBe(0);
});

it('a failed use case leaves nothing behind, whichever of its statements failed', async () => {
  const broken = database.inTenant('ten_a', async (tx) => {
    await tx.upstream.create({ data: { id: 'ups_1', tenantId: 'ten_a', environmentId: 'env_a', name: 'u', spec: {} } });
    throw new Error('broken after the write');
  });
  await expect(broken).rejects.toThrow('broken after the write');
  expect(await database.inTenant('ten_a', (tx) => tx.upstream.count())).toBe(0);
});

it('a new tenant is made under its own id, and under no other', async () => {
  const tenant = { slug: 'dawn', title: 'Dawn' };
  await expect(
    database.inTenant('ten_d', (tx) => tx.tenant.create({ data: { id: 'ten_e', ...tenant } })),
  ).rejects.toThrow(/row-level security/);
  await database.inTenant('ten_d', (tx) => tx.tenant.create({ data: { id: 'ten_d', ...tenant } }));
  expect(await database.inTenant('ten_d', (tx) => tx.tenant.count())).toBe(1);
});

it('a person sees their own memberships across tenants, and nothing else of these tenants', async () => {
  await database.inIdentity('idn_ada', undefined, async (tx) => {
    expect(await tx.member.findMany({ select: { id: true } })).toEqual([{ id: 'mem_ada' }]);
    expect(await tx.tenant.findMany({ select: { slug: true } })).toEqual([{ slug: 'acme' }]);
    expect(await tx.environment.count()).toBe(0);
  });
});

it('a person cannot raise their own role', async () => {
  const raised = database.inIdentity('idn_ada', 'ada@a.test', (tx) =>
    tx.member.updateMany({ where: { id: 'mem_ada' }, data: { role: 'owner' } }),
  );
  expect(await raised).toEqual({ count: 0 });
});

it('an invitation is seen and claimed by its address alone, and only for the person themself', async () => {
  const claim = (identityId: string, email: string | undefined, as: string) =>
    database.inIdentity(identityId, email, (tx) =>
      tx.member.updateMany({ where: { id: 'mem_inv' }, data: { identityId: as, state: 'active' } }),
    );
  expect(await claim('idn_bob', 'bob@b.test', 'idn_bob')).toEqual({ count: 0 });
  expect(await claim('idn_ada', undefined, 'idn_ada')).toEqual({ count: 0 });
  await expect(claim('idn_ada', 'ada@a.test', 'idn_bob')).rejects.toThrow(/row-level security/);
  expect(await claim('idn_ada', 'Ada@A.test', 'idn_ada')).toEqual({ count: 1 });
});

it('who claims an invitation takes the role that it gives, and nothing else of it changes', async () => {
  const claim = (data: { role?: 'owner'; email?: string; tenantId?: string; id?: string }) =>
    database.inIdentity('idn_ada', 'ada@a.test', (tx) =>
      tx.member.updateMany({ where: { id: 'mem_role' }, data: { identityId: 'idn_ada', state: 'active', ...data } }),
    );
  await expect(claim({ role: 'owner' })).rejects.toThrow(/claimed as it is/);
  await expect(claim({ tenantId: 'ten_a' })).rejects.toThrow(/claimed as it is/);
  await expect(claim({ id: 'mem_other' })).rejects.toThrow(/claimed as it is/);
  const row = { id: 'mem_role', tenantId: 'ten_c' };
  await database.inTenant('ten_c', (tx) => tx.member.update({ where: { tenantId_id: row }, data: { role: 'admin' } }));
  expect(await claim({})).toEqual({ count: 1 });
});

it('what a transaction changed, its witness is told, row by row; reading is nothing to tell', async () => {
  witnessed = [];
  await database.inTenant('ten_a', async (tx) => {
    await tx.tenant.findMany();
    await tx.$queryRaw`SELECT id FROM sluice.tenants FOR UPDATE`;
  });
  expect(witnessed).toEqual([]);
  await database.inTenant('ten_a', (tx) => tx.tenant.update({ where: { id: 'ten_a' }, data: { title: 'By model' } }));
  await database.inSlug('acme', (tx) => tx.$executeRaw`UPDATE sluice.tenants SET title = 'By SQL'`);
  expect(witnessed).toEqual([
    { tenantId: 'ten_a', table: 'tenants', before: 'Acme', after: 'By model' },
    { tenantId: 'ten_a', table: 'tenants', before: 'By model', after: 'By SQL' },
  ]);
});

it('what its witness refuses is not changed, and neither is what was written by a SELECT behind its back', async () => {
  const rename = (title: string) =>
    database.inTenant('ten_a', (tx) => tx.tenant.update({ where: { id: 'ten_a' }, data: { title } }));
  await expect(rename('refused')).rejects.toThrow('the witness refuses');
  await rename('Acme');
  const hidden = database.inTenant('ten_a', (tx) => tx.$queryRaw`SELECT 1 FROM rename_quietly()`);
  await expect(hidden).rejects.toThrow(/has no entry in the audit log/);
  expect(await database.inTenant('ten_a', (tx) => tx.tenant.findMany({ select: { title: true } }))).toEqual([
    { title: 'Acme' },
  ]);
});

it('a slug leads to its tenant, and an unknown one to nothing', async () => {
  const found = await database.inSlug('best', async (tx, tenant) => ({
    tenant,
    environments: await tx.environment.findMany({ select: { id: true } }),
  }));
  expect(found).toEqual({ tenant: { id: 'ten_b', slug: 'best', title: 'Best' }, environments: [{ id: 'env_b' }] });
  expect(await database.inSlug('nobody', () => Promise.resolve('called'))).toBeUndefined();
});

it("the hash of a service account's token leads to its tenant, and to no other token there", async () => {
  const expiresAt = new Date(Date.now() + 60_000);
  for (const [tenantId, name] of [
    ['ten_a', 'a'],
    ['ten_b', 'b'],
  ] as const) {
    await database.inTenant(tenantId, async (tx) => {
      await tx.serviceAccount.create({ data: { id: `svc_${name}`, tenantId, name, role: 'viewer' } });
      const token = { tenantId, serviceAccountId: `svc_${name}`, hint: '', scope: {}, expiresAt };
      await tx.serviceToken.create({ data: { id: `sat_${name}`, name, hash: `hash-${name}`, ...token } });
    });
  }
  const found = await database.inServiceToken('hash-b', async (tx, token) => ({
    token: token.id,
    tokens: await tx.serviceToken.findMany({ select: { id: true } }),
    tenants: await tx.tenant.findMany({ select: { id: true } }),
  }));
  expect(found).toEqual({ token: 'sat_b', tokens: [{ id: 'sat_b' }], tenants: [{ id: 'ten_b' }] });
  expect(await database.inServiceToken('hash-c', () => Promise.resolve('called'))).toBeUndefined();
  expect(await database.inNone((tx) => tx.serviceToken.count())).toBe(0);
});

it('the operator finds every tenant, sees nothing in them and changes none', async () => {
  const [tenants, environments, members, renamed] = await database.inOperator(async (tx) => [
    await tx.tenant.count(),
    await tx.environment.count(),
    await tx.member.count(),
    await tx.tenant.updateMany({ data: { title: 'Renamed' } }),
  ]);
  expect({ environments, members, renamed }).toEqual({ environments: 0, members: 0, renamed: { count: 0 } });
  expect(tenants).toBeGreaterThan(2);
});

it('a suspended tenant has no slug that leads to it', async () => {
  const suspend = (suspendedAt: Date | null) =>
    database.inTenant('ten_c', (tx) => tx.tenant.update({ where: { id: 'ten_c' }, data: { suspendedAt } }));
  const find = () => database.inSlug('calm', (_, { id }) => Promise.resolve(id));
  expect(await find()).toBe('ten_c');
  await suspend(new Date());
  expect(await find()).toBeUndefined();
  await suspend(null);
});

it('a fleet sees which environments are its own, and nothing else of the tenants', async () => {
  await database.inFleet('default', async (tx) => {
    expect(await tx.environment.findMany({ select: { id: true }, orderBy: { id: 'asc' } })).toEqual([
      { id: 'env_a' },
      { id: 'env_b' },
    ]);
    expect(await tx.tenant.count()).toBe(0);
    expect(await tx.member.count()).toBe(0);
  });
});

it('migrating again, and by two processes at once, changes nothing', async () => {
  const again = () => migrate({ url: servers.postgres.url, roles: passwords });
  expect(await Promise.all([again(), again()])).toEqual([[], []]);
});

it('a setting is taken as the text that it is', async () => {
  for (const text of ["'", "\\'; SELECT 1; --", "x', true), set_config('app.tenant_id', 'ten_a", '$1', '\\', 'é\n']) {
    const seen = await database.inTenant(text, async (tx) => {
      expect(await tx.environment.count()).toBe(0);
      return tx.$queryRaw`SELECT current_setting('app.tenant_id') AS own`;
    });
    expect(seen).toEqual([{ own: text }]);
  }
  await expect(database.inTenant('ten_a\0', (tx) => tx.tenant.count())).rejects.toThrow('holds NUL');
  expect(await database.inNone((tx) => tx.tenant.count())).toBe(0);
});

it('transactions that wait for the same connection have each its own settings', async () => {
  const slugs = await Promise.all(
    ['ten_a', 'ten_b', 'ten_a', 'ten_c', 'ten_b'].map(async (id) =>
      database.inTenant(id, async (tx) => (await tx.tenant.findMany()).map(({ slug }) => slug)),
    ),
  );
  expect(slugs).toEqual([['acme'], ['best'], ['acme'], ['calm'], ['best']]);
});

it('a member is found by person and slug, a stranger and one of a suspended or deleted tenant are not', async () => {
  expect(await database.memberOf('idn_ada', 'acme')).toEqual({ id: 'mem_ada', tenantId: 'ten_a', role: 'owner' });
  expect(await database.memberOf('idn_bob', 'calm')).toBeUndefined();
  expect(await database.memberOf('idn_bob', 'acme')).toBeUndefined();
  expect(await database.memberOf("idn_bob' OR true --", "best' OR true --")).toBeUndefined();
  await database.inTenant('ten_b', (tx) =>
    tx.tenant.update({ where: { id: 'ten_b' }, data: { suspendedAt: new Date() } }),
  );
  expect(await database.memberOf('idn_bob', 'best')).toBeUndefined();
  const deletedAt = new Date();
  await database.inTenant('ten_a', (tx) =>
    tx.tenant.update({ where: { id: 'ten_a' }, data: { deletedAt, purgeAt: deletedAt } }),
  );
  expect(await database.memberOf('idn_ada', 'acme')).toBeUndefined();
  expect(await database.inNone((tx) => tx.member.count())).toBe(0);
});

it('however many rows a transaction changes, the witness is told the first ones and how many more there were', async () => {
  const told = witnessed.length;
  await database.inTenant(
    'ten_a',
    (tx) => tx.$executeRaw`
      INSERT INTO sluice.service_accounts (id, tenant_id, name, role)
      SELECT 'svc_' || number, 'ten_a', 'robot-' || number, 'viewer' FROM generate_series(1, ${mostToldChanges + 50}::integer) AS number`,
  );
  expect(witnessed.length - told).toBe(mostToldChanges);
  expect(omitted).toEqual([{ table: 'service_accounts', omitted: 50, omittedMade: 50 }]);
  await database.inTenant('ten_a', (tx) =>
    tx.serviceAccount.deleteMany({ where: { tenantId: 'ten_a', name: { startsWith: 'robot-' } } }),
  );
  expect(omitted.at(-1)).toEqual({ table: 'service_accounts', omitted: 50, omittedMade: 0 });
});
