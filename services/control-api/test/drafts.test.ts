// What is written into a draft: kept as written, checked by the engine where it is edited, and published as one document.
import type { Api, Document, Problem, Route, Subscription } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { changesOf, snapshotOf } from './support/feed-snapshot.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';

let plane: ControlPlane;
let acme: FurnishedTenant;

beforeAll(async () => {
  plane = await startControlPlane();
  acme = await furnishTenant(plane, 'acme');
});
afterAll(async () => {
  await plane.stop();
});

const answering = { match: { path: { exact: '/health' } }, answer: { status: 200, body: 'OK' } };

async function refused(method: string, path: string, body: unknown): Promise<Problem> {
  const { status, body: problem } = await acme.owner.send<Problem>(method, acme.base + path, body);
  expect({ status, code: problem.code }).toEqual({ status: 400, code: 'invalid_body' });
  return problem;
}

test('an API keeps its versioning and its policies, and the document has them until they are taken away', async () => {
  const { owner, base } = acme;
  const policies = [{ 'api-key': { header: 'apikey' } }];
  const versioning = { by: 'header', header: 'x-version' } as const;
  const made = await owner.ask<Api>('POST', `${base}/apis`, { name: 'users', title: 'Users', versioning, policies });
  expect(made).toMatchObject({ version: 'v1', versioning, policies });
  const draft = await owner.ask<Document>('GET', `${base}/document`);
  expect(draft.apis['users']).toEqual({ title: 'Users', version: 'v1', versioning, policies, routes: [] });

  const changed = await owner.ask<Api>('PATCH', `${base}/apis/users`, { versioning: null, policies: [] });
  expect(changed).toMatchObject({ versioning: null, policies: [] });
  const { apis } = await owner.ask<Document>('GET', `${base}/document`);
  expect(apis['users']).toEqual({ title: 'Users', version: 'v1', routes: [] });
});

test('hashes of passwords are shown to who may change them, and to no viewer, who sees references to secrets', async () => {
  const { owner, base } = acme;
  const viewer = new Person(plane, 'viewer@acme.test');
  await viewer.signUp();
  await owner.ask('POST', '/v1/tenants/acme/members', { email: viewer.email, role: 'viewer' });
  const secret = 'secret:shared-by-reference';
  const password = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
  const policies = [
    { jwt: { issuers: [{ issuer: 'me', keys: [{ kid: 'one', secret }] }] } },
    { basic: { users: [{ name: 'ann', password }] } },
  ];
  await owner.ask('POST', `${base}/apis`, { name: 'secrets', title: 'Secrets', policies: [{ any: policies }] });
  await owner.ask('POST', `${base}/apis/secrets/routes`, {
    name: 'health',
    ...answering,
    policies: [{ any: policies }],
  });
  const paths = ['/document', '/apis', '/apis/secrets', '/apis/secrets/routes', '/apis/secrets/routes/health'];
  for (const path of paths) {
    const whole = JSON.stringify(await owner.ask('GET', base + path));
    expect([path, whole.includes(secret), whole.includes(password)]).toEqual([path, true, true]);
    const seen = JSON.stringify(await viewer.ask('GET', base + path));
    expect([path, seen.includes(secret), seen.includes(password)]).toEqual([path, true, false]);
    expect(seen).toContain('"kid":"one"');
  }
  await owner.ask('DELETE', `${base}/apis/secrets/routes/health`);
  await owner.ask('DELETE', `${base}/apis/secrets`);
});

test('a policy that no gateway knows is refused where it is written, with the names that there are', async () => {
  const problem = await refused('POST', '/apis/orders/routes', {
    name: 'typo',
    ...answering,
    policies: [{ 'api-kee': {} }],
  });
  expect(problem.errors).toEqual([
    expect.objectContaining({ pointer: '/policies/0/api-kee', fix: expect.stringContaining('api-key') as unknown }),
  ]);
  const { errors } = await refused('PATCH', '/apis/orders', { policies: [{ 'api-key': {} }, { nothing: {} }] });
  expect(errors).toMatchObject([{ pointer: '/policies/1/nothing' }]);
});

test('the settings of a policy are refused with a pointer to the field and a remedy', async () => {
  const body = { ...answering, policies: [{ 'api-key': { header: 'Not A Header' } }] };
  const { errors } = await refused('POST', '/apis/orders/routes', { name: 'wrong', ...body });
  expect(errors).toMatchObject([
    { pointer: '/policies/0/api-key/header', fix: expect.stringContaining('header name') as unknown },
  ]);
  const { errors: again } = await refused('PUT', '/apis/orders/routes/orders', body);
  expect(again).toEqual(errors);
});

test('a path that can never arrive is refused where it is written, with what does', async () => {
  const { errors } = await refused('POST', '/apis/orders/routes', {
    name: 'dots',
    ...answering,
    match: { path: { exact: '/a/../b' } },
  });
  expect(errors).toMatchObject([{ pointer: '/match/path/exact', fix: 'write /b' }]);
});

test("a route that ends in the gateway's own answer is published, and has no weights to read or set", async () => {
  const { owner, base } = acme;
  await owner.ask<Route>('POST', `${base}/apis/orders/routes`, { name: 'health', ...answering });
  await owner.ask('POST', `${base}/publish`, {});
  const path = `${base}/apis/orders/routes/health/weights`;
  for (const answer of [
    await owner.send<Problem>('GET', path),
    await owner.send<Problem>('PUT', path, { weights: { stable: 10_000 } }),
  ])
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'state_conflict', detail: expect.stringContaining('no arms to weigh') as unknown },
    });
});

test('the feed says when a subscription became active, and suspending it begins no new time', async () => {
  const { owner, base, values } = acme;
  const path = `${base}/subscriptions/${values['subscription']}`;
  const { startedAt } = await owner.ask<Subscription>('GET', path);
  expect(Date.parse(startedAt ?? '')).toBeGreaterThan(0);
  for (const state of ['suspended', 'active']) await owner.ask('PATCH', path, { state });
  expect(await owner.ask<Subscription>('GET', path)).toMatchObject({ state: 'active', startedAt });
  const changes = changesOf(await snapshotOf(plane));
  expect(
    changes.find((change) => change.kind === 'subscription' && change.id === values['subscription']),
  ).toMatchObject({ state: 'active', startedAt: Date.parse(startedAt ?? '') });
});
