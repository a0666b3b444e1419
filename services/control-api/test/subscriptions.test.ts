// Subscriptions, through the API, and what gateways are told of them: which states and plans each may have, and which keys besides its
// own - those of another system, and those for a try.
import { randomBytes } from 'node:crypto';
import {
  subscriptionStates,
  type CredentialImport,
  type PortalApplication,
  type Problem,
  type QuickStart,
  type Subscription,
  type TryCredential,
} from '@sluice/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { changesOf, snapshotOf } from './support/feed-snapshot.js';
import { base, foreign, hashOf, inMs, Offers } from './support/offers.js';
import { Person } from './support/person.js';

let plane: ControlPlane;
let offers: Offers;
let owner: Person;
let stranger: Person;

beforeAll(async () => {
  plane = await startControlPlane();
  offers = await Offers.make(plane);
  ({ owner, stranger } = offers);
});
afterAll(async () => {
  await plane.stop();
});

const fresh = (): string => randomBytes(32).toString('hex');

describe('a subscription becomes what the table says, and nothing else', () => {
  const allowed = new Set([
    'pending -> active',
    'pending -> cancelled',
    'active -> suspended',
    'active -> cancelled',
    'suspended -> active',
    'suspended -> cancelled',
  ]);
  const way = {
    pending: [],
    active: ['active'],
    suspended: ['active', 'suspended'],
    cancelled: ['cancelled'],
  } as const;
  const pairs = subscriptionStates.flatMap((from) => subscriptionStates.map((to) => [from, to] as const));
  test.each(pairs)('%s -> %s', async (from, to) => {
    const { id } = await offers.subscribe({ state: 'pending' });
    const path = `${base}/subscriptions/${id}`;
    for (const state of way[from]) await owner.ask('PATCH', path, { state });
    const answer = await owner.send<Problem>('PATCH', path, { state: to });
    const isAllowed = from === to || allowed.has(`${from} -> ${to}`);
    expect(answer).toMatchObject(isAllowed ? { status: 200 } : { status: 409, body: { code: 'state_conflict' } });
    const after = isAllowed ? to : from;
    expect(await owner.ask('GET', path)).toMatchObject({ state: after });
    const changes = changesOf(await snapshotOf(plane));
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'subscription', id, state: after }));
  });

  test('one that was cancelled moves to no other plan', async () => {
    const { id } = await offers.subscribe();
    await owner.ask('PATCH', `${base}/subscriptions/${id}`, { state: 'cancelled' });
    const answer = await owner.send<Problem>('PATCH', `${base}/subscriptions/${id}`, { plan: 'gold' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  });

  test('gateways are told how often it has moved to another plan; to stay on one is no move', async () => {
    const { id } = await offers.subscribe();
    for (const plan of ['gold', 'gold', 'free']) await owner.ask('PATCH', `${base}/subscriptions/${id}`, { plan });
    const changes = changesOf(await snapshotOf(plane));
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'subscription', id, plan: 'free', planChanges: 2 }));
  });
});

test('keys of another system are taken over by their hashes', async () => {
  const { id } = await offers.subscribe();
  const [one, two] = [fresh(), fresh()];
  const made = await owner.ask<CredentialImport>('POST', `${base}/subscriptions/${id}/credentials/import`, {
    credentials: [
      { name: 'Old one', hash: one, hint: '9f2c', scopes: ['a'] },
      { name: 'Old two', hash: two, expiresAt: inMs(60_000) },
    ],
  });
  expect(made.credentials).toMatchObject([
    { name: 'Old one', hint: '…9f2c', scopes: ['a'], state: 'active' },
    { name: 'Old two', hint: `sha256:${two.slice(0, 8)}…` },
  ]);
  expect(JSON.stringify(made)).not.toContain(one);
  expect(await offers.told(one)).toMatchObject({ subscriptionId: id, state: 'active', scopes: ['a'] });
});

test('a hash that another tenant has is taken over as any other: nobody learns of it', async () => {
  const [{ id: ours }, { id: theirs }] = [
    await offers.subscribe(),
    await offers.subscribe({ person: stranger, at: foreign }),
  ];
  const hash = fresh();
  const body = { credentials: [{ name: 'Shared', hash }] };
  await stranger.ask('POST', `${foreign}/subscriptions/${theirs}/credentials/import`, body);
  const made = await owner.ask<CredentialImport>('POST', `${base}/subscriptions/${ours}/credentials/import`, body);
  expect(made.credentials).toHaveLength(1);
  const changes = changesOf(await snapshotOf(plane)).filter((change) => change.kind === 'credential');
  expect(
    changes
      .filter((change) => change.hash === hash)
      .map(({ subscriptionId }) => subscriptionId)
      .toSorted(),
  ).toEqual([ours, theirs].toSorted());
});

test('a hash that the environment has already, or that comes twice, is refused at its place, and nothing is imported', async () => {
  const { id } = await offers.subscribe();
  const path = `${base}/subscriptions/${id}/credentials/import`;
  const [known, unknown] = [fresh(), fresh()];
  await owner.ask('POST', path, { credentials: [{ name: 'Known', hash: known }] });
  const again = await owner.send<Problem>('POST', path, {
    credentials: [
      { name: 'New', hash: unknown },
      { name: 'Known', hash: known },
    ],
  });
  expect(again).toMatchObject({
    status: 409,
    body: { code: 'state_conflict', errors: [{ pointer: '/credentials/1/hash' }] },
  });
  const twice = Array.from({ length: 2 }, () => ({ name: 'Twice', hash: unknown }));
  expect(await owner.send('POST', path, { credentials: twice })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/credentials/1/hash' }] },
  });
  expect((await offers.list(id)).map(({ name }) => name)).toEqual(['Known']);
});

test('an import sent several times at once takes each key over once', async () => {
  const { id } = await offers.subscribe();
  const path = `${base}/subscriptions/${id}/credentials/import`;
  const credentials = Array.from({ length: 50 }, (_, index) => ({ name: `Key ${index}`, hash: fresh() }));
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () =>
      owner.send<CredentialImport>('POST', path, { credentials }, { 'idempotency-key': id }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
  expect(await offers.list(id)).toHaveLength(50);
  const without = await Promise.all(
    Array.from({ length: 3 }, async () =>
      owner.send('POST', path, { credentials: [{ name: 'x', hash: fresh() }, credentials[0]] }),
    ),
  );
  expect(without.map(({ status }) => status)).toEqual([409, 409, 409]);
});

describe('a try credential', () => {
  const start = async (email: string): Promise<{ person: Person; started: QuickStart; subscription: string }> => {
    const person = await new Person(plane, email).signUp();
    const started = await person.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', { plan: 'free' });
    offers.shown.push(started.credential?.key ?? '');
    return { person, started, subscription: started.application.subscriptions[0]?.id ?? '' };
  };
  const pathOf = (subscription: string): string => `/v1/portal/acme/subscriptions/${subscription}/try-credential`;

  test('lives for a quarter of an hour, counts for the same subscription, has its scopes, and stands in no list', async () => {
    const { person, started, subscription } = await start('trying@consumer.test');
    await owner.ask('PATCH', `${base}/credentials/${started.credential?.id}`, { scopes: ['orders:read'] });
    const before = Date.now();
    const once = { 'idempotency-key': subscription };
    const made = await person.ask<TryCredential>('POST', pathOf(subscription), {}, once);
    expect(await person.send('POST', pathOf(subscription), {}, once)).toMatchObject({ status: 409 });
    offers.shown.push(made.key);
    expect(made.id).toMatch(/^try_/);
    const livesMs = Date.parse(made.expiresAt) - before;
    expect(livesMs).toBeGreaterThanOrEqual(15 * 60_000);
    expect(livesMs).toBeLessThan(16 * 60_000);
    expect(await offers.told(hashOf(made.key))).toEqual({
      kind: 'credential',
      id: made.id,
      subscriptionId: subscription,
      hash: hashOf(made.key),
      state: 'active',
      expiresAt: Date.parse(made.expiresAt),
      scopes: ['orders:read'],
      isTry: true,
    });
    expect(await offers.list(subscription)).toHaveLength(1);
    const seen = await person.ask<PortalApplication>('GET', `/v1/portal/acme/applications/${started.application.id}`);
    offers.read.push(JSON.stringify(seen));
    expect(seen.subscriptions[0]?.credentials).toHaveLength(1);
    expect((await owner.send('GET', `${base}/credentials/${made.id}`)).status).toBe(404);
  });

  test('ends with all keys of its subscription', async () => {
    const { person, subscription } = await start('ending@consumer.test');
    const made = await person.ask<TryCredential>('POST', pathOf(subscription), {});
    offers.shown.push(made.key);
    expect(await owner.ask('DELETE', `${base}/subscriptions/${subscription}/credentials`)).toMatchObject({
      revoked: 1,
    });
    expect(await offers.told(hashOf(made.key))).toMatchObject({ state: 'revoked', isTry: true });
  });

  test('is not made for a subscription that is suspended, nor without end', async () => {
    const { person, subscription } = await start('many@consumer.test');
    const answers = await Promise.all(
      Array.from({ length: 32 }, async () => person.send<TryCredential>('POST', pathOf(subscription), {})),
    );
    offers.shown.push(...answers.flatMap(({ status, body }) => (status === 201 ? [body.key] : [])));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(30);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 429,
      body: { code: 'too_many_attempts' },
    });
    await owner.ask('PATCH', `${base}/subscriptions/${subscription}`, { state: 'suspended' });
    expect(await person.send('POST', pathOf(subscription), {})).toMatchObject({ status: 409 });
  });
});

test('the feed says when a subscription became active, and suspending it begins no new time', async () => {
  const { id } = await offers.subscribe();
  const path = `${base}/subscriptions/${id}`;
  const { startedAt } = await owner.ask<Subscription>('GET', path);
  expect(Date.parse(startedAt ?? '')).toBeGreaterThan(0);
  for (const state of ['suspended', 'active']) await owner.ask('PATCH', path, { state });
  expect(await owner.ask<Subscription>('GET', path)).toMatchObject({ state: 'active', startedAt });
  const changes = changesOf(await snapshotOf(plane));
  expect(changes.find((change) => change.kind === 'subscription' && change.id === id)).toMatchObject({
    state: 'active',
    startedAt: Date.parse(startedAt ?? ''),
  });
});

test('no key for a try has been shown but in the answer that made it', () => {
  expect(offers.shown.length).toBeGreaterThan(30);
  expect(offers.shownElsewhere()).toEqual([]);
});
