// From a draft to revisions: what is written is checked by the engine where it is edited and published as one document; what was
// published is compared, published again, and promoted into other environments.
import type { Api, Document, DocumentDiff, Problem, Promotion, Revision, Route } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Documents } from './support/documents.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';

let plane: ControlPlane;
let acme: FurnishedTenant;
let owner: Person;
let documents: Documents;

beforeAll(async () => {
  plane = await startControlPlane();
  acme = await furnishTenant(plane, 'acme');
  ({ owner } = acme);
  documents = new Documents(plane, acme);
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
  const { base } = acme;
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
  const { base } = acme;
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
  const { base } = acme;
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

test('two revisions are compared, in either direction, and with the draft', async () => {
  const { base, document } = await documents.withCanary();
  await documents.send(base, 'apply', { sluice: 1, plans: { gold: { title: 'Gold', apis: ['orders'], limits: [] } } });
  await documents.publish(base);
  const brief = async (path: string): Promise<string[][]> =>
    (await owner.ask<DocumentDiff>('GET', `${base}/revisions/${path}`)).changes.map(({ change, name }) => [
      change,
      name,
    ]);
  expect(await brief('2/diff')).toEqual([['added', 'gold']]);
  expect(await brief('1/diff?against=2')).toEqual([['removed', 'gold']]);
  expect(await brief('2/diff?against=draft')).toEqual([]);
  await documents.send(base, 'sync', document);
  expect(await brief('2/diff?against=draft')).toEqual([['added', 'gold']]);
  expect((await brief('1/diff')).map(([change]) => change)).not.toContain('removed');
  expect(await owner.send('GET', `${base}/revisions/9/diff`)).toMatchObject({ status: 404 });
  expect(await owner.send('GET', `${base}/revisions/1/diff?against=9`)).toMatchObject({ status: 400 });
});

test('an earlier revision is published again as a new one, and the draft stays', async () => {
  const { base } = await documents.withCanary();
  const first = await owner.ask<Revision>('GET', `${base}/revisions/1`);
  await documents.send(base, 'apply', { sluice: 1, plans: { gold: { title: 'Gold', apis: ['orders'], limits: [] } } });
  await documents.publish(base);
  const { etag } = await documents.exported(base);
  const again = await owner.ask<Revision>('POST', `${base}/revisions/1/republish`, {});
  expect(again).toMatchObject({ number: 3, hash: first.hash, comment: 'Republished revision 1', author: owner.email });
  expect((await documents.exported(base)).etag).toBe(etag);
  expect((await documents.exported(base, '?revision=live')).etag).toBe(`"${first.hash}"`);
  expect(await owner.ask('POST', `${base}/revisions/1/republish`, { comment: 'twice' })).toMatchObject({ number: 3 });
  expect(await owner.send('POST', `${base}/revisions/9/republish`, {})).toMatchObject({ status: 404 });
});

test('a revision is promoted into another environment, as a draft or at once, with the same hash', async () => {
  const { base: staging } = await documents.withCanary();
  const from = staging.split('/').at(-1);
  const target = await documents.newEnvironment();
  const dry = await owner.ask<Promotion>('POST', `${target}/promote?dryRun=true`, { from, to: 'revision' });
  expect(dry).toMatchObject({ isDryRun: true, revision: null, source: { environment: from, revision: 1 } });
  expect(await documents.draftOf(target)).toMatchObject({ apis: {} });

  const drafted = await owner.ask<Promotion>('POST', `${target}/promote`, { from, to: 'draft' });
  expect(drafted).toMatchObject({ isDryRun: false, revision: null, after: drafted.source.hash });
  expect(await owner.ask('GET', target)).toMatchObject({ live: null, hasUnpublishedChanges: true });
  const published = await owner.ask<Promotion>('POST', `${target}/promote`, { from, to: 'revision', revision: 1 });
  expect(published.revision).toMatchObject({
    number: 1,
    hash: drafted.source.hash,
    comment: `Promoted from ${from}, revision 1`,
  });
  expect(await owner.ask('GET', target)).toMatchObject({ hasUnpublishedChanges: false });
});

test('a promotion overwrites no unpublished work unseen, and finds only what is there to be read', async () => {
  const { base: staging } = await documents.withCanary();
  const from = staging.split('/').at(-1);
  const target = await documents.newEnvironment();
  await documents.send(target, 'apply', { sluice: 1, upstreams: { mine: { targets: [{ url: 'http://mine.test' }] } } });
  const { etag } = await documents.exported(target);
  const body = { from, to: 'draft' };
  expect(await owner.send('POST', `${target}/promote`, body)).toMatchObject({
    status: 409,
    body: { code: 'state_conflict' },
  });
  const stale = await owner.send<Problem>('POST', `${target}/promote`, body, { 'if-match': '"stale"' });
  expect(stale).toMatchObject({ status: 412 });
  expect((await documents.exported(target)).etag).toBe(etag);
  expect((await owner.send('POST', `${target}/promote`, body, { 'if-match': etag })).status).toBe(200);

  const foreign = await furnishTenant(plane, 'foreign');
  for (const [wrong, pointer] of [
    [{ from: 'nowhere', to: 'draft' }, '/from'],
    [{ from: target.split('/').at(-1), to: 'draft' }, '/from'],
    [{ from, to: 'draft', revision: 7 }, '/revision'],
    [{ from: (await documents.newEnvironment()).split('/').at(-1), to: 'draft' }, '/from'],
  ] as const)
    expect(await owner.send('POST', `${target}/promote`, wrong)).toMatchObject({
      status: 400,
      body: { code: 'invalid_body', errors: [{ pointer }] },
    });
  const theirs = await foreign.owner.send<Problem>('POST', `${foreign.base}/promote`, { from, to: 'draft' });
  const none = await foreign.owner.send<Problem>('POST', `${foreign.base}/promote`, { from: 'env-none', to: 'draft' });
  expect([theirs.status, theirs.body.detail.replace(from ?? '', 'env-none')]).toEqual([none.status, none.body.detail]);
});
