// The life of the access tokens of people and service accounts, against the built process: made once, shown once, kept hashed, and at
// an end when they expire, are revoked, or their person starts anew.
import type {
  Page,
  PersonalToken,
  PersonalTokenWithSecret,
  Problem,
  ServiceAccount,
  ServiceTokenWithSecret,
} from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';
import { connectSuperuser, type Superuser } from './support/superuser.js';
import { Tokens } from './support/tokens.js';

let plane: ControlPlane;
let own: FurnishedTenant;
let foreign: FurnishedTenant;
let superuser: Superuser;
let tokens: Tokens;

beforeAll(async () => {
  plane = await startControlPlane();
  superuser = await connectSuperuser(plane.postgresUrl);
  [own, foreign] = [await furnishTenant(plane, 'own'), await furnishTenant(plane, 'foreign')];
  tokens = new Tokens(plane, own.owner);
});
afterAll(async () => {
  await superuser.end();
  await plane.stop();
});

test('a token is shown once; afterwards there is its hint, and when it was used', async () => {
  const { token, id, hint } = await tokens.of(own.owner, { name: 'shown once' });
  expect(hint).toBe(`slp_…${token.slice(-4)}`);
  const listed = async (): Promise<PersonalToken | undefined> =>
    (await own.owner.ask<Page<PersonalToken>>('GET', '/v1/me/tokens')).items.find((item) => item.id === id);
  const before = await listed();
  expect(before).toMatchObject({ hint, lastUsedAt: null });
  expect(JSON.stringify(before)).not.toContain(token);
  await tokens.send(token, 'GET', '/v1/me');
  expect(Date.now() - Date.parse((await listed())?.lastUsedAt ?? '')).toBeLessThan(60_000);
});

test('of two tokens of one name the second is refused, and so are actions that do not exist', async () => {
  await tokens.of(own.owner, { name: 'twice' });
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

test('a password set anew by mail ends the tokens of its person, and one changed with the old one does not', async () => {
  const yan = await new Person(plane, 'yan@tokens.test').signUp();
  const { token } = await tokens.of(yan, { name: 'laptop of yan' });
  await yan.ask('POST', '/v1/auth/change-password', { currentPassword: yan.password, newPassword: 'a newer password' });
  expect(await tokens.codeOf(token, 'GET', '/v1/me')).toBe(200);
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
  expect(await tokens.codeOf(token, 'GET', '/v1/me')).toBe('access_token_invalid');
  expect(await mailed(/set anew/)).toContain('ended with it: laptop of yan');
});

test('a revoked token is refused by the next request, whoever revokes it', async () => {
  const one = await tokens.of(own.owner, { name: 'revoked in the console' });
  await own.owner.ask('DELETE', `/v1/me/tokens/${one.id}`);
  expect(await tokens.codeOf(one.token, 'GET', '/v1/me')).toBe('access_token_invalid');
  const other = await tokens.of(own.owner, { name: 'revokes itself', actions: ['traffic.read'] });
  expect(await tokens.codeOf(other.token, 'DELETE', '/v1/token')).toBe(204);
  expect(await tokens.codeOf(other.token, 'GET', '/v1/token')).toBe('access_token_invalid');
  const service = await tokens.ofService({ name: 'ends' });
  expect(await tokens.codeOf(service.token, 'DELETE', '/v1/token')).toBe(204);
  expect(await tokens.codeOf(service.token, 'GET', '/v1/tenants/own')).toBe('access_token_invalid');
});

test("nobody revokes another person's token", async () => {
  const { id, token } = await tokens.of(own.owner, { name: 'not yours' });
  expect((await foreign.owner.send('DELETE', `/v1/me/tokens/${id}`)).status).toBe(404);
  expect(await tokens.codeOf(token, 'GET', '/v1/me')).toBe(200);
});

test('an expired token is refused, and stays in the list', async () => {
  const personal = await tokens.of(own.owner, { name: 'expires' });
  const service = await tokens.ofService({ name: 'expires' });
  await superuser.query("UPDATE auth.personal_token SET expires_at = now() - interval '1 second' WHERE id = $1", [
    personal.id,
  ]);
  await superuser.query("UPDATE sluice.service_tokens SET expires_at = now() - interval '1 second' WHERE id = $1", [
    service.id,
  ]);
  expect(await tokens.codeOf(personal.token, 'GET', '/v1/me')).toBe('access_token_invalid');
  expect(await tokens.codeOf(service.token, 'GET', '/v1/tenants/own')).toBe('access_token_invalid');
  const { items } = await own.owner.ask<Page<PersonalToken>>('GET', '/v1/me/tokens');
  expect(items.map(({ name }) => name)).toContain('expires');
});

test('the token of a service account that is created twice with one Idempotency-Key is made once, and shown once', async () => {
  const { id } = await own.owner.ask<ServiceAccount>('POST', '/v1/tenants/own/service-accounts', {
    name: 'once',
    role: 'viewer',
  });
  const path = `/v1/tenants/own/service-accounts/${id}/tokens`;
  const headers = { 'idempotency-key': 'one-token' };
  const made = await own.owner.ask<ServiceTokenWithSecret>('POST', path, { name: 'once' }, headers);
  tokens.given.push(made.token);
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
  tokens.given.push(token);
  const conflict = { status: 409, body: { code: 'state_conflict' } };
  expect(await create('mine')).toMatchObject(conflict);
  expect((await create('mine')).body.detail).toContain('shown then, once');
  expect((await create('another')).body.detail).toContain('came with another request');
  expect(await foreign.owner.send('POST', '/v1/me/tokens', { name: 'mine' }, headers)).toMatchObject({ status: 201 });
  await own.owner.ask('DELETE', `/v1/me/tokens/${id}`);
  expect(await create('mine')).toMatchObject(conflict);
});

test('where a request carries a token, cookies count for nothing and its origin does not matter', async () => {
  const { token } = await tokens.of(own.owner, { name: 'from anywhere' });
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
  expect(await tokens.codeOf(own.key, 'GET', '/v1/tenants/own')).toBe('access_token_invalid');
});

test('who sends wrong tokens is told to wait after a hundred, and a good one from there still works', async () => {
  const { token } = await tokens.of(own.owner, { name: 'next to noise' });
  await superuser.query('DELETE FROM auth.attempt');
  const answers = await Promise.all(
    Array.from({ length: 120 }, async () => tokens.send(`slp_${'0'.repeat(40)}_00000000`, 'GET', '/v1/me')),
  );
  const codes = answers.map(({ body }) => body.code);
  expect(codes.filter((code) => code === 'access_token_invalid')).toHaveLength(100);
  expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(20);
  expect(await tokens.codeOf(token, 'GET', '/v1/me')).toBe(200);
  await superuser.query('DELETE FROM auth.attempt');
});

test('tokens lie hashed in the tables, and nothing of them has been logged', async () => {
  const rows = await superuser.query<{ text: string }>(
    `SELECT row_to_json(t)::text AS text FROM auth.personal_token t UNION ALL SELECT row_to_json(t)::text FROM sluice.service_tokens t
     UNION ALL SELECT row_to_json(c)::text FROM sluice.idempotent_creations c`,
  );
  expect(rows.length).toBeGreaterThan(10);
  const log = plane.lines.join('\n');
  expect(log).toContain('/v1/me/tokens');
  expect(tokens.given.length).toBeGreaterThan(10);
  for (const token of tokens.given) {
    const secret = token.split('_')[1] ?? '';
    expect(rows.some(({ text }) => text.includes(secret))).toBe(false);
    expect(log).not.toContain(secret);
  }
});

test('many tokens asked for at once, each with an Idempotency-Key, shut nobody out', async () => {
  const answers = await Promise.all(
    Array.from({ length: 30 }, async (_, number) =>
      own.owner.send<PersonalTokenWithSecret>(
        'POST',
        '/v1/me/tokens',
        { name: `one of many ${number}`, tenant: 'own' },
        { 'idempotency-key': `many-${number}` },
      ),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  tokens.given.push(...answers.map(({ body }) => body.token));
});
