// What the access tokens of people and service accounts reach, against the built process: no more than their holders, and what they
// were made for. Roles and actions by every endpoint: permissions.test.ts.
import type {
  Me,
  Member,
  Page,
  PresentedToken,
  Problem,
  ServiceAccount,
  ServiceToken,
  Tenant,
} from '@sluice/contracts';
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
  await own.owner.ask('POST', '/v1/tenants/own/environments', { name: 'staging' });
  tokens = new Tokens(plane, own.owner);
});
afterAll(async () => {
  await superuser.end();
  await plane.stop();
});

test('a personal token acts for its holder, and tells what it is', async () => {
  const { token, id } = await tokens.of(own.owner, { name: 'laptop', expiresInDays: 7 });
  expect(token).toMatch(/^slp_[0-9a-f]{40}_[0-9a-f]{8}$/);
  const me = await tokens.send<Me>(token, 'GET', '/v1/me');
  expect(me.body).toMatchObject({ email: own.owner.email, memberships: [{ tenant: 'own', role: 'owner' }] });
  expect(await tokens.codeOf(token, 'PATCH', '/v1/tenants/own', { title: 'By a program' })).toBe(200);
  const presented = await tokens.send<PresentedToken>(token, 'GET', '/v1/token');
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

test('a token may no more than its holder may at the time of the request', async () => {
  const member = await own.owner.ask<Member>('POST', '/v1/tenants/own/members', {
    email: 'ann@own.test',
    role: 'admin',
  });
  const ann = await new Person(plane, 'ann@own.test').signUp();
  const { token } = await tokens.of(ann, { name: 'ann' });
  const rename = async () => tokens.codeOf(token, 'PATCH', '/v1/tenants/own', { title: 'By Ann' });
  expect(await rename()).toBe(200);
  await own.owner.ask('PATCH', `/v1/tenants/own/members/${member.id}`, { role: 'viewer' });
  expect(await rename()).toBe('forbidden');
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/own')).toBe(200);
  await own.owner.ask('DELETE', `/v1/tenants/own/members/${member.id}`);
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/own')).toBe('not_found');
});

test('a token does what it was made for, and nothing else', async () => {
  const { token } = await tokens.of(own.owner, {
    name: 'deploy',
    actions: ['configuration.read', 'configuration.publish'],
  });
  expect(await tokens.codeOf(token, 'GET', `${own.base}/apis`)).toBe(200);
  expect(await tokens.codeOf(token, 'POST', `${own.base}/publish`, {})).toBe(200);
  const refused = await tokens.send(token, 'POST', `${own.base}/apis`, { name: 'two', title: 'Two' });
  expect(refused).toMatchObject({ status: 403, body: { code: 'access_token_scope_missing' } });
  expect(refused.body.detail).toContain('configuration.change');
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/own/members')).toBe('access_token_scope_missing');
  expect((await own.owner.send('GET', `${own.base}/apis/two`)).status).toBe(404);
});

test('a token for an environment reaches no other, and nothing of the tenant around it', async () => {
  const { token } = await tokens.of(own.owner, { name: 'staging', tenant: 'own', environments: ['staging'] });
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/own/environments/staging')).toBe(200);
  for (const path of ['/environments/production', '/environments/nowhere', '/environments', '/members', ''])
    expect(await tokens.codeOf(token, 'GET', `/v1/tenants/own${path}`), path).toBe('access_token_scope_missing');
});

test('a token follows its environment to a new name, and does not reach the one that takes the old name', async () => {
  const environments = '/v1/tenants/own/environments';
  await own.owner.ask('POST', environments, { name: 'mobile' });
  const { token } = await tokens.of(own.owner, { name: 'mobile', tenant: 'own', environments: ['mobile'] });
  const service = await tokens.ofService({ name: 'mobile', environments: ['mobile'] });
  await own.owner.ask('PATCH', `${environments}/mobile`, { name: 'phones' });
  await own.owner.ask('POST', environments, { name: 'mobile' });
  for (const one of [token, service.token]) {
    expect(await tokens.codeOf(one, 'GET', `${environments}/phones`)).toBe(200);
    expect(await tokens.codeOf(one, 'GET', `${environments}/mobile`)).toBe('access_token_scope_missing');
  }
});

test('a token does not reach the tenant that takes over the slug of its own', async () => {
  const zoe = await new Person(plane, 'zoe@tokens.test').signUp();
  await zoe.ask('POST', '/v1/tenants', { slug: 'zoe', title: 'First' });
  const { token } = await tokens.of(zoe, { name: 'zoe', tenant: 'zoe' });
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/zoe')).toBe(200);
  await superuser.tamper(`UPDATE sluice.tenants SET slug = 'zoe-before' WHERE slug = 'zoe'`);
  await zoe.ask('POST', '/v1/tenants', { slug: 'zoe', title: 'Second' });
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/zoe')).toBe('not_found');
  const { body } = await tokens.send<Page<Tenant>>(token, 'GET', '/v1/tenants');
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

test('a token for one tenant shows no other', async () => {
  await foreign.owner.ask('POST', '/v1/tenants', { slug: 'second', title: 'Second' });
  const { token } = await tokens.of(foreign.owner, { name: 'second alone', tenant: 'second' });
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/second')).toBe(200);
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/foreign')).toBe('not_found');
  const { body: me } = await tokens.send<Me>(token, 'GET', '/v1/me');
  expect(me.memberships.map(({ tenant }) => tenant)).toEqual(['second']);
  const { body: tenants } = await tokens.send<Page<Tenant>>(token, 'GET', '/v1/tenants');
  expect(tenants.items.map(({ slug }) => slug)).toEqual(['second']);
});

test('secrets in the configuration stay hidden from a token that may only read it', async () => {
  // A hash at which one could guess: it may stand in the configuration, where a secret has to be a reference.
  const secret = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
  const policies = [{ basic: { users: [{ name: 'ann', password: secret }] } }];
  await own.owner.ask('PATCH', `${own.base}/apis/orders`, { policies });
  const read = await tokens.of(own.owner, { name: 'reads', actions: ['configuration.read'] });
  const change = await tokens.of(own.owner, {
    name: 'changes',
    actions: ['configuration.read', 'configuration.change'],
  });
  const path = `${own.base}/apis/orders`;
  expect(JSON.stringify((await tokens.send(change.token, 'GET', path)).body)).toContain(secret);
  expect(JSON.stringify((await tokens.send(read.token, 'GET', path)).body)).not.toContain(secret);
});

test('a scope in the table that cannot be read allows nothing', async () => {
  const { id, token } = await tokens.of(own.owner, { name: 'damaged' });
  await superuser.query(`UPDATE auth.personal_token SET scope = '{"actions":"all"}' WHERE id = $1`, [id]);
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/own')).toBe('not_found');
});

test('no token makes, changes or revokes tokens or service accounts, nor acts at a portal', async () => {
  const personal = await tokens.of(own.owner, { name: 'all that the owner may' });
  const service = await tokens.ofService({ name: 'all that an admin may' });
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
      expect(await tokens.codeOf(token, method, path, body), `${method} ${path}`).toBe('access_token_scope_missing');
    }
  }
  expect(await tokens.codeOf(service.token, 'GET', '/v1/me')).toBe('access_token_scope_missing');
});

test('a service account acts in its tenant, by the role that it has now, and in no other', async () => {
  const { token } = await tokens.ofService({ name: 'ci' }, 'developer', 'ci');
  const { items } = await own.owner.ask<Page<ServiceAccount>>('GET', '/v1/tenants/own/service-accounts');
  const account = items.find(({ name }) => name === 'ci');
  const path = `/v1/tenants/own/service-accounts/${account?.id}`;
  const presented = await tokens.send<PresentedToken>(token, 'GET', '/v1/token');
  expect(presented.body).toMatchObject({
    kind: 'service',
    holder: { id: account?.id, name: 'ci', email: null },
    tenant: 'own',
    role: 'developer',
  });
  expect(await tokens.codeOf(token, 'POST', `${own.base}/apis`, { name: 'by-ci', title: 'By CI' })).toBe(201);
  expect(await tokens.codeOf(token, 'POST', `${own.base}/publish`, { comment: 'by a program' })).toBe(200);
  const { items: revisions } = await own.owner.ask<Page<{ author: string }>>('GET', `${own.base}/revisions`);
  expect(revisions.map(({ author }) => author)).toContain('service account ci');
  expect(await tokens.codeOf(token, 'PATCH', '/v1/tenants/own', { title: 'By CI' })).toBe('forbidden');
  await own.owner.ask('PATCH', path, { role: 'viewer' });
  expect(await tokens.codeOf(token, 'POST', `${own.base}/publish`, {})).toBe('forbidden');
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/foreign')).toBe('not_found');
  const { items: listed } = await own.owner.ask<Page<ServiceToken>>('GET', `${path}/tokens`);
  expect(listed[0]?.lastUsedAt).not.toBeNull();
  await own.owner.ask('DELETE', path);
  expect(await tokens.codeOf(token, 'GET', '/v1/tenants/own')).toBe('access_token_invalid');
});

test('a service account owns no application, and is no owner', async () => {
  const { token } = await tokens.ofService({ name: 'owns nothing' });
  const refused = await tokens.send(token, 'POST', `${own.base}/applications`, { title: 'Mine' });
  expect(refused).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  const owner = await own.owner.send<Problem>('POST', '/v1/tenants/own/service-accounts', {
    name: 'boss',
    role: 'owner',
  });
  expect(owner).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
});
