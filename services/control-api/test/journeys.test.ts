// The provider's and the consumer's paths from nothing to a key, and what the gateways are told of it.
import { createHash } from 'node:crypto';
import { waitFor } from '@sluice/local-stack';
import type {
  Credential,
  CredentialWithKey,
  Environment,
  FeedLine,
  FirstRun,
  Page,
  Portal,
  PortalApplication,
  Problem,
  QuickStart,
  Revision,
} from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { changesOf, snapshotOf } from './support/feed-snapshot.js';
import { Person } from './support/person.js';

let plane: ControlPlane;
let provider: Person;
const base = '/v1/tenants/acme/environments/production';

beforeAll(async () => {
  plane = await startControlPlane();
  provider = await new Person(plane, 'provider@example.test').signUp();
  await provider.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
});
afterAll(async () => {
  await plane.stop();
});

const snapshot = async (): Promise<FeedLine[]> => snapshotOf(plane);

test('a provider gets from a name to a public URL, a published revision and a working key in one request', async () => {
  const made = await provider.ask<FirstRun>('POST', `${base}/first-run`, {
    name: 'orders',
    title: 'Orders',
    upstreamUrl: 'demo',
  });
  expect(made).toMatchObject({
    publicUrl: 'http://acme.localhost:8080/orders',
    testPath: '/orders',
    keyHeader: 'x-api-key',
    api: { name: 'orders', routes: 1 },
    revision: { number: 1, author: provider.email },
  });
  expect(made.key).toMatch(/^slc_[0-9a-f]{40}_[0-9a-f]{8}$/);
  const changes = changesOf(await snapshot());
  const environment = changes.find((change) => change.kind === 'environment');
  expect(environment).toMatchObject({
    hosts: ['acme.localhost'],
    revision: 1,
    document: {
      apis: { orders: { routes: [{ strip: '/orders', split: { arms: [{ weight: 10_000 }, { weight: 0 }] } }] } },
    },
  });
  const subscription = changes.find((change) => change.kind === 'subscription');
  expect(subscription).toMatchObject({ plan: 'free', state: 'active', revision: 1 });
  const hash = createHash('sha256').update(made.key).digest('hex');
  expect(changes).toContainEqual(
    expect.objectContaining({
      kind: 'credential',
      hash,
      state: 'active',
      subscriptionId: subscription?.kind === 'subscription' ? subscription.id : '',
    }),
  );
});

test('a first run that is refused leaves nothing behind', async () => {
  const before = await provider.ask<Page<unknown>>('GET', `${base}/upstreams`);
  const taken = await provider.send<Problem>('POST', `${base}/first-run`, {
    name: 'orders',
    title: 'Orders again',
    upstreamUrl: 'https://orders.example.test',
  });
  expect(taken).toMatchObject({ status: 409, body: { code: 'name_taken', errors: [{ pointer: '/name' }] } });
  const invalid = await provider.send<Problem>('POST', `${base}/first-run`, {
    name: 'other',
    title: 'Other',
    upstreamUrl: 'ftp://nowhere',
  });
  expect(invalid).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
  expect(await provider.ask<Page<unknown>>('GET', `${base}/upstreams`)).toEqual(before);
});

test('a first run does not publish what others are still drafting', async () => {
  await provider.ask('POST', '/v1/tenants', { slug: 'drafting', title: 'Drafting' });
  const drafting = '/v1/tenants/drafting/environments/production';
  const body = { name: 'first', title: 'First', upstreamUrl: 'https://first.example.test' };
  await provider.ask('POST', `${drafting}/first-run`, body);
  await provider.ask('POST', `${drafting}/apis`, { name: 'secret', title: 'Not yet' });
  await provider.ask('PUT', `${drafting}/plans/free`, { title: 'Changed', apis: ['first'], limits: [] });
  const before = await provider.ask<Page<unknown>>('GET', `${drafting}/upstreams`);
  const refused = await provider.send<Problem>('POST', `${drafting}/first-run`, { ...body, name: 'second' });
  expect(refused).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  expect(refused.body.detail).toContain('2 unpublished changes');
  expect(refused.body.detail).toContain('/revisions/draft');
  expect(await provider.ask('GET', `${drafting}/upstreams`)).toEqual(before);
  await provider.ask('POST', `${drafting}/publish`, {});
  await provider.ask('POST', `${drafting}/first-run`, { ...body, name: 'second' });
});

test('a consumer gets from the public offer to a key in one request after signing up', async () => {
  const visitor = new Person(plane, 'consumer@example.test');
  const offer = await visitor.ask<Portal>('GET', '/v1/portal/acme');
  expect(offer).toEqual({
    tenant: { slug: 'acme', title: 'Acme' },
    apis: [
      {
        name: 'orders',
        title: 'Orders',
        version: 'v1',
        publicUrl: 'http://acme.localhost:8080/orders',
        keyHeader: 'x-api-key',
        operations: [{ method: 'GET', path: '/', keyHeader: 'x-api-key' }],
      },
    ],
    plans: [{ name: 'free', title: 'Free', apis: ['orders'], limits: [{ window: '100/minute', onOutage: 'deny' }] }],
  });
  await visitor.signUp();
  const started = await visitor.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', { plan: 'free' });
  expect(started.credential?.key).toMatch(/^slc_/);
  expect(started.application.subscriptions).toMatchObject([
    {
      plan: 'free',
      state: 'active',
      limits: [{ window: '100/minute' }],
      apis: [{ name: 'orders' }],
      credentials: [{ state: 'active', hint: `slc_…${started.credential?.key.slice(-4)}` }],
    },
  ]);
  expect(JSON.stringify(started.application)).not.toContain(started.credential?.key);
  const again = await visitor.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', { plan: 'free' });
  expect(again.credential).toBeNull();
  expect(again.application.id).toBe(started.application.id);
});

test('twenty quick starts of one person at once make one application and one key', async () => {
  const hasty = await new Person(plane, 'hasty@example.test').signUp();
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () =>
      hasty.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', { plan: 'free' }),
    ),
  );
  expect(answers.filter(({ credential }) => credential !== null)).toHaveLength(1);
  expect(new Set(answers.map(({ application }) => application.id)).size).toBe(1);
});

test('a key that its owner revokes is announced as revoked, ahead of everything else, and stays revoked', async () => {
  const owner = await new Person(plane, 'owner-of-key@example.test').signUp();
  const { application, credential } = await owner.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', {
    plan: 'free',
  });
  const [subscription] = application.subscriptions;
  const second = await owner.ask<CredentialWithKey>(
    'POST',
    `/v1/portal/acme/subscriptions/${subscription?.id}/credentials`,
    { name: 'Second' },
  );
  await owner.ask('DELETE', `/v1/portal/acme/credentials/${second.id}`);
  await owner.ask('DELETE', `/v1/portal/acme/credentials/${second.id}`);
  const hash = createHash('sha256').update(second.key).digest('hex');
  const entries = (await snapshot()).flatMap((line) => (line.type === 'entry' ? [line.entry] : []));
  expect(entries).toContainEqual(
    expect.objectContaining({
      lane: 1,
      change: expect.objectContaining({ kind: 'credential', hash, state: 'revoked' }),
    }),
  );
  const seen = await owner.ask<PortalApplication>('GET', `/v1/portal/acme/applications/${application.id}`);
  const states = seen.subscriptions[0]?.credentials.map(({ id, state }) => [id, state]);
  expect(states).toEqual([
    [credential?.id, 'active'],
    [second.id, 'revoked'],
  ]);
});

test('a deleted application takes its keys along at every gateway', async () => {
  const shortLived = await new Person(plane, 'short-lived@example.test').signUp();
  const { application, credential } = await shortLived.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', {
    plan: 'free',
  });
  await provider.ask('DELETE', `${base}/applications/${application.id}`);
  const hash = createHash('sha256')
    .update(credential?.key ?? '')
    .digest('hex');
  const changes = changesOf(await snapshot());
  expect(changes).toContainEqual(expect.objectContaining({ kind: 'credential', hash, state: 'revoked' }));
  expect(changes).toContainEqual(
    expect.objectContaining({ kind: 'subscription', applicationId: application.id, state: 'cancelled' }),
  );
  expect((await shortLived.send('GET', `/v1/portal/acme/applications/${application.id}`)).status).toBe(404);
});

test('a subscription to a plan that is not live yet waits for the revision that knows it', async () => {
  await provider.ask('POST', `${base}/plans`, {
    name: 'gold',
    title: 'Gold',
    apis: ['orders'],
    limits: [{ window: '1000/minute' }],
  });
  const application = await provider.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Early' });
  const { live } = await provider.ask<Environment>('GET', base);
  const subscription = await provider.ask<{ id: string }>(
    'POST',
    `${base}/applications/${application.id}/subscriptions`,
    { plan: 'gold' },
  );
  const needed = changesOf(await snapshot()).find(
    (change) => change.kind === 'subscription' && change.id === subscription.id,
  );
  expect(needed).toMatchObject({ revision: (live?.revision ?? 0) + 1 });
  const published = await provider.ask<Revision>('POST', `${base}/publish`, { comment: 'gold' });
  expect(published.number).toBe((live?.revision ?? 0) + 1);
  expect((await provider.ask<Portal>('GET', '/v1/portal/acme')).plans.map(({ name }) => name).toSorted()).toEqual([
    'free',
    'gold',
  ]);
});

test('a creation sent twice with one Idempotency-Key creates once, and the second answer never shows a key', async () => {
  const headers = { 'idempotency-key': 'form-1' };
  const body = { title: 'Once' };
  const [first, second] = [
    await provider.ask<{ id: string }>('POST', `${base}/applications`, body, headers),
    await provider.ask<{ id: string }>('POST', `${base}/applications`, body, headers),
  ];
  expect(second).toEqual(first);
  const other = await provider.send<Problem>('POST', `${base}/applications`, { title: 'Other' }, headers);
  expect(other).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  const subscription = await provider.ask<{ id: string }>('POST', `${base}/applications/${first.id}/subscriptions`, {
    plan: 'free',
  });
  const keys = `${base}/subscriptions/${subscription.id}/credentials`;
  const made = await provider.ask<CredentialWithKey>('POST', keys, { name: 'Key' }, { 'idempotency-key': 'form-2' });
  const repeated = await provider.send<Problem>('POST', keys, { name: 'Key' }, { 'idempotency-key': 'form-2' });
  expect(repeated).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  expect(JSON.stringify(repeated.body)).not.toContain(made.key);
  expect((await provider.ask<Page<Credential>>('GET', keys)).items).toHaveLength(1);
  const tenant = { slug: 'twice', title: 'Twice' };
  const [one, two] = await Promise.all([
    provider.ask('POST', '/v1/tenants', tenant, { 'idempotency-key': 't' }),
    provider.ask('POST', '/v1/tenants', tenant, { 'idempotency-key': 't' }),
  ]);
  expect(two).toEqual(one);
});

test('an invited person becomes a member with the role of the invitation by signing in', async () => {
  await provider.ask('POST', '/v1/tenants/acme/members', { email: 'Invited@Example.test', role: 'viewer' });
  await waitFor(
    () => plane.mail.messages('invited@example.test').some(({ subject }) => subject === 'You are invited to Acme'),
    { what: 'the invitation comes' },
  );
  const invited = await new Person(plane, 'invited@example.test').signUp();
  expect((await invited.send('GET', '/v1/tenants/acme')).status).toBe(200);
  expect(await invited.send('PATCH', '/v1/tenants/acme', { title: 'Mine' })).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  });
});

test('a deleted tenant is gone for developers and for gateways, and its slug stays its own', async () => {
  const other = await new Person(plane, 'leaver@example.test').signUp();
  await other.ask('POST', '/v1/tenants', { slug: 'brief', title: 'Brief' });
  await other.ask('POST', '/v1/tenants/brief/environments/production/first-run', {
    name: 'api-one',
    title: 'One',
    upstreamUrl: 'https://one.example.test',
  });
  await other.ask('DELETE', '/v1/tenants/brief?confirm=brief');
  expect((await other.send('GET', '/v1/portal/brief')).status).toBe(404);
  expect(
    changesOf(await snapshot()).flatMap((change) =>
      change.kind === 'environment' && change.tenantSlug === 'brief' ? change.hosts : [],
    ),
  ).toEqual([]);
  expect(await other.send('POST', '/v1/tenants', { slug: 'brief', title: 'Brief again' })).toMatchObject({
    status: 409,
    body: { code: 'name_taken' },
  });
});

test('no API key has been logged', () => {
  expect(plane.lines.join('\n')).not.toMatch(/slc_[0-9a-f]{8}/);
});
