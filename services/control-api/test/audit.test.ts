// What the audit log tells, through the process: of every change and every event of a member's account, once, without a secret, and
// found at once however long it is. That nothing is changed without it: audit-chain.test.ts.
import { createHash } from 'node:crypto';
import type { AuditEntry, Member, Page, Problem, Tenant } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditLog } from './support/audit-log.js';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';
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

test('a change tells who made it, from where, in which request, and what it was before and after', async () => {
  const path = `${acme.base}/plans/free`;
  const before = await acme.owner.ask<{ title: string; limits: unknown[] }>('GET', path);
  const answer = await acme.owner.send(
    'PUT',
    path,
    { title: 'Free of charge', apis: ['orders'], limits: before.limits },
    { 'user-agent': 'test-agent/1' },
  );
  const [entry] = await log.search('&action=plans_replace');
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
  const [entry] = await log.search('&action=apis_remove');
  expect(entry?.content?.changes.map(({ object, name, change, after }) => ({ object, name, change, after }))).toEqual(
    expect.arrayContaining([
      { object: 'api', name: 'gone', change: 'deleted', after: null },
      { object: 'route', name: 'first', change: 'deleted', after: null },
    ]),
  );
});

test('what was refused, and what was only read, stands nowhere', async () => {
  const count = (await log.search()).length;
  expect((await acme.owner.send('DELETE', `${acme.base}/upstreams/orders-v1`)).status).toBe(409);
  expect(
    (await acme.owner.send('POST', `${acme.base}/plans`, { name: 'free', title: 'F', apis: [], limits: [] })).status,
  ).toBe(409);
  await acme.owner.ask('GET', `${acme.base}/plans`);
  expect((await log.search()).length).toBe(count);
});

test('a creation sent twice with one key is one entry', async () => {
  const headers = { 'idempotency-key': 'audit-twice' };
  const body = { name: 'twice', title: 'Twice', apis: [], limits: [] };
  await acme.owner.ask('POST', `${acme.base}/plans`, body, headers);
  await acme.owner.ask('POST', `${acme.base}/plans`, body, headers);
  const named = (await log.search('&action=plans_create')).filter(
    ({ content }) => content?.changes[0]?.name === 'twice',
  );
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
  const text = JSON.stringify(await log.exported());
  expect(text).toContain('"x-region":"north"');
  expect(text).toContain('(hidden)');
  expect(text).toContain(key.id);
  expect(text).toContain('secret:audited-1');
  expect(text).toContain('"object":"secret"');
  for (const secret of [...secrets, password, key.key, acme.key, createHash('sha256').update(key.key).digest('hex')])
    expect(text.includes(secret), secret.slice(0, 8)).toBe(false);
});

test('entries are found by actor, action, object, request and time, page by page', async () => {
  const all = await log.search();
  const [newest] = all;
  const oldest = all.at(-1);
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => all.length - index));
  const actor = newest?.content?.actor.id ?? '';
  const by = async (query: string): Promise<number[]> => (await log.search(query)).map(({ seq }) => seq);
  expect((await by(`&actor=${actor}`)).length).toBeGreaterThan(5);
  expect(await by('&actor=idn_nobody')).toEqual([]);
  expect(await by(`&requestId=${newest?.requestId}`)).toEqual([newest?.seq]);
  expect(new Set((await log.search('&object=plan')).map(({ action }) => action))).toContain('plans_replace');
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
      const found = await log.search(`&object=${member}`, best);
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
  expect((await log.verify('', best)).isIntact).toBe(true);
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

test('a word of few entries and one of all are found by reading no more of a long log than is answered', async () => {
  const long = 20_000;
  const rows = `SELECT '${acmeId}' AS tenant_id, 1000000 + number AS seq FROM generate_series(1, ${long}) AS number`;
  await superuser.tamper(`INSERT INTO sluice.audit_entries (tenant_id, seq, id, at, action, digest, previous, hash)
    SELECT tenant_id, seq, 'aud_' || seq, now(), 'filled', '', '', '' FROM (${rows}) AS row`);
  await superuser.tamper(`INSERT INTO sluice.audit_objects SELECT tenant_id, 'filler', seq FROM (${rows}) AS row`);
  await superuser.tamper(`INSERT INTO sluice.audit_objects VALUES ('${acmeId}', 'rarity', 1000007)`);
  await superuser.query('ANALYZE sluice.audit_entries, sluice.audit_objects');
  expect((await log.search('&object=rarity')).map(({ seq }) => seq)).toEqual([1_000_007]);
  expect((await log.search('&object=filler')).length).toBe(200);
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
