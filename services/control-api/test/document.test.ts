// A tenant that keeps its configuration in a repository: export, judge, compare, apply, sync, promote, go back.
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import type {
  Document,
  DocumentChange,
  DocumentDiff,
  DocumentValidation,
  Problem,
  Promotion,
  Revision,
} from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { endpoints } from './support/endpoints.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person, type Answer } from './support/person.js';

let plane: ControlPlane;
let acme: FurnishedTenant;
let owner: Person;
let environments = 0;

const url = (environment: string): string => `/v1/tenants/acme/environments/${environment}`;
const production = url('production');

beforeAll(async () => {
  plane = await startControlPlane();
  acme = await furnishTenant(plane, 'acme');
  ({ owner } = acme);
});
afterAll(async () => {
  await plane.stop();
});

async function newEnvironment(): Promise<string> {
  environments += 1;
  const name = `env-${environments}`;
  await owner.ask('POST', '/v1/tenants/acme/environments', { name });
  return url(name);
}

async function send<T>(
  base: string,
  what: string,
  document: string | object,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const type = typeof document === 'string' ? 'application/yaml' : 'application/json';
  return owner.send<T>('POST', `${base}/document/${what}`, document, { 'content-type': type, ...headers });
}

async function exported(
  base: string,
  query = '',
  person = owner,
): Promise<{ text: string; etag: string; type: string }> {
  const res = await fetch(`${plane.url}${base}/document${query}`, {
    headers: { cookie: person.cookies, accept: 'application/yaml' },
  });
  expect(res.status).toBe(200);
  return {
    text: await res.text(),
    etag: res.headers.get('etag') ?? '',
    type: res.headers.get('content-type') ?? '',
  };
}

/** Of a request that says how long its body will be, and sends none of it. */
async function statusOfLength(path: string, length: number): Promise<number | undefined> {
  const headers = { cookie: owner.cookies, 'content-type': 'application/yaml', 'content-length': length };
  return new Promise((resolve, reject) => {
    const req = request(plane.url + path, { method: 'POST', headers, agent: false }, (res) => {
      resolve(res.statusCode);
      req.destroy();
    });
    req.on('error', reject).flushHeaders();
  });
}

const publish = async (base: string): Promise<Revision> => owner.ask('POST', `${base}/publish`, {});
const draftOf = async (base: string): Promise<Document> => owner.ask('GET', `${base}/document`);

/** An environment with an API of two arms, published. */
async function withCanary(): Promise<{ base: string; document: Document }> {
  const base = await newEnvironment();
  const document = await draftOf(production);
  expect((await send(base, 'sync', document)).status).toBe(200);
  await publish(base);
  return { base, document };
}

test('the draft and revisions are exported as YAML and as JSON, with the same content and the same ETag', async () => {
  const yaml = await exported(production);
  const json = await owner.send<Document>('GET', `${production}/document`);
  expect(yaml.type).toBe('application/yaml; charset=utf-8');
  expect(json.headers.get('content-type')).toContain('application/json');
  expect(json.headers.get('vary')).toBe('Accept');
  expect(parse(yaml.text)).toEqual(json.body);
  expect(yaml.etag).toBe(json.headers.get('etag'));
  for (const query of ['?revision=live', '?revision=1'])
    expect(parse((await exported(production, query)).text)).toEqual(
      (await owner.ask<{ document: Document }>('GET', `${production}/revisions/1`)).document,
    );
  for (const wrong of ['?revision=99', '?revision=0', '?revision=draft'])
    expect(await owner.send('GET', `${production}/document${wrong}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_query', errors: [{ pointer: '/revision' }] },
    });
});

test('an environment dumped and synced onto an empty one gives the same revision hash', async () => {
  const { hash } = await publish(production);
  const [yaml, json] = [await exported(production), await draftOf(production)];
  for (const document of [yaml.text, json]) {
    const base = await newEnvironment();
    const synced = await send<DocumentChange>(base, 'sync', document);
    expect(synced.body).toMatchObject({ after: hash, isDryRun: false });
    expect(synced.headers.get('etag')).toBe(`"${hash}"`);
    expect((await exported(base)).etag).toBe(`"${hash}"`);
    expect(await publish(base)).toMatchObject({ number: 1, hash });
  }
});

test('the schema for editors takes what is exported and refuses what is wrong, policies and all', async () => {
  const res = await fetch(`${plane.url}/v1/document.schema.json`);
  const schema = z.fromJSONSchema((await res.json()) as Parameters<typeof z.fromJSONSchema>[0]);
  const check = (document: object): unknown => schema.safeParse(document).error;
  const document = await draftOf(production);
  expect(check(document)).toBeUndefined();
  expect(check({ sluice: 1 })).toBeUndefined();
  const route = { name: 'r', match: { path: { prefix: '/' } }, answer: {} };
  const withPolicy = (policy: object): object => ({
    sluice: 1,
    apis: { a1: { title: 'A', routes: [{ ...route, policies: [policy] }] } },
  });
  expect(check(withPolicy({ 'api-key': { header: 'x-api-key' } }))).toBeUndefined();
  for (const wrong of [
    {},
    { sluice: 1, routes: [] },
    withPolicy({ 'api-kee': {} }),
    withPolicy({ 'api-key': { hedder: 1 } }),
  ])
    expect(check(wrong), JSON.stringify(wrong)).toBeInstanceOf(z.ZodError);
});

test('a document is judged as publishing would, with lines, and nothing is changed by it', async () => {
  const { etag, text } = await exported(production);
  expect((await send<DocumentValidation>(production, 'validate', text)).body).toEqual({
    isValid: true,
    hash: etag.slice(1, -1),
    errors: [],
    missingSecrets: [],
  });
  const shape = await send<DocumentValidation>(production, 'validate', 'sluice: 1\nplans:\n  free: {}\n');
  expect(shape).toMatchObject({ status: 200, body: { isValid: false, hash: null } });
  expect(shape.body.errors[0]).toMatchObject({ pointer: '/plans/free/title', line: 3, column: 3 });
  const broken = text.replace('upstream: orders-v2', 'upstream: nowhere').replace('prefix: /orders', 'prefix: /a/../b');
  const { errors } = (await send<DocumentValidation>(production, 'validate', broken)).body;
  const lineOf = (part: string): number => broken.split('\n').findIndex((line) => line.includes(part)) + 1;
  expect(errors).toContainEqual(
    expect.objectContaining({ pointer: '/apis/orders/routes/0/split/arms/1/upstream', line: lineOf('nowhere') }),
  );
  expect(errors).toContainEqual(expect.objectContaining({ pointer: '/apis/orders/routes/0/match/path/prefix' }));
  const policy = await send<DocumentValidation>(production, 'validate', text.replace('api-key', 'api-kee'));
  expect(policy.body.errors).toMatchObject([
    { message: expect.stringContaining('api-kee') as unknown, line: expect.any(Number) as unknown },
  ]);
  expect((await exported(production)).etag).toBe(etag);
});

test('what apply, sync and diff cannot read they refuse by line, and the draft stays', async () => {
  const { etag, text } = await exported(production);
  const wrong = `${text}\nsurprise: 1\n`;
  for (const what of ['diff', 'apply', 'sync', 'apply?dryRun=true']) {
    const refused = await send<Problem>(production, what, wrong);
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(refused.body.errors).toEqual([
      expect.objectContaining({ pointer: '', fix: 'remove "surprise"', line: wrong.trimEnd().split('\n').length }),
    ]);
  }
  for (const what of ['apply', 'sync']) {
    const unservable = await send<Problem>(production, what, text.replace('upstream: orders-v2', 'upstream: nowhere'));
    expect(unservable).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(unservable.body.errors?.[0]?.pointer).toBe('/apis/orders/routes/0/split/arms/1/upstream');
  }
  expect((await exported(production)).etag).toBe(etag);
});

test('only documents may be YAML, bodies of other types are refused, and so is a missing one', async () => {
  const yaml = { 'content-type': 'application/yaml' };
  expect(await owner.send('POST', `${production}/plans`, 'name: x', yaml)).toMatchObject({ status: 415 });
  for (const what of ['validate', 'diff', 'apply', 'sync']) {
    expect(await send(production, what, 'a=b', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await owner.send('POST', `${production}/document/${what}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_body' },
    });
    expect(await statusOfLength(`${production}/document/${what}`, 4_194_305)).toBe(413);
  }
});

test('a document of thousands of routes is read, judged with lines, and synced', async () => {
  const base = await newEnvironment();
  const routes = Array.from({ length: 3000 }, (_, index) => ({
    name: `r${index}`,
    match: { path: { exact: `/r/${index}` } },
    answer: { body: `This is the answer of the route ${index}, which nobody changes.` },
  }));
  const document = { sluice: 1, apis: { large: { title: 'Large', routes: routes.slice(0, 2000) } } };
  expect(await send<DocumentValidation>(base, 'validate', stringify(document))).toMatchObject({
    status: 200,
    body: { isValid: true },
  });
  const broken = stringify(document).replace('exact: /r/1999', 'exact: r/1999');
  const lineOf = broken.split('\n').findIndex((line) => line.includes('exact: r/1999')) + 1;
  expect((await send<DocumentValidation>(base, 'validate', broken)).body.errors).toMatchObject([{ line: lineOf }]);
  expect((await send<DocumentChange>(base, 'sync', stringify(document))).body.changes).toHaveLength(2001);
  const moved = { sluice: 1, apis: { large: { title: 'Large', routes: routes.slice(1000) } } };
  expect((await send<DocumentChange>(base, 'sync', moved)).body.changes).toHaveLength(2000);
  const { apis } = await draftOf(base);
  expect(apis['large']?.routes).toHaveLength(2000);
});

test('apply changes what is named and adds what is new; sync removes the rest; diff says so before', async () => {
  const { base } = await withCanary();
  const before = await draftOf(base);
  const part = {
    sluice: 1,
    upstreams: { extra: { targets: [{ url: 'http://extra.test' }] } },
    apis: {
      orders: {
        title: 'Orders anew',
        routes: [{ name: 'health', match: { path: { exact: '/health' } }, answer: { body: 'well' } }],
      },
    },
  };
  const expected = [
    ['added', 'upstream', 'extra'],
    ['changed', 'api', 'orders'],
    ['added', 'route', 'orders/health'],
  ];
  const brief = ({ changes }: DocumentDiff): string[][] =>
    changes.map(({ change, kind, name }) => [change, kind, name]);
  expect(brief((await send<DocumentDiff>(base, 'diff?mode=apply', part)).body)).toEqual(expected);
  expect(brief((await send<DocumentDiff>(base, 'apply?dryRun=true', part)).body)).toEqual(expected);
  expect(await draftOf(base)).toEqual(before);
  const applied = await send<DocumentChange>(base, 'apply', part);
  expect(brief(applied.body)).toEqual(expected);
  const after = await draftOf(base);
  expect(after.plans).toEqual(before.plans);
  expect(Object.keys(after.upstreams)).toEqual(['extra', 'orders-v1', 'orders-v2']);
  expect(after.apis['orders']?.routes.map(({ name }) => name)).toEqual(['health', 'orders']);
  expect(brief((await send<DocumentChange>(base, 'apply', part)).body)).toEqual([]);

  const synced = await send<DocumentChange>(base, 'sync', part);
  expect(brief(synced.body)).toEqual([
    ['removed', 'upstream', 'orders-v1'],
    ['removed', 'upstream', 'orders-v2'],
    ['removed', 'route', 'orders/orders'],
    ['removed', 'plan', 'free'],
  ]);
  expect(await draftOf(base)).toMatchObject({ upstreams: { extra: {} }, plans: {} });
  expect(brief((await send<DocumentDiff>(base, 'diff?against=live', before)).body)).toEqual([]);
});

test('objects that a document leaves as they are keep their ids and ETags; nothing is published', async () => {
  const { base, document } = await withCanary();
  const paths = ['upstreams/orders-v1', 'apis/orders', 'apis/orders/routes/orders', 'plans/free'];
  const stamps = async (): Promise<(string | null)[]> =>
    Promise.all(paths.map(async (path) => (await owner.send('GET', `${base}/${path}`)).headers.get('etag')));
  const before = await stamps();
  const changed = { ...document, plans: { free: { title: 'Free of charge', apis: ['orders'], limits: [] } } };
  await send(base, 'sync', changed);
  const after = await stamps();
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
  expect(after[3]).not.toBe(before[3]);
  expect(await owner.ask('GET', `${base}/plans/free`)).toMatchObject({ title: 'Free of charge', limits: [] });
  expect(await owner.ask('GET', base)).toMatchObject({ live: { revision: 1 }, hasUnpublishedChanges: true });
});

test('of two who edit the same draft one gets 412, and sees both versions', async () => {
  const { base, document } = await withCanary();
  const { etag } = await exported(base);
  const mine = { ...document, plans: { free: { title: 'Mine', apis: ['orders'], limits: [] } } };
  const yours = { ...document, plans: { free: { title: 'Yours', apis: ['orders'], limits: [] } } };
  const first = await send<DocumentChange>(base, 'sync', mine, { 'if-match': etag });
  expect(first.status).toBe(200);
  const second = await send<Problem>(base, 'sync', yours, { 'if-match': etag });
  expect(second).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
  expect(second.body.errors).toEqual([
    {
      pointer: '/plans/free/title',
      message: 'the plan "free" has "Mine" here in the draft, and "Yours" in what you sent',
      fix: expect.any(String) as unknown,
    },
  ]);
  expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
  expect((await draftOf(base)).plans['free']?.title).toBe('Mine');
  const again = await send(base, 'apply', yours, { 'if-match': second.headers.get('etag') ?? '' });
  expect(again.status).toBe(200);
  expect(await send(base, 'apply?dryRun=true', mine, { 'if-match': etag })).toMatchObject({ status: 412 });
  const plan = `${base}/plans/free`;
  const one = await owner.send('PUT', plan, mine.plans.free, { 'if-match': '"stale"' });
  expect([one.status, one.headers.get('etag')]).toEqual([412, (await owner.send('GET', plan)).headers.get('etag')]);
});

test('a plan that somebody has subscribed to is not removed, and nor is anything else then', async () => {
  const { etag } = await exported(production);
  const refused = await send<Problem>(production, 'sync', 'sluice: 1\n');
  expect(refused).toMatchObject({ status: 409, body: { code: 'still_in_use', errors: [{ pointer: '/plans/free' }] } });
  expect((await exported(production)).etag).toBe(etag);
});

test('a viewer may judge and compare, changes nothing, and learns no secret', async () => {
  const { base, document } = await withCanary();
  const viewer = await new Person(plane, 'viewer@acme.test').signUp();
  await owner.ask('POST', '/v1/tenants/acme/members', { email: viewer.email, role: 'viewer' });
  const secret = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
  const policies = [{ basic: { users: [{ name: 'ann', password: secret }] } }];
  await owner.ask('PATCH', `${base}/apis/orders`, { policies });
  const { text, etag } = await exported(base, '', viewer);
  expect([text.includes(secret), text.includes('(hidden)')]).toEqual([false, true]);
  expect((await exported(base)).text).toContain(secret);
  for (const what of ['apply', 'sync'])
    expect(await viewer.send('POST', `${base}/document/${what}`, document)).toMatchObject({ status: 403 });
  const diff = await viewer.send<DocumentDiff>('POST', `${base}/document/diff`, document);
  expect([diff.status, JSON.stringify(diff.body).includes(secret)]).toEqual([200, false]);
  const theirs = await send<Problem>(base, 'sync', document, { 'if-match': '"stale"' });
  expect([theirs.status, JSON.stringify(theirs.body).includes(secret)]).toEqual([412, false]);
  const hidden = await send<Problem>(base, 'sync', text);
  expect(hidden).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
  expect(hidden.body.errors?.[0]).toMatchObject({ fix: expect.stringContaining('write the secret') as unknown });
  expect((await exported(base)).etag).toBe(etag);
});

test('two revisions are compared, in either direction, and with the draft', async () => {
  const { base, document } = await withCanary();
  await send(base, 'apply', { sluice: 1, plans: { gold: { title: 'Gold', apis: ['orders'], limits: [] } } });
  await publish(base);
  const brief = async (path: string): Promise<string[][]> =>
    (await owner.ask<DocumentDiff>('GET', `${base}/revisions/${path}`)).changes.map(({ change, name }) => [
      change,
      name,
    ]);
  expect(await brief('2/diff')).toEqual([['added', 'gold']]);
  expect(await brief('1/diff?against=2')).toEqual([['removed', 'gold']]);
  expect(await brief('2/diff?against=draft')).toEqual([]);
  await send(base, 'sync', document);
  expect(await brief('2/diff?against=draft')).toEqual([['added', 'gold']]);
  expect((await brief('1/diff')).map(([change]) => change)).not.toContain('removed');
  expect(await owner.send('GET', `${base}/revisions/9/diff`)).toMatchObject({ status: 404 });
  expect(await owner.send('GET', `${base}/revisions/1/diff?against=9`)).toMatchObject({ status: 400 });
});

test('an earlier revision is published again as a new one, and the draft stays', async () => {
  const { base } = await withCanary();
  const first = await owner.ask<Revision>('GET', `${base}/revisions/1`);
  await send(base, 'apply', { sluice: 1, plans: { gold: { title: 'Gold', apis: ['orders'], limits: [] } } });
  await publish(base);
  const { etag } = await exported(base);
  const again = await owner.ask<Revision>('POST', `${base}/revisions/1/republish`, {});
  expect(again).toMatchObject({ number: 3, hash: first.hash, comment: 'Republished revision 1', author: owner.email });
  expect((await exported(base)).etag).toBe(etag);
  expect((await exported(base, '?revision=live')).etag).toBe(`"${first.hash}"`);
  expect(await owner.ask('POST', `${base}/revisions/1/republish`, { comment: 'twice' })).toMatchObject({ number: 3 });
  expect(await owner.send('POST', `${base}/revisions/9/republish`, {})).toMatchObject({ status: 404 });
});

test('a revision is promoted into another environment, as a draft or at once, with the same hash', async () => {
  const { base: staging } = await withCanary();
  const from = staging.split('/').at(-1);
  const target = await newEnvironment();
  const dry = await owner.ask<Promotion>('POST', `${target}/promote?dryRun=true`, { from, to: 'revision' });
  expect(dry).toMatchObject({ isDryRun: true, revision: null, source: { environment: from, revision: 1 } });
  expect(await draftOf(target)).toMatchObject({ apis: {} });

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
  const { base: staging } = await withCanary();
  const from = staging.split('/').at(-1);
  const target = await newEnvironment();
  await send(target, 'apply', { sluice: 1, upstreams: { mine: { targets: [{ url: 'http://mine.test' }] } } });
  const { etag } = await exported(target);
  const body = { from, to: 'draft' };
  expect(await owner.send('POST', `${target}/promote`, body)).toMatchObject({
    status: 409,
    body: { code: 'state_conflict' },
  });
  const stale = await owner.send<Problem>('POST', `${target}/promote`, body, { 'if-match': '"stale"' });
  expect(stale).toMatchObject({ status: 412 });
  expect((await exported(target)).etag).toBe(etag);
  expect((await owner.send('POST', `${target}/promote`, body, { 'if-match': etag })).status).toBe(200);

  const foreign = await furnishTenant(plane, 'foreign');
  for (const [wrong, pointer] of [
    [{ from: 'nowhere', to: 'draft' }, '/from'],
    [{ from: target.split('/').at(-1), to: 'draft' }, '/from'],
    [{ from, to: 'draft', revision: 7 }, '/revision'],
    [{ from: (await newEnvironment()).split('/').at(-1), to: 'draft' }, '/from'],
  ] as const)
    expect(await owner.send('POST', `${target}/promote`, wrong)).toMatchObject({
      status: 400,
      body: { code: 'invalid_body', errors: [{ pointer }] },
    });
  const theirs = await foreign.owner.send<Problem>('POST', `${foreign.base}/promote`, { from, to: 'draft' });
  const none = await foreign.owner.send<Problem>('POST', `${foreign.base}/promote`, { from: 'env-none', to: 'draft' });
  expect([theirs.status, theirs.body.detail.replace(from ?? '', 'env-none')]).toEqual([none.status, none.body.detail]);
});

test('a team exports and syncs its part by a tag: all else stays, and nobody else makes its ETag old', async () => {
  const { base } = await withCanary();
  const whole = await draftOf(base);
  const part = {
    sluice: 1,
    upstreams: { cart: { targets: [{ url: 'http://cart.test' }] } },
    apis: {
      cart: {
        title: 'Cart',
        routes: [
          {
            name: 'cart',
            match: { path: { prefix: '/cart' } },
            split: { arms: [{ name: 'stable', upstream: 'cart', weight: 10_000 }] },
          },
        ],
      },
    },
    plans: { cart: { title: 'Cart', apis: ['cart', 'orders'], limits: [] } },
  };
  const synced = await send<DocumentChange>(base, 'sync?tags=team-cart', part);
  expect(synced.body.changes.map(({ change, kind, name }) => [change, kind, name])).toEqual([
    ['added', 'upstream', 'cart'],
    ['added', 'api', 'cart'],
    ['added', 'route', 'cart/cart'],
    ['added', 'plan', 'cart'],
  ]);
  const { text, etag } = await exported(base, '?tags=team-cart');
  expect(etag).toBe(synced.headers.get('etag'));
  expect(parse(text)).toMatchObject({
    scope: { tags: ['team-cart'] },
    upstreams: { cart: { tags: ['team-cart'] } },
    apis: { cart: { tags: ['team-cart'] } },
    plans: { cart: { tags: ['team-cart'] } },
  });
  expect(Object.keys((parse(text) as Document).upstreams)).toEqual(['cart']);
  expect(await owner.ask('GET', `${base}/apis/cart`)).toMatchObject({ tags: ['team-cart'] });
  expect(await owner.ask('GET', `${base}/plans/cart`)).toMatchObject({ tags: ['team-cart'] });

  // The document says of itself that it is a part: without a word in the query it removes nothing else.
  expect((await send<DocumentDiff>(base, 'diff', text)).body.changes).toEqual([]);
  expect((await send<DocumentValidation>(base, 'validate', text)).body).toMatchObject({ isValid: true });
  expect(await send(base, 'sync?tags=team-orders', text)).toMatchObject({
    status: 400,
    body: { code: 'invalid_query', errors: [{ pointer: '/tags' }] },
  });
  await send(base, 'apply', { sluice: 1, upstreams: { other: { targets: [{ url: 'http://other.test' }] } } });
  const less = { ...(parse(text) as Document), plans: {} };
  const removed = await send<DocumentChange>(base, 'sync', less, { 'if-match': etag });
  expect(removed.body.changes).toMatchObject([{ change: 'removed', kind: 'plan', name: 'cart' }]);
  expect(await send(base, 'sync', less, { 'if-match': etag })).toMatchObject({ status: 412 });
  const { upstreams, apis, plans } = await draftOf(base);
  expect(upstreams).toMatchObject(whole.upstreams);
  expect(apis['orders']).toEqual(whole.apis['orders']);
  expect(plans).toEqual(whole.plans);
  expect(Object.keys(upstreams).toSorted()).toEqual(['cart', 'orders-v1', 'orders-v2', 'other']);

  const { hash } = await publish(base);
  const copy = await newEnvironment();
  await send(copy, 'sync', (await exported(base)).text);
  expect(await publish(copy)).toMatchObject({ hash });
});

test('a part names nothing outside of it, and is checked with what is around it', async () => {
  const { base, document } = await withCanary();
  const before = await exported(base);
  const upstream = { 'orders-v1': { targets: [{ url: 'http://taken.test' }] } };
  const taken = await send<Problem>(base, 'sync?tags=team-cart', stringify({ sluice: 1, upstreams: upstream }));
  expect(taken).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
  expect(taken.body.errors).toMatchObject([{ pointer: '/upstreams/orders-v1', line: 3 }]);
  expect((await exported(base)).etag).toBe(before.etag);

  // A route in somebody else's API, to somebody else's upstream.
  const [orders] = document.apis['orders']?.routes ?? [];
  const route = { name: 'cart', match: { path: { prefix: '/cart' } }, split: orders?.split };
  const { title, version } = document.apis['orders'] ?? {};
  const within = { sluice: 1, apis: { orders: { title, version, routes: [route] } } };
  expect((await send<DocumentChange>(base, 'sync?tags=team-cart', within)).body.changes).toMatchObject([
    { change: 'added', kind: 'route', name: 'orders/cart' },
  ]);
  const nowhere = stringify(within).replaceAll('upstream: orders-v1', 'upstream: nowhere');
  expect(await send(base, 'sync?tags=team-cart', nowhere)).toMatchObject({ status: 422 });

  // What others still need is not removed with a part.
  const tagged = {
    upstreams: { ...document.upstreams, 'orders-v1': { ...document.upstreams['orders-v1'], tags: ['x'] } },
  };
  await send(base, 'apply', { sluice: 1, ...tagged });
  expect(await send(base, 'sync?tags=x', { sluice: 1 })).toMatchObject({
    status: 422,
    body: { code: 'invalid_document' },
  });
  expect(Object.keys((await draftOf(base)).upstreams)).toContain('orders-v1');
});

test('the documents of the guide are valid, and the endpoints that it names exist', async () => {
  const guide = await readFile(new URL('../../../docs/documents.md', import.meta.url), 'utf8');
  const documents = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);
  expect(documents).toHaveLength(3);
  const base = await newEnvironment();
  for (const text of documents) {
    expect((await send<DocumentValidation>(base, 'validate', text)).body).toMatchObject({ errors: [] });
    expect((await send(base, 'sync', text)).status).toBe(200);
    expect((await owner.send('POST', `${base}/publish`, {})).status).toBe(200);
  }
  const known = endpoints.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  const named = [...guide.matchAll(/^\| `(GET|POST) (\/[^`]+)`/gm)].map(
    ([, method = '', path = '']) => `${method} /v1/tenants/{tenant}/environments/{environment}${path}`,
  );
  expect(named).toHaveLength(8);
  expect(known).toEqual(expect.arrayContaining([...named, 'GET /v1/document.schema.json']));
});
