// What a document changes in a draft, and what it leaves: things that it does not name, that others have changed, that are in use, or
// that belong to another team.
import type { Document, DocumentChange, DocumentDiff, DocumentValidation, Problem } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Documents, production } from './support/documents.js';
import { furnishTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';

let plane: ControlPlane;
let owner: Person;
let documents: Documents;

beforeAll(async () => {
  plane = await startControlPlane();
  const acme = await furnishTenant(plane, 'acme');
  ({ owner } = acme);
  documents = new Documents(plane, acme);
});
afterAll(async () => {
  await plane.stop();
});

test('apply changes what is named and adds what is new; sync removes the rest; diff says so before', async () => {
  const { base } = await documents.withCanary();
  const before = await documents.draftOf(base);
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
  expect(brief((await documents.send<DocumentDiff>(base, 'diff?mode=apply', part)).body)).toEqual(expected);
  expect(brief((await documents.send<DocumentDiff>(base, 'apply?dryRun=true', part)).body)).toEqual(expected);
  expect(await documents.draftOf(base)).toEqual(before);
  const applied = await documents.send<DocumentChange>(base, 'apply', part);
  expect(brief(applied.body)).toEqual(expected);
  const after = await documents.draftOf(base);
  expect(after.plans).toEqual(before.plans);
  expect(Object.keys(after.upstreams)).toEqual(['extra', 'orders-v1', 'orders-v2']);
  expect(after.apis['orders']?.routes.map(({ name }) => name)).toEqual(['health', 'orders']);
  expect(brief((await documents.send<DocumentChange>(base, 'apply', part)).body)).toEqual([]);

  const synced = await documents.send<DocumentChange>(base, 'sync', part);
  expect(brief(synced.body)).toEqual([
    ['removed', 'upstream', 'orders-v1'],
    ['removed', 'upstream', 'orders-v2'],
    ['removed', 'route', 'orders/orders'],
    ['removed', 'plan', 'free'],
  ]);
  expect(await documents.draftOf(base)).toMatchObject({ upstreams: { extra: {} }, plans: {} });
  expect(brief((await documents.send<DocumentDiff>(base, 'diff?against=live', before)).body)).toEqual([]);
});

test('objects that a document leaves as they are keep their ids and ETags; nothing is published', async () => {
  const { base, document } = await documents.withCanary();
  const paths = ['upstreams/orders-v1', 'apis/orders', 'apis/orders/routes/orders', 'plans/free'];
  const stamps = async (): Promise<(string | null)[]> =>
    Promise.all(paths.map(async (path) => (await owner.send('GET', `${base}/${path}`)).headers.get('etag')));
  const before = await stamps();
  const changed = { ...document, plans: { free: { title: 'Free of charge', apis: ['orders'], limits: [] } } };
  await documents.send(base, 'sync', changed);
  const after = await stamps();
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
  expect(after[3]).not.toBe(before[3]);
  expect(await owner.ask('GET', `${base}/plans/free`)).toMatchObject({ title: 'Free of charge', limits: [] });
  expect(await owner.ask('GET', base)).toMatchObject({ live: { revision: 1 }, hasUnpublishedChanges: true });
});

test('of two who edit the same draft one gets 412, and sees both versions', async () => {
  const { base, document } = await documents.withCanary();
  const { etag } = await documents.exported(base);
  const mine = { ...document, plans: { free: { title: 'Mine', apis: ['orders'], limits: [] } } };
  const yours = { ...document, plans: { free: { title: 'Yours', apis: ['orders'], limits: [] } } };
  const first = await documents.send<DocumentChange>(base, 'sync', mine, { 'if-match': etag });
  expect(first.status).toBe(200);
  const second = await documents.send<Problem>(base, 'sync', yours, { 'if-match': etag });
  expect(second).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
  expect(second.body.errors).toEqual([
    {
      pointer: '/plans/free/title',
      message: 'the plan "free" has "Mine" here in the draft, and "Yours" in what you sent',
      fix: expect.any(String) as unknown,
    },
  ]);
  expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
  expect((await documents.draftOf(base)).plans['free']?.title).toBe('Mine');
  const again = await documents.send(base, 'apply', yours, { 'if-match': second.headers.get('etag') ?? '' });
  expect(again.status).toBe(200);
  expect(await documents.send(base, 'apply?dryRun=true', mine, { 'if-match': etag })).toMatchObject({ status: 412 });
  const plan = `${base}/plans/free`;
  const one = await owner.send('PUT', plan, mine.plans.free, { 'if-match': '"stale"' });
  expect([one.status, one.headers.get('etag')]).toEqual([412, (await owner.send('GET', plan)).headers.get('etag')]);
});

test('a plan that somebody has subscribed to is not removed, and nor is anything else then', async () => {
  const { etag } = await documents.exported(production);
  const refused = await documents.send<Problem>(production, 'sync', 'sluice: 1\n');
  expect(refused).toMatchObject({ status: 409, body: { code: 'still_in_use', errors: [{ pointer: '/plans/free' }] } });
  expect((await documents.exported(production)).etag).toBe(etag);
});

test('a viewer may judge and compare, changes nothing, and learns no secret', async () => {
  const { base, document } = await documents.withCanary();
  const viewer = await new Person(plane, 'viewer@acme.test').signUp();
  await owner.ask('POST', '/v1/tenants/acme/members', { email: viewer.email, role: 'viewer' });
  const secret = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g';
  const policies = [{ basic: { users: [{ name: 'ann', password: secret }] } }];
  await owner.ask('PATCH', `${base}/apis/orders`, { policies });
  const { text, etag } = await documents.exported(base, '', viewer);
  expect([text.includes(secret), text.includes('(hidden)')]).toEqual([false, true]);
  expect((await documents.exported(base)).text).toContain(secret);
  for (const what of ['apply', 'sync'])
    expect(await viewer.send('POST', `${base}/document/${what}`, document)).toMatchObject({ status: 403 });
  const diff = await viewer.send<DocumentDiff>('POST', `${base}/document/diff`, document);
  expect([diff.status, JSON.stringify(diff.body).includes(secret)]).toEqual([200, false]);
  const theirs = await documents.send<Problem>(base, 'sync', document, { 'if-match': '"stale"' });
  expect([theirs.status, JSON.stringify(theirs.body).includes(secret)]).toEqual([412, false]);
  const hidden = await documents.send<Problem>(base, 'sync', text);
  expect(hidden).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
  expect(hidden.body.errors?.[0]).toMatchObject({ fix: expect.stringContaining('write the secret') as unknown });
  expect((await documents.exported(base)).etag).toBe(etag);
});

test('a team exports and syncs its part by a tag: all else stays, and nobody else makes its ETag old', async () => {
  const { base } = await documents.withCanary();
  const whole = await documents.draftOf(base);
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
  const synced = await documents.send<DocumentChange>(base, 'sync?tags=team-cart', part);
  expect(synced.body.changes.map(({ change, kind, name }) => [change, kind, name])).toEqual([
    ['added', 'upstream', 'cart'],
    ['added', 'api', 'cart'],
    ['added', 'route', 'cart/cart'],
    ['added', 'plan', 'cart'],
  ]);
  const { text, etag } = await documents.exported(base, '?tags=team-cart');
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
  expect((await documents.send<DocumentDiff>(base, 'diff', text)).body.changes).toEqual([]);
  expect((await documents.send<DocumentValidation>(base, 'validate', text)).body).toMatchObject({ isValid: true });
  expect(await documents.send(base, 'sync?tags=team-orders', text)).toMatchObject({
    status: 400,
    body: { code: 'invalid_query', errors: [{ pointer: '/tags' }] },
  });
  await documents.send(base, 'apply', { sluice: 1, upstreams: { other: { targets: [{ url: 'http://other.test' }] } } });
  const less = { ...(parse(text) as Document), plans: {} };
  const removed = await documents.send<DocumentChange>(base, 'sync', less, { 'if-match': etag });
  expect(removed.body.changes).toMatchObject([{ change: 'removed', kind: 'plan', name: 'cart' }]);
  expect(await documents.send(base, 'sync', less, { 'if-match': etag })).toMatchObject({ status: 412 });
  const { upstreams, apis, plans } = await documents.draftOf(base);
  expect(upstreams).toMatchObject(whole.upstreams);
  expect(apis['orders']).toEqual(whole.apis['orders']);
  expect(plans).toEqual(whole.plans);
  expect(Object.keys(upstreams).toSorted()).toEqual(['cart', 'orders-v1', 'orders-v2', 'other']);

  const { hash } = await documents.publish(base);
  const copy = await documents.newEnvironment();
  await documents.send(copy, 'sync', (await documents.exported(base)).text);
  expect(await documents.publish(copy)).toMatchObject({ hash });
});

test('a part names nothing outside of it, and is checked with what is around it', async () => {
  const { base, document } = await documents.withCanary();
  const before = await documents.exported(base);
  const upstream = { 'orders-v1': { targets: [{ url: 'http://taken.test' }] } };
  const taken = await documents.send<Problem>(
    base,
    'sync?tags=team-cart',
    stringify({ sluice: 1, upstreams: upstream }),
  );
  expect(taken).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
  expect(taken.body.errors).toMatchObject([{ pointer: '/upstreams/orders-v1', line: 3 }]);
  expect((await documents.exported(base)).etag).toBe(before.etag);

  // A route in somebody else's API, to somebody else's upstream.
  const [orders] = document.apis['orders']?.routes ?? [];
  const route = { name: 'cart', match: { path: { prefix: '/cart' } }, split: orders?.split };
  const { title, version } = document.apis['orders'] ?? {};
  const within = { sluice: 1, apis: { orders: { title, version, routes: [route] } } };
  expect((await documents.send<DocumentChange>(base, 'sync?tags=team-cart', within)).body.changes).toMatchObject([
    { change: 'added', kind: 'route', name: 'orders/cart' },
  ]);
  const nowhere = stringify(within).replaceAll('upstream: orders-v1', 'upstream: nowhere');
  expect(await documents.send(base, 'sync?tags=team-cart', nowhere)).toMatchObject({ status: 422 });

  // What others still need is not removed with a part.
  const tagged = {
    upstreams: { ...document.upstreams, 'orders-v1': { ...document.upstreams['orders-v1'], tags: ['x'] } },
  };
  await documents.send(base, 'apply', { sluice: 1, ...tagged });
  expect(await documents.send(base, 'sync?tags=x', { sluice: 1 })).toMatchObject({
    status: 422,
    body: { code: 'invalid_document' },
  });
  expect(Object.keys((await documents.draftOf(base)).upstreams)).toContain('orders-v1');
});
