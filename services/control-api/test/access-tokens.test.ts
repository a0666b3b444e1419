// Access tokens of people and service accounts, against the built process: what they reach, and when they stop.
import type {
  Me,
  Member,
  Page,
  PersonalToken,
  PersonalTokenWithSecret,
  PresentedToken,
  Problem,
  ServiceAccount,
  ServiceToken,
  ServiceTokenWithSecret,
  Tenant,
} from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { createAuthPool, type Pool } from '@sluice/prisma';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person, type Answer } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

let plane: ControlPlane;
let own: FurnishedTenant;
let foreign: FurnishedTenant;
let database: Pool;
const given: string[] = [];

beforeAll(async () => {
  plane = await startControlPlane();
  [own, foreign] = [await furnishTenant(plane, 'own'), await furnishTenant(plane, 'foreign')];
  await own.owner.ask('POST', '/v1/tenants/own/environments', { name: 'staging' });
  database = createAuthPool(plane.postgresUrl, () => undefined);
});
afterAll(async () => {
  await database.end();
  await plane.stop();
});

async function tokenOf(person: Person, body: object): Promise<PersonalTokenWithSecret> {
  const made = await person.ask<PersonalTokenWithSecret>('POST', '/v1/me/tokens', body);
  given.push(made.token);
  return made;
}

async function serviceTokenOf(
  body: object,
  role = 'admin',
  name = `made-${given.length}`,
): Promise<ServiceTokenWithSecret> {
  const { id } = await own.owner.ask<ServiceAccount>('POST', '/v1/tenants/own/service-accounts', { name, role });
  const path = `/v1/tenants/own/service-accounts/${id}/tokens`;
  const made = await own.owner.ask<ServiceTokenWithSecret>('POST', path, body);
  given.push(made.token);
  return made;
}

async function send<T = Problem>(
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const program = new Person(plane, 'program@nowhere.test');
  return program.send<T>(method, path, body, { authorization: `Bearer ${token}`, ...headers });
}

async function codeOf(token: string, method: string, path: string, body?: unknown): Promise<string | number> {
  const answer = await send(token, method, path, body);
  return answer.status < 300 ? answer.status : answer.body.code;
}

test('a personal token acts for its holder, and tells what it is', async () => {
  const { token, id } = await tokenOf(own.owner, { name: 'laptop', expiresInDays: 7 });
  expect(token).toMatch(/^slp_[0-9a-f]{40}_[0-9a-f]{8}$/);
  const me = await send<Me>(token, 'GET', '/v1/me');
  expect(me.body).toMatchObject({ email: own.owner.email, memberships: [{ tenant: 'own', role: 'owner' }] });
  expect(await codeOf(token, 'PATCH', '/v1/tenants/own', { title: 'By a program' })).toBe(200);
  const presented = await send<PresentedToken>(token, 'GET', '/v1/token');
  expect(presented.body).toMatchObject({
    kind: 'personal',
    id,
    name: 'laptop',
    holder: { email: own.owner.email },
    tenant: null,
    role: null,
    actions: null,
    environments: null,
  });
  const days = (Date.parse(presented.body.expiresAt) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(7);
});

test('a token is shown once; afterwards there is its hint, and when it was used', async () => {
  const { token, id, hint } = await tokenOf(own.owner, { name: 'shown once' });
  expect(hint).toBe(`slp_…${token.slice(-4)}`);
  const listed = async (): Promise<PersonalToken | undefined> =>
    (await own.owner.ask<Page<PersonalToken>>('GET', '/v1/me/tokens')).items.find((item) => item.id === id);
  const before = await listed();
  expect(before).toMatchObject({ hint, lastUsedAt: null });
  expect(JSON.stringify(before)).not.toContain(token);
  await send(token, 'GET', '/v1/me');
  expect(Date.now() - Date.parse((await listed())?.lastUsedAt ?? '')).toBeLessThan(60_000);
});

test('of two tokens of one name the second is refused, and so are actions that do not exist', async () => {
  await tokenOf(own.owner, { name: 'twice' });
  const again = await own.owner.send<Problem>('POST', '/v1/me/tokens', { name: 'twice' });
  expect(again).toMatchObject({ status: 409, body: { code: 'name_taken', errors: [{ pointer: '/name' }] } });
  for (const [body, pointer] of [
    [{ actions: ['configuration.read', 'configuration.rule'] }, '/actions/1'],
    [{ environments: ['staging'] }, '/tenant'],
    [{ tenant: 'foreign' }, '/tenant'],
    [{ tenant: 'nowhere' }, '/tenant'],
    [{ expiresInDays: 367 }, '/expiresInDays'],
    [{ actions: [] }, '/actions'],
  ] as const) {
    const refused = await own.owner.send<Problem>('POST', '/v1/me/tokens', { name: 'wrong', ...body });
    expect(refused, JSON.stringify(body)).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
    expect(refused.body.errors?.[0]?.pointer).toBe(pointer);
  }
});

test('a token may no more than its holder may at the time of the request', async () => {
  const member = await own.owner.ask<Member>('POST', '/v1/tenants/own/members', {
    email: 'ann@own.test',
    role: 'admin',
  });
  const ann = await new Person(plane, 'ann@own.test').signUp();
  const { token } = await tokenOf(ann, { name: 'ann' });
  const rename = async () => codeOf(token, 'PATCH', '/v1/tenants/own', { title: 'By Ann' });
  expect(await rename()).toBe(200);
  await own.owner.ask('PATCH', `/v1/tenants/own/members/${member.id}`, { role: 'viewer' });
  expect(await rename()).toBe('forbidden');
  expect(await codeOf(token, 'GET', '/v1/tenants/own')).toBe(200);
  await own.owner.ask('DELETE', `/v1/tenants/own/members/${member.id}`);
  expect(await codeOf(token, 'GET', '/v1/tenants/own')).toBe('not_found');
});

test('a token does what it was made for, and nothing else', async () => {
  const { token } = await tokenOf(own.owner, {
    name: 'deploy',
    actions: ['configuration.read', 'configuration.publish'],
  });
  expect(await codeOf(token, 'GET', `${own.base}/apis`)).toBe(200);
  expect(await codeOf(token, 'POST', `${own.base}/publish`, {})).toBe(200);
  const refused = await send(token, 'POST', `${own.base}/apis`, { name: 'two', title: 'Two' });
  expect(refused).toMatchObject({ status: 403, body: { code: 'access_token_scope_missing' } });
  expect(refused.body.detail).toContain('configuration.change');
  expect(await codeOf(token, 'GET', '/v1/tenants/own/members')).toBe('access_token_scope_missing');
  expect((await own.owner.send('GET', `${own.base}/apis/two`)).status).toBe(404);
});

test('a token for an environment reaches no other, and nothing of the tenant around it', async () => {
  const { token } = await tokenOf(own.owner, { name: 'staging', tenant: 'own', environments: ['staging'] });
  expect(await codeOf(token, 'GET', '/v1/tenants/own/environments/staging')).toBe(200);
  for (const path of ['/environments/production', '/environments/nowhere', '/environments', '/members', ''])
    expect(await codeOf(token, 'GET', `/v1/tenants/own${path}`), path).toBe('access_token_scope_missing');
});

test('a token follows its environment to a new name, and does not reach the one that takes the old name', async () => {
  const environments = '/v1/tenants/own/environments';
  await own.owner.ask('POST', environments, { name: 'mobile' });
  const { token } = await tokenOf(own.owner, { name: 'mobile', tenant: 'own', environments: ['mobile'] });
  const service = await serviceTokenOf({ name: 'mobile', environments: ['mobile'] });
  await own.owner.ask('PATCH', `${environments}/mobile`, { name: 'phones' });
  await own.owner.ask('POST', environments, { name: 'mobile' });
  for (const one of [token, service.token]) {
    expect(await codeOf(one, 'GET', `${environments}/phones`)).toBe(200);
    expect(await codeOf(one, 'GET', `${environments}/mobile`)).toBe('access_token_scope_missing');
  }
});

test('a token does not reach the tenant that takes over the slug of its own', async () => {
  const zoe = await new Person(plane, 'zoe@tokens.test').signUp();
  await zoe.ask('POST', '/v1/tenants', { slug: 'zoe', title: 'First' });
  const { token } = await tokenOf(zoe, { name: 'zoe', tenant: 'zoe' });
  expect(await codeOf(token, 'GET', '/v1/tenants/zoe')).toBe(200);
  const superuser = await connectSuperuser(plane.postgresUrl);
  await superuser.tamper(`UPDATE sluice.tenants SET slug = 'zoe-before' WHERE slug = 'zoe'`);
  await superuser.end();
  await zoe.ask('POST', '/v1/tenants', { slug: 'zoe', title: 'Second' });
  expect(await codeOf(token, 'GET', '/v1/tenants/zoe')).toBe('not_found');
  const { body } = await send<Page<Tenant>>(token, 'GET', '/v1/tenants');
  expect(body.items.map(({ title }) => title)).toEqual(['First']);
});

test('a token cannot be made for an environment that is not there', async () => {
  const body = { name: 'nowhere', tenant: 'own', environments: ['staging', 'nowhere'] };
  const answer = await own.owner.send<Problem>('POST', '/v1/me/tokens', body);
  expect(answer).toMatchObject({
    status: 400,
    body: { code: 'invalid_body', errors: [{ pointer: '/environments/1' }] },
  });
});

test('a password set anew by mail ends the tokens of its person, and one changed with the old one does not', async () => {
  const yan = await new Person(plane, 'yan@tokens.test').signUp();
  const { token } = await tokenOf(yan, { name: 'laptop of yan' });
  await yan.ask('POST', '/v1/auth/change-password', { currentPassword: yan.password, newPassword: 'a newer password' });
  expect(await codeOf(token, 'GET', '/v1/me')).toBe(200);
  const mailed = async (subject: RegExp): Promise<string> =>
    waitFor(() => plane.mail.messages(yan.email).find((mail) => subject.test(mail.subject))?.text, {
      what: `a mail comes: ${subject.source}`,
    });
  expect(await mailed(/was changed/)).toContain('go on working: laptop of yan');
  await yan.ask('POST', '/v1/auth/email-otp/request-password-reset', { email: yan.email });
  const otp = await waitFor(
    () =>
      plane.mail
        .messages(yan.email)
        .find(({ text }) => text.includes('to set a new password:'))
        ?.subject.slice(0, 6),
    { what: 'the code comes' },
  );
  await yan.ask('POST', '/v1/auth/email-otp/reset-password', { email: yan.email, otp, password: 'the newest one' });
  expect(await codeOf(token, 'GET', '/v1/me')).toBe('access_token_invalid');
  expect(await mailed(/set anew/)).toContain('ended with it: laptop of yan');
});

test('a token for one tenant shows no other', async () => {
  await foreign.owner.ask('POST', '/v1/tenants', { slug: 'second', title: 'Second' });
  const { token } = await tokenOf(foreign.owner, { name: 'second alone', tenant: 'second' });
  expect(await codeOf(token, 'GET', '/v1/tenants/second')).toBe(200);
  expect(await codeOf(token, 'GET', '/v1/tenants/foreign')).toBe('not_found');
  const { body: me } = await send<Me>(token, 'GET', '/v1/me');
  expect(me.memberships.map(({ tenant }) => tenant)).toEqual(['second']);
  const { body: tenants } = await send<Page<Tenant>>(token, 'GET', '/v1/tenants');
  expect(tenants.items.map(({ slug }) => slug)).toEqual(['second']);
});

test('secrets in the configuration stay hidden from a token that may only read it', async () => {
  // A hash at which one could guess: it may stand in the configuration, where a secret has to be a reference.
  const secret = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
  const policies = [{ basic: { users: [{ name: 'ann', password: secret }] } }];
  await own.owner.ask('PATCH', `${own.base}/apis/orders`, { policies });
  const read = await tokenOf(own.owner, { name: 'reads', actions: ['configuration.read'] });
  const change = await tokenOf(own.owner, { name: 'changes', actions: ['configuration.read', 'configuration.change'] });
  const path = `${own.base}/apis/orders`;
  expect(JSON.stringify((await send(change.token, 'GET', path)).body)).toContain(secret);
  expect(JSON.stringify((await send(read.token, 'GET', path)).body)).not.toContain(secret);
});

test('a revoked token is refused by the next request, whoever revokes it', async () => {
  const one = await tokenOf(own.owner, { name: 'revoked in the console' });
  await own.owner.ask('DELETE', `/v1/me/tokens/${one.id}`);
  expect(await codeOf(one.token, 'GET', '/v1/me')).toBe('access_token_invalid');
  const other = await tokenOf(own.owner, { name: 'revokes itself', actions: ['traffic.read'] });
  expect(await codeOf(other.token, 'DELETE', '/v1/token')).toBe(204);
  expect(await codeOf(other.token, 'GET', '/v1/token')).toBe('access_token_invalid');
  const service = await serviceTokenOf({ name: 'ends' });
  expect(await codeOf(service.token, 'DELETE', '/v1/token')).toBe(204);
  expect(await codeOf(service.token, 'GET', '/v1/tenants/own')).toBe('access_token_invalid');
});

test("nobody revokes another person's token", async () => {
  const { id, token } = await tokenOf(own.owner, { name: 'not yours' });
  expect((await foreign.owner.send('DELETE', `/v1/me/tokens/${id}`)).status).toBe(404);
  expect(await codeOf(token, 'GET', '/v1/me')).toBe(200);
});

test('an expired token is refused, and stays in the list', async () => {
  const personal = await tokenOf(own.owner, { name: 'expires' });
  const service = await serviceTokenOf({ name: 'expires' });
  await database.query("UPDATE auth.personal_token SET expires_at = now() - interval '1 second' WHERE id = $1", [
    personal.id,
  ]);
  await database.query("UPDATE sluice.service_tokens SET expires_at = now() - interval '1 second' WHERE id = $1", [
    service.id,
  ]);
  expect(await codeOf(personal.token, 'GET', '/v1/me')).toBe('access_token_invalid');
  expect(await codeOf(service.token, 'GET', '/v1/tenants/own')).toBe('access_token_invalid');
  const { items } = await own.owner.ask<Page<PersonalToken>>('GET', '/v1/me/tokens');
  expect(items.map(({ name }) => name)).toContain('expires');
});

test('a scope in the table that cannot be read allows nothing', async () => {
  const { id, token } = await tokenOf(own.owner, { name: 'damaged' });
  await database.query(`UPDATE auth.personal_token SET scope = '{"actions":"all"}' WHERE id = $1`, [id]);
  expect(await codeOf(token, 'GET', '/v1/tenants/own')).toBe('not_found');
});

test('no token makes, changes or revokes tokens or service accounts, nor acts at a portal', async () => {
  const personal = await tokenOf(own.owner, { name: 'all that the owner may' });
  const service = await serviceTokenOf({ name: 'all that an admin may' });
  const accounts = '/v1/tenants/own/service-accounts';
  const { items } = await own.owner.ask<Page<ServiceAccount>>('GET', accounts);
  const account = `${accounts}/${items[0]?.id}`;
  for (const { token } of [personal, service]) {
    for (const [method, path, body] of [
      ['GET', '/v1/me/tokens'],
      ['POST', '/v1/me/tokens', { name: 'minted' }],
      ['DELETE', `/v1/me/tokens/${personal.id}`],
      ['POST', accounts, { name: 'minted', role: 'admin' }],
      ['PATCH', account, { role: 'admin' }],
      ['DELETE', account],
      ['POST', `${account}/tokens`, { name: 'minted' }],
      ['POST', '/v1/tenants', { slug: 'minted', title: 'Minted' }],
      ['GET', '/v1/portal/own/applications'],
    ] as const) {
      expect(await codeOf(token, method, path, body), `${method} ${path}`).toBe('access_token_scope_missing');
    }
  }
  expect(await codeOf(service.token, 'GET', '/v1/me')).toBe('access_token_scope_missing');
});

test('a service account acts in its tenant, by the role that it has now, and in no other', async () => {
  const { token } = await serviceTokenOf({ name: 'ci' }, 'developer', 'ci');
  const { items } = await own.owner.ask<Page<ServiceAccount>>('GET', '/v1/tenants/own/service-accounts');
  const account = items.find(({ name }) => name === 'ci');
  const path = `/v1/tenants/own/service-accounts/${account?.id}`;
  const presented = await send<PresentedToken>(token, 'GET', '/v1/token');
  expect(presented.body).toMatchObject({
    kind: 'service',
    holder: { id: account?.id, name: 'ci', email: null },
    tenant: 'own',
    role: 'developer',
  });
  expect(await codeOf(token, 'POST', `${own.base}/apis`, { name: 'by-ci', title: 'By CI' })).toBe(201);
  expect(await codeOf(token, 'POST', `${own.base}/publish`, { comment: 'by a program' })).toBe(200);
  const { items: revisions } = await own.owner.ask<Page<{ author: string }>>('GET', `${own.base}/revisions`);
  expect(revisions.map(({ author }) => author)).toContain('service account ci');
  expect(await codeOf(token, 'PATCH', '/v1/tenants/own', { title: 'By CI' })).toBe('forbidden');
  await own.owner.ask('PATCH', path, { role: 'viewer' });
  expect(await codeOf(token, 'POST', `${own.base}/publish`, {})).toBe('forbidden');
  expect(await codeOf(token, 'GET', '/v1/tenants/foreign')).toBe('not_found');
  const { items: tokens } = await own.owner.ask<Page<ServiceToken>>('GET', `${path}/tokens`);
  expect(tokens[0]?.lastUsedAt).not.toBeNull();
  await own.owner.ask('DELETE', path);
  expect(await codeOf(token, 'GET', '/v1/tenants/own')).toBe('access_token_invalid');
});

test('a service account owns no application, and is no owner', async () => {
  const { token } = await serviceTokenOf({ name: 'owns nothing' });
  const refused = await send(token, 'POST', `${own.base}/applications`, { title: 'Mine' });
  expect(refused).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  const owner = await own.owner.send<Problem>('POST', '/v1/tenants/own/service-accounts', {
    name: 'boss',
    role: 'owner',
  });
  expect(owner).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
});

test('the token of a service account that is created twice with one Idempotency-Key is made once, and shown once', async () => {
  const { id } = await own.owner.ask<ServiceAccount>('POST', '/v1/tenants/own/service-accounts', {
    name: 'once',
    role: 'viewer',
  });
  const path = `/v1/tenants/own/service-accounts/${id}/tokens`;
  const headers = { 'idempotency-key': 'one-token' };
  const made = await own.owner.ask<ServiceTokenWithSecret>('POST', path, { name: 'once' }, headers);
  given.push(made.token);
  expect(await own.owner.send<Problem>('POST', path, { name: 'once' }, headers)).toMatchObject({
    status: 409,
    body: { code: 'state_conflict' },
  });
});

test("a person's token that is created twice with one Idempotency-Key is made once, and shown once, also when it is gone", async () => {
  const headers = { 'idempotency-key': 'my-token' };
  const create = async (name: string) => own.owner.send<Problem>('POST', '/v1/me/tokens', { name }, headers);
  const { id, token } = await own.owner.ask<PersonalTokenWithSecret>(
    'POST',
    '/v1/me/tokens',
    { name: 'mine' },
    headers,
  );
  given.push(token);
  const conflict = { status: 409, body: { code: 'state_conflict' } };
  expect(await create('mine')).toMatchObject(conflict);
  expect((await create('mine')).body.detail).toContain('shown then, once');
  expect((await create('another')).body.detail).toContain('came with another request');
  expect(await foreign.owner.send('POST', '/v1/me/tokens', { name: 'mine' }, headers)).toMatchObject({ status: 201 });
  await own.owner.ask('DELETE', `/v1/me/tokens/${id}`);
  expect(await create('mine')).toMatchObject(conflict);
});

test('where a request carries a token, cookies count for nothing and its origin does not matter', async () => {
  const { token } = await tokenOf(own.owner, { name: 'from anywhere' });
  const rename = async (headers: Record<string, string>) =>
    own.owner.send<Problem>('PATCH', '/v1/tenants/own', { title: 'Renamed' }, headers);
  const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  expect((await rename(evil)).body.code).toBe('cross_origin');
  expect((await rename({ ...evil, authorization: `Bearer ${token}` })).status).toBe(200);
  for (const authorization of ['Bearer', 'Bearer ', 'bearer wrong', `Bearer ${token}0`, `BEARER ${token.slice(0, -1)}`])
    expect((await rename({ ...evil, authorization })).body.code, authorization).toBe('access_token_invalid');
  expect((await rename({ ...evil, authorization: 'Basic b3duOm93bg==' })).body.code).toBe('cross_origin');
  const signOut = await own.owner.send<Problem>(
    'POST',
    '/v1/auth/sign-out',
    {},
    { ...evil, authorization: `Bearer ${token}` },
  );
  expect(signOut.body.code).toBe('cross_origin');
});

test('an API key of the gateways is no access token', async () => {
  expect(await codeOf(own.key, 'GET', '/v1/tenants/own')).toBe('access_token_invalid');
});

test('who sends wrong tokens is told to wait after a hundred, and a good one from there still works', async () => {
  const { token } = await tokenOf(own.owner, { name: 'next to noise' });
  await database.query('DELETE FROM auth.attempt');
  const answers = await Promise.all(
    Array.from({ length: 120 }, async () => send(`slp_${'0'.repeat(40)}_00000000`, 'GET', '/v1/me')),
  );
  const codes = answers.map(({ body }) => body.code);
  expect(codes.filter((code) => code === 'access_token_invalid')).toHaveLength(100);
  expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(20);
  expect(await codeOf(token, 'GET', '/v1/me')).toBe(200);
  await database.query('DELETE FROM auth.attempt');
});

test('tokens lie hashed in the tables, and nothing of them has been logged', async () => {
  const { rows } = await database.query<{ text: string }>(
    `SELECT row_to_json(t)::text AS text FROM auth.personal_token t UNION ALL SELECT row_to_json(t)::text FROM sluice.service_tokens t
     UNION ALL SELECT row_to_json(c)::text FROM sluice.idempotent_creations c`,
  );
  expect(rows.length).toBeGreaterThan(10);
  const log = plane.lines.join('\n');
  expect(log).toContain('/v1/me/tokens');
  expect(given.length).toBeGreaterThan(10);
  for (const token of given) {
    const secret = token.split('_')[1] ?? '';
    expect(rows.some(({ text }) => text.includes(secret))).toBe(false);
    expect(log).not.toContain(secret);
  }
});
