// The audit log, through the process: what stands in it, that nothing is changed without it, and that nothing of it is changed.
import { createHash } from 'node:crypto';
import {
  canonicalJson,
  type AuditEntry,
  type AuditVerdict,
  type Member,
  type Page,
  type Problem,
  type Tenant,
} from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';
import { connectSuperuser, type Superuser } from './support/superuser.js';

let plane: ControlPlane;
let superuser: Superuser;
let acme: FurnishedTenant;
let acmeId: string;

beforeAll(async () => {
  plane = await startControlPlane();
  superuser = await connectSuperuser(plane.postgresUrl);
  acme = await furnishTenant(plane, 'acme');
  acmeId = (await acme.owner.ask<Tenant>('GET', '/v1/tenants/acme')).id;
});
afterAll(async () => {
  await superuser.end();
  await plane.stop();
});

async function search(query = '', tenant = acme): Promise<AuditEntry[]> {
  const slug = tenant.values['tenant'];
  return (await tenant.owner.ask<Page<AuditEntry>>('GET', `/v1/tenants/${slug}/audit-log?limit=200${query}`)).items;
}

async function verify(query = '', tenant = acme): Promise<AuditVerdict> {
  return tenant.owner.ask('GET', `/v1/tenants/${tenant.values['tenant']}/audit-log/verify${query}`);
}

async function exportOf(tenant = acme): Promise<AuditEntry[]> {
  const res = await fetch(`${plane.url}/v1/tenants/${tenant.values['tenant']}/audit-log/export`, {
    headers: { cookie: tenant.owner.cookies },
  });
  expect(res.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = (await res.text()).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as AuditEntry);
}

test('a change tells who made it, from where, in which request, and what it was before and after', async () => {
  const path = `${acme.base}/plans/free`;
  const before = await acme.owner.ask<{ title: string; limits: unknown[] }>('GET', path);
  const answer = await acme.owner.send(
    'PUT',
    path,
    { title: 'Free of charge', apis: ['orders'], limits: before.limits },
    { 'user-agent': 'test-agent/1' },
  );
  const [entry] = await search('&action=plans_replace');
  expect(entry).toMatchObject({
    requestId: answer.headers.get('x-request-id'),
    content: {
      actor: { kind: 'member', email: 'owner@acme.test', role: 'owner', tokenId: null },
      from: { address: '127.0.0.1', userAgent: 'test-agent/1' },
      changes: [{ object: 'plan', name: 'free', change: 'changed', after: { title: 'Free of charge' } }],
    },
  });
  expect(entry?.content?.changes[0]?.before).toEqual({ title: before.title });
});

test('what a request deletes along with what it names is told too', async () => {
  await acme.owner.ask('POST', `${acme.base}/apis`, { name: 'gone', title: 'Gone' });
  const route = {
    match: { path: { prefix: '/gone' } },
    split: { arms: [{ name: 'stable', upstream: 'orders-v1', weight: 10_000 }] },
  };
  await acme.owner.ask('POST', `${acme.base}/apis/gone/routes`, { name: 'first', ...route });
  await acme.owner.ask('DELETE', `${acme.base}/apis/gone`);
  const [entry] = await search('&action=apis_remove');
  expect(entry?.content?.changes.map(({ object, name, change, after }) => ({ object, name, change, after }))).toEqual(
    expect.arrayContaining([
      { object: 'api', name: 'gone', change: 'deleted', after: null },
      { object: 'route', name: 'first', change: 'deleted', after: null },
    ]),
  );
});

test('what was refused, and what was only read, stands nowhere', async () => {
  const count = (await search()).length;
  expect((await acme.owner.send('DELETE', `${acme.base}/upstreams/orders-v1`)).status).toBe(409);
  expect(
    (await acme.owner.send('POST', `${acme.base}/plans`, { name: 'free', title: 'F', apis: [], limits: [] })).status,
  ).toBe(409);
  await acme.owner.ask('GET', `${acme.base}/plans`);
  expect((await search()).length).toBe(count);
});

test('a creation sent twice with one key is one entry', async () => {
  const headers = { 'idempotency-key': 'audit-twice' };
  const body = { name: 'twice', title: 'Twice', apis: [], limits: [] };
  await acme.owner.ask('POST', `${acme.base}/plans`, body, headers);
  await acme.owner.ask('POST', `${acme.base}/plans`, body, headers);
  const named = (await search('&action=plans_create')).filter(({ content }) => content?.changes[0]?.name === 'twice');
  expect(named).toHaveLength(1);
});

test('secrets of policies, headers and keys never stand in it', async () => {
  const secrets = ['shared-secret-of-audit-0123456789-0123456789', 'Bearer header-secret-of-audit'];
  const password = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
  const arms = [{ name: 'stable', upstream: 'orders-v1', weight: 10_000 }];
  for (const [index, value] of secrets.entries())
    await acme.owner.ask('PUT', `${acme.base}/secrets/audited-${index}`, { value });
  await acme.owner.ask('POST', `${acme.base}/apis/orders/routes`, {
    name: 'secretive',
    match: { path: { prefix: '/secretive' } },
    policies: [
      {
        any: [
          { jwt: { issuers: [{ issuer: 'https://issuer.test', keys: [{ secret: 'secret:audited-0' }] }] } },
          { basic: { users: [{ name: 'ann', password }] } },
        ],
      },
      { headers: { request: { set: { authorization: 'secret:audited-1', 'x-region': 'north' } } } },
    ],
    split: { arms },
  });
  const key = await acme.owner.ask<{ id: string; key: string }>(
    'POST',
    `${acme.base}/subscriptions/${acme.values['subscription']}/credentials`,
    { name: 'Audited' },
  );
  const text = JSON.stringify(await exportOf());
  expect(text).toContain('"x-region":"north"');
  expect(text).toContain('(hidden)');
  expect(text).toContain(key.id);
  expect(text).toContain('secret:audited-1');
  expect(text).toContain('"object":"secret"');
  for (const secret of [...secrets, password, key.key, acme.key, createHash('sha256').update(key.key).digest('hex')])
    expect(text.includes(secret), secret.slice(0, 8)).toBe(false);
});

test('entries are found by actor, action, object, request and time, page by page', async () => {
  const all = await search();
  const [newest] = all;
  const oldest = all.at(-1);
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => all.length - index));
  const actor = newest?.content?.actor.id ?? '';
  const by = async (query: string): Promise<number[]> => (await search(query)).map(({ seq }) => seq);
  expect((await by(`&actor=${actor}`)).length).toBeGreaterThan(5);
  expect(await by('&actor=idn_nobody')).toEqual([]);
  expect(await by(`&requestId=${newest?.requestId}`)).toEqual([newest?.seq]);
  expect(new Set((await search('&object=plan')).map(({ action }) => action))).toContain('plans_replace');
  expect((await by(`&object=${acme.values['subscription']}`)).length).toBeGreaterThan(0);
  expect(await by(`&to=${oldest?.at}`)).toEqual([]);
  expect((await by(`&from=${oldest?.at}`)).length).toBe(all.length);
  const paged: number[] = [];
  let cursor = '';
  do {
    const page = await acme.owner.ask<Page<AuditEntry>>('GET', `/v1/tenants/acme/audit-log?limit=3${cursor}`);
    paged.push(...page.items.map(({ seq }) => seq));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(paged).toEqual(all.map(({ seq }) => seq));
  const foreign = Buffer.from('aud_0192f3a4b5c67d8e9fa0b1c2d3e4f506').toString('base64url');
  expect((await acme.owner.send<Problem>('GET', `/v1/tenants/acme/audit-log?cursor=${foreign}`)).body.code).toBe(
    'invalid_query',
  );
});

test('changes at once are numbered without a gap, and their chain does not fork', async () => {
  const titles = Array.from({ length: 12 }, (_, index) => `At once ${index}`);
  const before = (await search()).length;
  await Promise.all(titles.map((title) => acme.owner.ask('POST', `${acme.base}/applications`, { title })));
  const verdict = await verify();
  expect(verdict).toMatchObject({ isIntact: true, entries: before + titles.length, firstBreak: null });
  expect(verdict.head?.seq).toBe(verdict.entries);
});

test('whoever holds an export can check the chain without us', async () => {
  const entries = await exportOf();
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
  expect((await verify()).head).toEqual({ seq: entries.length, hash: previous });
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
  expect(await verify()).toMatchObject({ isIntact: true });
});

test('whatever was tampered with past all locks, verify names the first link that broke', async () => {
  const { entries: last, head } = await verify();
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
    expect(await verify(), sql).toMatchObject({ isIntact: false, firstBreak: { seq, because } });
    await superuser.tamper('DELETE FROM sluice.audit_entries');
    await superuser.tamper('INSERT INTO sluice.audit_entries SELECT * FROM public.kept');
    await superuser.tamper('DELETE FROM sluice.audit_objects');
    await superuser.tamper('INSERT INTO sluice.audit_objects SELECT * FROM public.kept_objects');
  }
  await superuser.query('DROP TABLE public.kept, public.kept_objects');
  expect(await verify(`?seq=${head?.seq}&hash=${head?.hash}`)).toMatchObject({ isIntact: true });
  const [{ seq: known, hash } = { seq: 0, hash: '' }] = (await search()).slice(-2);
  expect(await verify(`?seq=${known}&hash=${hash}`)).toMatchObject({ isIntact: true });
  expect(await verify(`?seq=${known}&hash=${'0'.repeat(64)}`)).toMatchObject({
    firstBreak: { seq: known, because: 'known_hash_differs' },
  });
  expect(await verify(`?seq=${last + 1}&hash=${hash}`)).toMatchObject({ firstBreak: { because: 'end_missing' } });
  expect((await acme.owner.send<Problem>('GET', '/v1/tenants/acme/audit-log/verify?seq=1')).body.code).toBe(
    'invalid_query',
  );
});

test('who signed in, was locked out, set a new password, came in and rose stands in the log of the tenant', async () => {
  const best = await furnishTenant(plane, 'best');
  await best.owner.ask('POST', '/v1/tenants/best/members', { email: 'mia@best.test', role: 'viewer' });
  const mia = await new Person(plane, 'mia@best.test').signUp();
  await mia.ask('GET', '/v1/tenants/best');
  const members = await best.owner.ask<Page<Member>>('GET', '/v1/tenants/best/members');
  const member = members.items.find(({ email }) => email === mia.email)?.id ?? '';
  await best.owner.ask('PATCH', `/v1/tenants/best/members/${member}`, { role: 'developer' });
  await mia.ask('POST', '/v1/auth/sign-in/email', { email: mia.email, password: mia.password });
  await mia.ask('POST', '/v1/auth/email-otp/request-password-reset', { email: mia.email });
  const otp = await waitFor(
    async () => {
      const [mail] = plane.mail.messages(mia.email);
      return /password/i.test(mail?.text ?? '') ? /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] : undefined;
    },
    { what: 'the mail with the code for a new password comes' },
  );
  await mia.ask('POST', '/v1/auth/email-otp/reset-password', { email: mia.email, otp, password: 'another password' });
  for (let attempt = 0; attempt < 13; attempt += 1)
    await mia.send('POST', '/v1/auth/sign-in/email', { email: mia.email, password: 'wrong' });
  const entries = await waitFor(
    async () => {
      const found = await search(`&object=${member}`, best);
      return found.some(({ action }) => action === 'sign_in_locked') ? found : undefined;
    },
    { what: 'the lock-out stands in the log' },
  );
  expect(entries.map(({ action }) => action).toReversed()).toEqual([
    'members_invite',
    'invitation_claimed',
    'members_setRole',
    'authSignInEmail',
    'authEmailOtpResetPassword',
    'sign_in_locked',
  ]);
  const [locked, , , raised] = entries;
  expect(locked?.content).toMatchObject({ actor: { kind: 'system', id: null }, from: { address: '127.0.0.1' } });
  expect(raised?.content?.changes[0]).toMatchObject({ before: { role: 'viewer' }, after: { role: 'developer' } });
  expect((await verify('', best)).isIntact).toBe(true);
});

test('a member of many tenants signs in at once, and every one of them is told of it once', async () => {
  const many = await new Person(plane, 'many@log.test').signUp();
  const slugs = Array.from({ length: 45 }, (_, index) => `many-${index}`);
  for (const slug of slugs) await many.ask('POST', '/v1/tenants', { slug, title: slug });
  // The log of the last of them cannot be written yet: the sign-in does not wait for it.
  await superuser.query('BEGIN');
  await superuser.query(
    `SELECT FROM audit.heads WHERE tenant_id =
      (SELECT max(tenant_id) FROM sluice.members JOIN auth.identity ON identity.id = identity_id WHERE identity.email = $1) FOR UPDATE`,
    [many.email],
  );
  const { headers } = await many.send('POST', '/v1/auth/sign-in/email', { email: many.email, password: many.password });
  const requestId = headers.get('x-request-id');
  const told = async (): Promise<number> => {
    const rows = await superuser.query<{ tenants: number; entries: number }>(
      'SELECT count(DISTINCT tenant_id)::int AS tenants, count(*)::int AS entries FROM sluice.audit_entries WHERE request_id = $1',
      [requestId],
    );
    expect(rows[0]?.entries).toBe(rows[0]?.tenants);
    return rows[0]?.tenants ?? 0;
  };
  const isOver = async (): Promise<boolean> =>
    (await superuser.query('SELECT id FROM auth.identity_event')).length === 0;
  expect(await told()).toBeLessThan(45);
  await superuser.query('COMMIT');
  await waitFor(isOver, { what: 'the rest is told' });
  expect(await told()).toBe(45);
  // As a process leaves it that ended after telling, before it noted so.
  await superuser.query(
    `INSERT INTO auth.identity_event (id, identity_id, action, request_id, content, after_tenant_id)
     SELECT 'left-behind', id, 'authSignInEmail', $1, '{"actor":null,"from":null,"after":null}', '' FROM auth.identity WHERE email = $2`,
    [requestId, many.email],
  );
  await many.ask('POST', '/v1/auth/sign-in/email', { email: many.email, password: many.password });
  await waitFor(isOver, { what: 'what was left behind is told' });
  expect(await told()).toBe(45);
});

test('what a person said and did is cleared on demand, and the chain still holds', async () => {
  const calm = await furnishTenant(plane, 'calm');
  const before = await verify('', calm);
  await superuser.query('SELECT audit.forget_person($1, $2)', ['idn_of_nobody', 'invited@calm.test']);
  const after = await verify('', calm);
  expect(after).toMatchObject({ isIntact: true, entries: before.entries, cleared: 1, head: before.head });
  const entries = await exportOf(calm);
  expect(JSON.stringify(entries)).not.toContain('invited@calm.test');
  const cleared = entries.find(({ content }) => content === null);
  expect(cleared).toMatchObject({ action: 'members_invite', requestId: expect.stringMatching(/^req_/) as unknown });
  const identity = entries[0]?.content?.actor.id;
  await superuser.query('SELECT audit.forget_person($1, $2)', [identity, '']);
  expect(JSON.stringify(await exportOf(calm))).not.toContain('owner@calm.test');
  expect(await verify('', calm)).toMatchObject({ isIntact: true, cleared: before.entries });
  expect(await search(`&object=plan`, calm)).toEqual([]);
  expect(await verify()).toMatchObject({ isIntact: true, cleared: 0 });
});

test('a word of few entries and one of all are found by reading no more of a long log than is answered', async () => {
  const long = 20_000;
  const rows = `SELECT '${acmeId}' AS tenant_id, 1000000 + number AS seq FROM generate_series(1, ${long}) AS number`;
  await superuser.tamper(`INSERT INTO sluice.audit_entries (tenant_id, seq, id, at, action, digest, previous, hash)
    SELECT tenant_id, seq, 'aud_' || seq, now(), 'filled', '', '', '' FROM (${rows}) AS row`);
  await superuser.tamper(`INSERT INTO sluice.audit_objects SELECT tenant_id, 'filler', seq FROM (${rows}) AS row`);
  await superuser.tamper(`INSERT INTO sluice.audit_objects VALUES ('${acmeId}', 'rarity', 1000007)`);
  await superuser.query('ANALYZE sluice.audit_entries, sluice.audit_objects');
  expect((await search('&object=rarity')).map(({ seq }) => seq)).toEqual([1_000_007]);
  expect((await search('&object=filler')).length).toBe(200);
  const app = new pg.Client({ connectionString: plane.env['DATABASE_URL'] });
  await app.connect();
  try {
    await app.query("SELECT set_config('app.tenant_id', $1, false)", [acmeId]);
    for (const object of ['rarity', 'filler']) {
      const sql = `SELECT seq FROM sluice.audit_objects named JOIN sluice.audit_entries entry USING (tenant_id, seq)
        WHERE tenant_id = $1 AND object = $2 ORDER BY seq DESC LIMIT 51`;
      const { rows: plan } = await app.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${sql}`, [
        acmeId,
        object,
      ]);
      const told = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(told).not.toContain('Rows Removed by Filter');
      expect(Number(/shared hit=(?<hit>\d+)/.exec(told)?.groups?.['hit']), told).toBeLessThan(400);
    }
  } finally {
    await app.end();
  }
  await superuser.tamper('DELETE FROM sluice.audit_entries WHERE seq > 1000000');
  await superuser.tamper('DELETE FROM sluice.audit_objects WHERE seq > 1000000');
});

test('the log of a deleted tenant goes on, with its end as the last entry, until it is purged', async () => {
  const dawn = await furnishTenant(plane, 'dawn');
  const { id } = await dawn.owner.ask<Tenant>('GET', '/v1/tenants/dawn');
  await dawn.owner.ask('DELETE', '/v1/tenants/dawn?confirm=dawn');
  const rows = await superuser.query<{ action: string }>(
    'SELECT action FROM sluice.audit_entries WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1',
    [id],
  );
  expect(rows).toEqual([{ action: 'tenants_remove' }]);
});
