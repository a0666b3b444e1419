// The chain of the audit log, through the process: nothing is changed without an entry, no entry is changed, and whoever does so all
// the same is found out.
import { createHash } from 'node:crypto';
import { canonicalJson, type Problem, type Tenant } from '@sluice/contracts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditLog } from './support/audit-log.js';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { connectSuperuser, type Superuser } from './support/superuser.js';

let plane: ControlPlane;
let superuser: Superuser;
let acme: FurnishedTenant;
let acmeId: string;
let log: AuditLog;

beforeAll(async () => {
  plane = await startControlPlane();
  superuser = await connectSuperuser(plane.postgresUrl);
  acme = await furnishTenant(plane, 'acme');
  acmeId = (await acme.owner.ask<Tenant>('GET', '/v1/tenants/acme')).id;
  log = new AuditLog(plane, acme);
});
afterAll(async () => {
  await superuser.end();
  await plane.stop();
});

test('changes at once are numbered without a gap, and their chain does not fork', async () => {
  const titles = Array.from({ length: 12 }, (_, index) => `At once ${index}`);
  const before = (await log.search()).length;
  await Promise.all(titles.map((title) => acme.owner.ask('POST', `${acme.base}/applications`, { title })));
  const verdict = await log.verify();
  expect(verdict).toMatchObject({ isIntact: true, entries: before + titles.length, firstBreak: null });
  expect(verdict.head?.seq).toBe(verdict.entries);
});

test('whoever holds an export can check the chain without us', async () => {
  const entries = await log.exported();
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  let previous = '';
  for (const [index, entry] of entries.entries()) {
    const { seq, id, at, action, requestId, content, digest, hash } = entry;
    expect({ seq, previous: entry.previous }).toEqual({ seq: index + 1, previous });
    expect(sha256(canonicalJson(content))).toBe(digest);
    const linked = [previous, acmeId, seq, id, Date.parse(at), action, requestId ?? '', digest].join('\n');
    expect(sha256(linked)).toBe(hash);
    previous = hash;
  }
  expect((await log.verify()).head).toEqual({ seq: entries.length, hash: previous });
});

test('a change that would commit without an entry is rolled back, whoever makes it as the application', async () => {
  const app = new pg.Client({ connectionString: plane.env['DATABASE_URL'] });
  await app.connect();
  try {
    for (const sql of [
      "UPDATE sluice.tenants SET title = 'unwitnessed'",
      "UPDATE sluice.members SET role = 'owner' WHERE role = 'viewer'",
      `DELETE FROM sluice.credentials WHERE id = '${acme.values['credential']}'`,
    ]) {
      await app.query('BEGIN');
      await app.query("SELECT set_config('app.tenant_id', $1, true)", [acmeId]);
      expect((await app.query(sql)).rowCount, sql).toBeGreaterThan(0);
      await expect(app.query('COMMIT'), sql).rejects.toMatchObject({ code: '23000' });
    }
  } finally {
    await app.end();
  }
  expect((await acme.owner.ask<Tenant>('GET', '/v1/tenants/acme')).title).toBe('acme');
});

test('the application can neither change nor remove an entry, nor choose its number; the owner of the database neither', async () => {
  const app = new pg.Client({ connectionString: plane.env['DATABASE_URL'] });
  await app.connect();
  try {
    for (const sql of [
      "UPDATE sluice.audit_entries SET action = 'x'",
      'UPDATE sluice.audit_entries SET content = NULL',
      'TRUNCATE sluice.audit_entries',
      "INSERT INTO sluice.audit_entries (tenant_id, id, action, digest, seq) VALUES ('t', 'i', 'a', 'd', 1)",
      'DELETE FROM sluice.audit_objects',
      "INSERT INTO sluice.audit_objects (tenant_id, object, seq) VALUES ('t', 'o', 1)",
      'SELECT * FROM audit.pending',
      'UPDATE audit.heads SET seq = 1',
      'SELECT audit.forget_before(now())',
    ]) {
      await app.query('BEGIN');
      await app.query("SELECT set_config('app.tenant_id', $1, true)", [acmeId]);
      await expect(app.query(sql), sql).rejects.toMatchObject({ code: '42501' });
      await app.query('ROLLBACK');
    }
    // A purge alone may, of a tenant that is over: it is shown no entry otherwise.
    await app.query('BEGIN');
    await app.query("SELECT set_config('app.tenant_id', $1, true), set_config('app.purge', 'pur_x', true)", [acmeId]);
    expect((await app.query('SELECT FROM sluice.audit_entries')).rowCount).toBeGreaterThan(0);
    expect((await app.query('DELETE FROM sluice.audit_entries')).rowCount).toBe(0);
    await app.query('ROLLBACK');
  } finally {
    await app.end();
  }
  for (const sql of [
    "UPDATE sluice.audit_entries SET action = 'x'",
    "UPDATE sluice.audit_entries SET content = '{}'",
    'DELETE FROM sluice.audit_entries',
    'TRUNCATE sluice.audit_entries CASCADE',
  ])
    await expect(superuser.query(sql), sql).rejects.toThrow(/audit log is only added to/);
  expect(await log.verify()).toMatchObject({ isIntact: true });
});

test('whatever was tampered with past all locks, verify names the first link that broke', async () => {
  const { entries: last, head } = await log.verify();
  await superuser.query('CREATE TABLE public.kept AS SELECT * FROM sluice.audit_entries');
  await superuser.query('CREATE TABLE public.kept_objects AS SELECT * FROM sluice.audit_objects');
  const where = (seq: number): string => `tenant_id = '${acmeId}' AND seq = ${seq}`;
  const set = (values: string): string => `UPDATE sluice.audit_entries SET ${values} WHERE ${where(3)}`;
  for (const [sql, seq, because] of [
    [set(`content = jsonb_set(content, '{actor,name}', '"Somebody else"')`), 3, 'content_differs'],
    [set(`action = 'plans_create'`), 3, 'hash_differs'],
    [set(`at = at + interval '1 hour'`), 3, 'hash_differs'],
    [set(`digest = repeat('0', 64)`), 3, 'hash_differs'],
    [set(`hash = repeat('0', 64)`), 3, 'hash_differs'],
    [set(`previous = repeat('0', 64)`), 3, 'previous_differs'],
    [set(`actor_id = 'idn_other'`), 3, 'index_differs'],
    [set(`objects = '{}'`), 3, 'index_differs'],
    [`DELETE FROM sluice.audit_objects WHERE ${where(3)}`, 3, 'index_differs'],
    [`INSERT INTO sluice.audit_objects VALUES ('${acmeId}', 'plan_other', 3)`, 3, 'index_differs'],
    [`DELETE FROM sluice.audit_entries WHERE ${where(3)}`, 3, 'entry_missing'],
    [`DELETE FROM sluice.audit_entries WHERE ${where(1)}`, 1, 'entry_missing'],
    [`DELETE FROM sluice.audit_entries WHERE ${where(last)}`, last, 'end_missing'],
    ['DELETE FROM sluice.audit_entries', 1, 'end_missing'],
  ] as const) {
    await superuser.tamper(sql);
    expect(await log.verify(), sql).toMatchObject({ isIntact: false, firstBreak: { seq, because } });
    await superuser.tamper('DELETE FROM sluice.audit_entries');
    await superuser.tamper('INSERT INTO sluice.audit_entries SELECT * FROM public.kept');
    await superuser.tamper('DELETE FROM sluice.audit_objects');
    await superuser.tamper('INSERT INTO sluice.audit_objects SELECT * FROM public.kept_objects');
  }
  await superuser.query('DROP TABLE public.kept, public.kept_objects');
  expect(await log.verify(`?seq=${head?.seq}&hash=${head?.hash}`)).toMatchObject({ isIntact: true });
  const [{ seq: known, hash } = { seq: 0, hash: '' }] = (await log.search()).slice(-2);
  expect(await log.verify(`?seq=${known}&hash=${hash}`)).toMatchObject({ isIntact: true });
  expect(await log.verify(`?seq=${known}&hash=${'0'.repeat(64)}`)).toMatchObject({
    firstBreak: { seq: known, because: 'known_hash_differs' },
  });
  expect(await log.verify(`?seq=${last + 1}&hash=${hash}`)).toMatchObject({ firstBreak: { because: 'end_missing' } });
  expect((await acme.owner.send<Problem>('GET', '/v1/tenants/acme/audit-log/verify?seq=1')).body.code).toBe(
    'invalid_query',
  );
});

test('what a person said and did is cleared on demand, and the chain still holds', async () => {
  const calm = await furnishTenant(plane, 'calm');
  const before = await log.verify('', calm);
  await superuser.query('SELECT audit.forget_person($1, $2)', ['idn_of_nobody', 'invited@calm.test']);
  const after = await log.verify('', calm);
  expect(after).toMatchObject({ isIntact: true, entries: before.entries, cleared: 1, head: before.head });
  const entries = await log.exported(calm);
  expect(JSON.stringify(entries)).not.toContain('invited@calm.test');
  const cleared = entries.find(({ content }) => content === null);
  expect(cleared).toMatchObject({ action: 'members_invite', requestId: expect.stringMatching(/^req_/) as unknown });
  const identity = entries[0]?.content?.actor.id;
  await superuser.query('SELECT audit.forget_person($1, $2)', [identity, '']);
  expect(JSON.stringify(await log.exported(calm))).not.toContain('owner@calm.test');
  expect(await log.verify('', calm)).toMatchObject({ isIntact: true, cleared: before.entries });
  expect(await log.search(`&object=plan`, calm)).toEqual([]);
  expect(await log.verify()).toMatchObject({ isIntact: true, cleared: 0 });
});
