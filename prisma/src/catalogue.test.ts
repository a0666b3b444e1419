// Row-level security as the database itself sees it: by its catalogue, and by raw SQL under the roles that processes use.
import { bootTestServers, type BootedTestServers } from '@sluice/local-stack';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from './migrate.js';
import { roleUrls } from './roles.js';
import { unsafeRoleReasons } from './safe-role.js';
import { deployWithPrisma, missingSql } from './testing/schema-engine.js';

const passwords = { app: 'app secret/1', auth: 'auth', feed: 'feed' };
let servers: BootedTestServers<{ postgres: true }>;
let owner: pg.Client;
let app: pg.Client;
let auth: pg.Client;
let feed: pg.Client;

beforeAll(async () => {
  servers = await bootTestServers({ postgres: true });
  await migrate({ url: servers.postgres.url, roles: passwords });
  const urls = roleUrls(servers.postgres.url, passwords);
  [owner, app, auth, feed] = await Promise.all([
    connect(servers.postgres.url),
    connect(urls.app),
    connect(urls.auth),
    connect(urls.feed),
  ]);
  await owner.query(`
    INSERT INTO sluice.fleets (id, token_hash, history_id, incarnation) VALUES ('default', 'hash', 'history', 'incarnation');
    INSERT INTO auth.identity (id, name, email) VALUES ('idn_a', 'Ada', 'ada@a.test'), ('idn_b', 'Bob', 'bob@b.test'),
      ('idn_c', 'Cyd', 'cyd@c.test'), ('idn_d', 'Dot', 'dot@d.test');`);
  for (const tenant of ['a', 'b']) await owner.query(rowsOf(tenant));
});

afterAll(async () => {
  await Promise.all([owner, app, auth, feed].map((client) => client.end()));
  await servers.stop();
});

describe('the catalogue', () => {
  it('forces row-level security on every table with a tenant_id, and on tenants', async () => {
    const { rows } = await owner.query<{ table: string; is_forced: boolean }>(`
      SELECT class.relname AS table, class.relrowsecurity AND class.relforcerowsecurity AS is_forced
      FROM pg_class class JOIN pg_namespace space ON space.oid = class.relnamespace
      WHERE space.nspname = 'sluice' AND class.relkind IN ('r', 'p') AND (class.relname = 'tenants' OR ${hasTenantId('class.oid')})`);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => !row.is_forced)).toEqual([]);
  });

  it('carries the tenant_id in every reference between tenant tables', async () => {
    const { rows } = await owner.query<{ name: string; is_composite: boolean }>(`
      SELECT reference.conname AS name,
        (SELECT attnum FROM pg_attribute WHERE attrelid = reference.conrelid AND attname = 'tenant_id') = ANY (reference.conkey)
        AND (SELECT attnum FROM pg_attribute WHERE attrelid = reference.confrelid AND attname = 'tenant_id') = ANY (reference.confkey) AS is_composite
      FROM pg_constraint reference
      WHERE reference.contype = 'f' AND ${hasTenantId('reference.conrelid')} AND ${hasTenantId('reference.confrelid')}`);
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((row) => !row.is_composite)).toEqual([]);
  });

  it('watches every tenant table, so that no change of it can commit without an entry in the audit log', async () => {
    // The log itself and its index, what gateways write, and answers that are kept for a day for requests that come twice.
    const unwatched = ['audit_entries', 'audit_objects', 'feed', 'idempotent_creations', 'receipts', 'upstream_health'];
    const { rows } = await owner.query<{ table: string; arguments: string }>(`
      SELECT class.relname AS table, encode(trigger.tgargs, 'escape') AS arguments
      FROM pg_trigger trigger JOIN pg_class class ON class.oid = trigger.tgrelid
      WHERE trigger.tgname = 'audited' AND trigger.tgenabled = 'O' AND trigger.tgtype & 29 = 29`);
    const watched = rows.map(({ table }) => table);
    expect([...watched, ...unwatched].toSorted()).toEqual((await tenantTables()).toSorted());
    for (const table of ['credentials', 'service_tokens'])
      expect(rows.find((row) => row.table === table)?.arguments, table).toContain('hash');
    expect(rows.find(({ table }) => table === 'secrets')?.arguments).toContain('sealed');
  });

  it('grants TRUNCATE to no role, and the feed role nothing but reading', async () => {
    const { rows } = await owner.query<{ grantee: string; privilege: string }>(`
      SELECT grantee, privilege_type AS privilege FROM information_schema.role_table_grants
      WHERE grantee LIKE 'sluice\\_%' AND (privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')
        OR (grantee = 'sluice_feed' AND privilege_type <> 'SELECT'))`);
    expect(rows).toEqual([]);
  });

  it("lets no session put names of its own before Postgres's where a function runs as its owner", async () => {
    const { rows } = await owner.query<{ name: string; settings: string[] | null }>(`
      SELECT own.oid::regprocedure::text AS name, own.proconfig AS settings
      FROM pg_proc own JOIN pg_namespace space ON space.oid = own.pronamespace
      WHERE own.prosecdef AND space.nspname !~ '^(pg_|information_schema$)'`);
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.filter(({ settings }) => settings?.includes('search_path=pg_catalog, pg_temp') !== true)).toEqual([]);
  });

  it('agrees with schema.prisma', async () => {
    expect(await missingSql(servers.postgres.url)).toBe('');
  });

  it('holds a history that prisma migrate deploy accepts as up to date', async () => {
    const { diagnosis, appliedMigrationNames } = await deployWithPrisma(servers.postgres.url);
    expect(diagnosis).toEqual({
      history: null,
      hasMigrationsTable: true,
      failedMigrationNames: [],
      editedMigrationNames: [],
    });
    expect(appliedMigrationNames).toEqual([]);
  });
});

describe('the role sluice_app', () => {
  it('sees no row of any tenant table without a tenant', async () => {
    for (const table of await tenantTables()) {
      expect((await owner.query(`SELECT FROM sluice.${table}`)).rowCount, `rows of ${table} to hide`).toBeGreaterThan(
        0,
      );
      expect((await app.query(`SELECT FROM sluice.${table}`)).rowCount, table).toBe(0);
    }
  });

  it('sees the rows of its tenant alone, and none once the transaction is over', async () => {
    for (const table of await tenantTables()) {
      const column = table === 'tenants' ? 'id' : 'tenant_id';
      const seen = await inTenant('ten_a', (client) =>
        client.query<{ of: string }>(`SELECT DISTINCT ${column} AS of FROM sluice.${table}`),
      );
      expect(seen.rows, table).toEqual([{ of: 'ten_a' }]);
      expect((await app.query(`SELECT FROM sluice.${table}`)).rowCount, table).toBe(0);
    }
  });

  it('cannot insert a row for another tenant', async () => {
    const insert = inTenant('ten_a', (client) =>
      client.query(
        `INSERT INTO sluice.upstreams (id, tenant_id, environment_id, name, spec) VALUES ('ups_x', 'ten_b', 'env_b', 'x', '{}')`,
      ),
    );
    await expect(insert).rejects.toMatchObject({ code: '42501' });
  });

  it("cannot refer to another tenant's row, although foreign-key checks see it", async () => {
    const insert = inTenant('ten_a', (client) =>
      client.query(
        `INSERT INTO sluice.upstreams (id, tenant_id, environment_id, name, spec) VALUES ('ups_x', 'ten_a', 'env_b', 'x', '{}')`,
      ),
    );
    await expect(insert).rejects.toMatchObject({ code: '23503' });
  });

  it('changes no row of another tenant, and those rows survive', async () => {
    for (const table of ['upstreams', 'plans', 'credentials', 'members']) {
      const deleted = await inTenant('ten_a', (client) =>
        client.query(`DELETE FROM sluice.${table} WHERE tenant_id = 'ten_b'`),
      );
      expect(deleted.rowCount, table).toBe(0);
      expect((await owner.query(`SELECT FROM sluice.${table} WHERE tenant_id = 'ten_b'`)).rowCount, table).toBe(1);
    }
  });

  it('cannot change a revision or an entry of the audit log, nor read the identities', async () => {
    for (const sql of [
      "UPDATE sluice.revisions SET comment = ''",
      "UPDATE sluice.audit_entries SET action = ''",
      'SELECT FROM auth.identity',
    ]) {
      await expect(
        inTenant('ten_a', (client) => client.query(sql)),
        sql,
      ).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('deletes nothing of what is only added to, but under a purge', async () => {
    for (const table of ['revisions', 'receipts', 'audit_entries', 'feed'])
      expect(
        await inTenant('ten_a', async (client) => (await client.query(`DELETE FROM sluice.${table}`)).rowCount),
        table,
      ).toBe(0);
    for (const purge of ["'pur_x', 'ten_a', NULL", "'pur_x', 'ten_a', 'env_a'", "'pur_x', 'ten_b', NULL"])
      await expect(
        inTenant('ten_a', (client) => client.query(insertPurge(purge))),
        purge,
      ).rejects.toMatchObject({ code: '42501' });
    await expect(inTenant('ten_a', (client) => client.query('SELECT sluice.purge_batch(10)'))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('leaves no row of a purged tenant in any table but the feed, in batches, and all of the others', async () => {
    await owner.query(rowsOf('c'));
    await owner.query("UPDATE sluice.tenants SET deleted_at = now(), purge_at = now() WHERE id = 'ten_c'");
    const countOf = async (table: string, tenant: string) => {
      const column = table === 'tenants' ? 'id' : 'tenant_id';
      return (await owner.query(`SELECT FROM sluice.${table} WHERE ${column} = '${tenant}'`)).rowCount;
    };
    const tables = (await tenantTables()).filter((table) => table !== 'feed');
    for (const table of tables) expect(await countOf(table, 'ten_c'), table).toBeGreaterThan(0);
    await inPurge('ten_c', (client) => client.query(insertPurge("'pur_c', 'ten_c', NULL")));
    let batches = 0;
    for (;;) {
      const { rows } = await inPurge('ten_c', (client) =>
        client.query<{ purged: string }>('SELECT purged FROM sluice.purge_batch(3)'),
      );
      if (rows.length === 0) break;
      expect(rows.reduce((sum, { purged }) => sum + Number(purged), 0)).toBeLessThanOrEqual(3);
      batches += 1;
    }
    expect(batches).toBeGreaterThan(5);
    await inPurge('ten_c', (client) => client.query("DELETE FROM sluice.tenants WHERE id = 'ten_c'"));
    for (const table of tables) {
      expect(await countOf(table, 'ten_c'), table).toBe(0);
      expect(await countOf(table, 'ten_a'), table).toBeGreaterThan(0);
    }
  });

  it('purges an environment with all that belongs to it and nothing of its tenant or of another environment', async () => {
    await owner.query(rowsOf('d'));
    await owner.query(
      "INSERT INTO sluice.environments (id, tenant_id, fleet_id, name) VALUES ('env_e', 'ten_d', 'default', 'other')",
    );
    await owner.query(
      "INSERT INTO sluice.apis (id, tenant_id, environment_id, name, title, version) VALUES ('api_e', 'ten_d', 'env_e', 'a', 'A', 'v1')",
    );
    await owner.query(
      "INSERT INTO sluice.routes (id, tenant_id, api_id, name, spec) VALUES ('rt_e', 'ten_d', 'api_e', 'r', '{}')",
    );
    await owner.query("UPDATE sluice.environments SET deleted_at = now() WHERE id = 'env_d'");
    await inPurge('ten_d', (client) => client.query(insertPurge("'pur_d', 'ten_d', 'env_d'")));
    while ((await inPurge('ten_d', (client) => client.query('SELECT FROM sluice.purge_batch(100)'))).rowCount !== 0);
    const { rows } = await owner.query<{ table: string }>(`
      SELECT class.relname AS table FROM pg_class class JOIN pg_namespace space ON space.oid = class.relnamespace
      JOIN pg_attribute own ON own.attrelid = class.oid AND own.attname = 'environment_id' AND NOT own.attisdropped
      WHERE space.nspname = 'sluice' AND class.relkind = 'r' AND class.relname <> 'feed'`);
    expect(rows.length).toBeGreaterThan(8);
    for (const { table } of rows)
      expect((await owner.query(`SELECT FROM sluice.${table} WHERE environment_id = 'env_d'`)).rowCount, table).toBe(0);
    expect((await owner.query("SELECT id FROM sluice.routes WHERE tenant_id = 'ten_d'")).rows).toEqual([
      { id: 'rt_e' },
    ]);
    expect((await owner.query("SELECT id FROM sluice.environments WHERE tenant_id = 'ten_d'")).rows).toEqual([
      { id: 'env_e' },
    ]);
    for (const table of ['members', 'developers', 'audit_entries', 'service_tokens'])
      expect((await owner.query(`SELECT FROM sluice.${table} WHERE tenant_id = 'ten_d'`)).rowCount, table).toBe(1);
  });

  it('is safe to run tenants on, and the owner is not', async () => {
    const urls = roleUrls(servers.postgres.url, passwords);
    expect(await unsafeRoleReasons(urls.app)).toEqual([]);
    expect(await unsafeRoleReasons(servers.postgres.url)).toEqual([
      'postgres is a superuser',
      'postgres may bypass row-level security',
      expect.stringContaining('owns, or may act as the owner of, auth.account'),
    ]);
  });
});

describe('the other roles', () => {
  it('sluice_feed reads the feed of all tenants and writes nothing', async () => {
    expect((await feed.query("SELECT FROM sluice.feed WHERE tenant_id IN ('ten_a', 'ten_b')")).rowCount).toBe(2);
    for (const sql of [
      'DELETE FROM sluice.feed',
      'UPDATE sluice.fleets SET position = 0',
      'SELECT FROM sluice.credentials',
    ]) {
      await expect(feed.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('sluice_auth sees the identities and nothing of the tenants', async () => {
    expect((await auth.query('SELECT FROM auth.identity')).rowCount).toBe(4);
    await expect(auth.query('SELECT FROM sluice.tenants')).rejects.toMatchObject({ code: '42501' });
  });
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function inTenant<T>(tenantId: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  await app.query('BEGIN');
  try {
    await app.query("SELECT set_config('app.tenant_id', $1, true)", [tenantId]);
    return await use(app);
  } finally {
    await app.query('ROLLBACK');
  }
}

/** Commits: a purge is many transactions. */
async function inPurge<T>(tenantId: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  await app.query('BEGIN');
  try {
    await app.query("SELECT set_config('app.tenant_id', $1, true), set_config('app.purge', $2, true)", [
      tenantId,
      tenantId.replace('ten_', 'pur_'),
    ]);
    return await use(app);
  } finally {
    await app.query('COMMIT');
  }
}

const insertPurge = (ids: string): string =>
  `INSERT INTO sluice.purges (id, of_tenant, of_environment, slug, name, deleted_at, done) VALUES (${ids}, 's', 'n', now(), '{}')`;

async function tenantTables(): Promise<string[]> {
  const { rows } = await owner.query<{ table: string }>(`
    SELECT class.relname AS table FROM pg_class class JOIN pg_namespace space ON space.oid = class.relnamespace
    WHERE space.nspname = 'sluice' AND class.relkind = 'r' AND (class.relname = 'tenants' OR ${hasTenantId('class.oid')}) ORDER BY 1`);
  return rows.map((row) => row.table);
}

function hasTenantId(table: string): string {
  return `EXISTS (SELECT FROM pg_attribute WHERE attrelid = ${table} AND attname = 'tenant_id' AND NOT attisdropped)`;
}

/** One row in each tenant table, so that "sees nothing" says something. */
function rowsOf(tenant: string): string {
  const scope = `'ten_${tenant}', 'env_${tenant}'`;
  return `
    INSERT INTO sluice.tenants (id, slug, title) VALUES ('ten_${tenant}', 'tenant-${tenant}', 'Tenant');
    INSERT INTO sluice.environments (id, tenant_id, fleet_id, name) VALUES ('env_${tenant}', 'ten_${tenant}', 'default', 'production');
    INSERT INTO sluice.host_claims (id, tenant_id, environment_id, fleet_id, host, challenge, state) VALUES ('hst_${tenant}', ${scope}, 'default', 'api.a.test', 'c', 'pending');
    INSERT INTO sluice.members (id, tenant_id, identity_id, email, role, state) VALUES ('mem_${tenant}', 'ten_${tenant}', 'idn_${tenant}', 'x@${tenant}.test', 'owner', 'active');
    INSERT INTO sluice.service_accounts (id, tenant_id, name, role) VALUES ('svc_${tenant}', 'ten_${tenant}', 's', 'developer');
    INSERT INTO sluice.service_tokens (id, tenant_id, service_account_id, name, hash, hint, scope, expires_at) VALUES ('sat_${tenant}', 'ten_${tenant}', 'svc_${tenant}', 't', 'token-hash-${tenant}', 'h', '{}', now());
    INSERT INTO sluice.upstreams (id, tenant_id, environment_id, name, spec) VALUES ('ups_${tenant}', ${scope}, 'u', '{}');
    INSERT INTO sluice.secrets (id, tenant_id, environment_id, name, version, sealed, key_id) VALUES ('sec_${tenant}', ${scope}, 's', 1, 'x', 'k');
    INSERT INTO sluice.apis (id, tenant_id, environment_id, name, title, version) VALUES ('api_${tenant}', ${scope}, 'a', 'A', 'v1');
    INSERT INTO sluice.routes (id, tenant_id, api_id, name, spec) VALUES ('rt_${tenant}', 'ten_${tenant}', 'api_${tenant}', 'r', '{}');
    INSERT INTO sluice.route_weights (tenant_id, environment_id, route, version, weights, set_by, set_at, position) VALUES (${scope}, 'a/r', 1, '{}', 'x', now(), 1);
    INSERT INTO sluice.plans (id, tenant_id, environment_id, name, title, apis, limits) VALUES ('pln_${tenant}', ${scope}, 'p', 'P', '{}', '[]');
    INSERT INTO sluice.developers (id, tenant_id, identity_id, email, name) VALUES ('dev_${tenant}', 'ten_${tenant}', 'idn_${tenant}', 'x@${tenant}.test', 'X');
    INSERT INTO sluice.applications (id, tenant_id, environment_id, developer_id, title) VALUES ('app_${tenant}', ${scope}, 'dev_${tenant}', 'App');
    INSERT INTO sluice.subscriptions (id, tenant_id, environment_id, application_id, plan_id, state, revision) VALUES ('sub_${tenant}', ${scope}, 'app_${tenant}', 'pln_${tenant}', 'active', 1);
    INSERT INTO sluice.credentials (id, tenant_id, environment_id, subscription_id, name, hash, hint, state) VALUES ('key_${tenant}', 'ten_${tenant}', 'env_${tenant}', 'sub_${tenant}', 'k', 'hash-${tenant}', 'h', 'active');
    INSERT INTO sluice.idempotent_creations (tenant_id, identity_id, key, request_hash) VALUES ('ten_${tenant}', 'idn_${tenant}', 'k', 'h');
    INSERT INTO sluice.revisions (id, tenant_id, environment_id, number, hash, document, comment, author) VALUES ('rev_${tenant}', ${scope}, 1, 'h', '{}', '', 'x');
    INSERT INTO sluice.receipts (tenant_id, environment_id, revision, fleet_id, gateway_id, state, refusals, at) VALUES (${scope}, 1, 'default', 'gw', 'applied', '[]', now());
    INSERT INTO sluice.upstream_health (tenant_id, environment_id, fleet_id, gateway_id, upstreams, at) VALUES (${scope}, 'default', 'gw', '[]', now());
    INSERT INTO sluice.audit_entries (tenant_id, id, action, objects, digest) VALUES ('ten_${tenant}', 'aud_${tenant}', 'a', '{o}', 'd');
    INSERT INTO sluice.feed (fleet_id, position, tenant_id, environment_id, lane, object_key, change) VALUES ('default', ${tenant.charCodeAt(0)}, ${scope}, 3, 'k', '{}');`;
}
