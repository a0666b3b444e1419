// The life of subscriptions and their keys, through the API, and what gateways are told of it.
import { createHash, randomBytes } from 'node:crypto';
import {
  subscriptionStates,
  type Credential,
  type CredentialChange,
  type CredentialImport,
  type CredentialWithKey,
  type Page,
  type PortalApplication,
  type Problem,
  type QuickStart,
  type Revocation,
  type RotatedCredential,
  type Subscription,
  type TryCredential,
} from '@sluice/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { changesOf, snapshotOf } from './support/feed-snapshot.js';
import { Person } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

let plane: ControlPlane;
let owner: Person;
let stranger: Person;
const base = '/v1/tenants/acme/environments/production';
const foreign = '/v1/tenants/other/environments/production';
/** Every key that was shown: none may stand anywhere else. */
const shown: string[] = [];
const read: string[] = [];

beforeAll(async () => {
  plane = await startControlPlane();
  owner = await new Person(plane, 'owner@acme.test').signUp();
  stranger = await new Person(plane, 'owner@other.test').signUp();
  for (const [person, slug] of [
    [owner, 'acme'],
    [stranger, 'other'],
  ] as const) {
    await person.ask('POST', '/v1/tenants', { slug, title: slug });
    await person.ask('POST', `/v1/tenants/${slug}/environments/production/first-run`, {
      name: 'orders',
      title: 'Orders',
      upstreamUrl: 'https://one.test',
    });
    await person.ask('POST', `/v1/tenants/${slug}/environments/production/plans`, {
      name: 'gold',
      title: 'Gold',
      apis: ['orders'],
      limits: [{ quota: '100/month' }],
    });
  }
});
afterAll(async () => {
  await plane.stop();
});

async function subscribe({
  person = owner,
  at = base,
  ...more
}: { person?: Person; at?: string; state?: string } = {}): Promise<Subscription> {
  const { id } = await person.ask<{ id: string }>('POST', `${at}/applications`, { title: 'Application' });
  return person.ask('POST', `${at}/applications/${id}/subscriptions`, { plan: 'free', ...more });
}

async function newKey(subscription: string, more: object = {}): Promise<CredentialWithKey> {
  const made = await owner.ask<CredentialWithKey>('POST', `${base}/subscriptions/${subscription}/credentials`, {
    name: 'Key',
    ...more,
  });
  shown.push(made.key);
  return made;
}

async function list(subscription: string): Promise<Credential[]> {
  const page = await owner.ask<Page<Credential>>('GET', `${base}/subscriptions/${subscription}/credentials?limit=200`);
  read.push(JSON.stringify(page));
  return page.items;
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const fresh = (): string => randomBytes(32).toString('hex');
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
async function told(hash: string): Promise<CredentialChange | undefined> {
  const changes = changesOf(await snapshotOf(plane)).filter((change) => change.kind === 'credential');
  return changes.find((change) => change.hash === hash);
}

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
    const { id } = await subscribe({ state: 'pending' });
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
    const { id } = await subscribe();
    await owner.ask('PATCH', `${base}/subscriptions/${id}`, { state: 'cancelled' });
    const answer = await owner.send<Problem>('PATCH', `${base}/subscriptions/${id}`, { plan: 'gold' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  });

  test('gateways are told how often it has moved to another plan; to stay on one is no move', async () => {
    const { id } = await subscribe();
    for (const plan of ['gold', 'gold', 'free']) await owner.ask('PATCH', `${base}/subscriptions/${id}`, { plan });
    const changes = changesOf(await snapshotOf(plane));
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'subscription', id, plan: 'free', planChanges: 2 }));
  });
});

test('a key has the expiry and the scopes that it was given, and gateways are told both', async () => {
  const { id } = await subscribe();
  const expiresAt = inMs(3_600_000);
  const made = await newKey(id, { expiresAt, scopes: ['orders:read'] });
  expect(made).toMatchObject({ state: 'active', expiresAt, scopes: ['orders:read'] });
  expect(await told(hashOf(made.key))).toMatchObject({ expiresAt: Date.parse(expiresAt), scopes: ['orders:read'] });
  const path = `${base}/credentials/${made.id}`;
  const changed = await owner.ask<Credential>('PATCH', path, { expiresAt: null, scopes: [] });
  expect(changed).toMatchObject({ name: 'Key', expiresAt: null, scopes: [] });
  const change = await told(hashOf(made.key));
  expect(change).not.toHaveProperty('expiresAt');
  expect(change).not.toHaveProperty('scopes');
});

test('an expiry that has passed is refused at its field, and a revoked key is given none', async () => {
  const { id } = await subscribe();
  const path = `${base}/subscriptions/${id}/credentials`;
  const past = { expiresAt: inMs(-1000) };
  const invalid = { status: 400, body: { code: 'invalid_body', errors: [{ pointer: '/expiresAt' }] } };
  expect(await owner.send('POST', path, { name: 'Late', ...past })).toMatchObject(invalid);
  const made = await newKey(id);
  expect(await owner.send('PATCH', `${base}/credentials/${made.id}`, past)).toMatchObject(invalid);
  await owner.ask('DELETE', `${base}/credentials/${made.id}`);
  const refused = await owner.send<Problem>('PATCH', `${base}/credentials/${made.id}`, { expiresAt: inMs(60_000) });
  expect(refused).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
});

test('a key whose time has come is shown as expired, cannot be rotated, and is good again with a later expiry', async () => {
  const { id } = await subscribe();
  const made = await newKey(id, { expiresAt: inMs(600_000) });
  const path = `${base}/credentials/${made.id}`;
  const superuser = await connectSuperuser(plane.postgresUrl);
  await superuser.tamper("UPDATE sluice.credentials SET expires_at = now() - interval '1 second' WHERE id = $1", [
    made.id,
  ]);
  await superuser.end();
  expect(await owner.ask('GET', path)).toMatchObject({ state: 'expired' });
  expect(await owner.send('POST', `${path}/rotate`, {})).toMatchObject({ status: 409 });
  expect(await owner.ask('PATCH', path, { expiresAt: inMs(600_000) })).toMatchObject({ state: 'active' });
});

test('rotation makes a new key with the scopes of the old one, which ends when the overlap does', async () => {
  const { id } = await subscribe();
  const old = await newKey(id, { name: 'Server', scopes: ['orders:read'] });
  const before = Date.now();
  const rotated = await owner.ask<RotatedCredential>('POST', `${base}/credentials/${old.id}/rotate`, {
    overlapMs: 60_000,
  });
  shown.push(rotated.key);
  expect(rotated).toMatchObject({ name: 'Server', scopes: ['orders:read'], expiresAt: null, state: 'active' });
  expect(rotated.former).toMatchObject({ id: old.id, state: 'active' });
  const end = Date.parse(rotated.former.expiresAt ?? '');
  expect(end).toBeGreaterThanOrEqual(before + 60_000);
  expect(end).toBeLessThanOrEqual(Date.now() + 60_000);
  expect(await told(hashOf(old.key))).toMatchObject({ state: 'active', expiresAt: end });
  expect(await told(hashOf(rotated.key))).toMatchObject({ state: 'active', scopes: ['orders:read'] });
});

test('rotation without overlap revokes the old key, and an overlap never lengthens its life', async () => {
  const { id } = await subscribe();
  const [old, ending] = [await newKey(id), await newKey(id, { expiresAt: inMs(600_000) })];
  const rotate = async (of: string, body: object) => {
    const made = await owner.ask<RotatedCredential>('POST', `${base}/credentials/${of}/rotate`, body);
    shown.push(made.key);
    return made;
  };
  expect((await rotate(old.id, { overlapMs: 0 })).former).toMatchObject({ state: 'revoked' });
  expect(await told(hashOf(old.key))).toMatchObject({ state: 'revoked' });
  expect((await rotate(ending.id, { overlapMs: 3_600_000 })).former.expiresAt).toBe(ending.expiresAt);
  expect(await owner.send('POST', `${base}/credentials/${old.id}/rotate`, {})).toMatchObject({ status: 409 });
});

test('a rotation sent twice at once with one Idempotency-Key makes one key, and shows it once', async () => {
  const { id } = await subscribe();
  const old = await newKey(id);
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () =>
      owner.send<RotatedCredential>('POST', `${base}/credentials/${old.id}/rotate`, {}, { 'idempotency-key': old.id }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409, 409, 409]);
  shown.push(...answers.flatMap(({ status, body }) => (status === 201 ? [body.key] : [])));
  expect(await list(id)).toHaveLength(2);
});

test('all keys of a subscription, or of an application, are revoked at once, and those of others are not', async () => {
  const [one, other] = [await subscribe(), await subscribe()];
  const gold = await owner.ask<Subscription>('POST', `${base}/applications/${one.applicationId}/subscriptions`, {
    plan: 'gold',
  });
  const [first, second, third, kept] = [
    await newKey(one.id),
    await newKey(one.id),
    await newKey(gold.id),
    await newKey(other.id),
  ];
  const path = `${base}/subscriptions/${one.id}/credentials`;
  expect(await owner.ask<Revocation>('DELETE', path)).toMatchObject({ revoked: 2 });
  expect(await owner.ask<Revocation>('DELETE', path)).toMatchObject({ revoked: 0 });
  for (const { key } of [first, second]) expect(await told(hashOf(key))).toMatchObject({ state: 'revoked' });
  expect(await told(hashOf(third.key))).toMatchObject({ state: 'active' });
  const all = await owner.ask<Revocation>('DELETE', `${base}/applications/${one.applicationId}/credentials`);
  expect(all).toMatchObject({ revoked: 1 });
  expect(await told(hashOf(third.key))).toMatchObject({ state: 'revoked' });
  expect(await told(hashOf(kept.key))).toMatchObject({ state: 'active' });
});

test('a list of keys is revoked whole, or not at all when one is not there; a foreign one is not there', async () => {
  const { id } = await subscribe();
  const [first, second] = [await newKey(id), await newKey(id)];
  const { id: theirs } = await subscribe({ person: stranger, at: foreign });
  const foreignKey = await stranger.ask<CredentialWithKey>('POST', `${foreign}/subscriptions/${theirs}/credentials`, {
    name: 'Theirs',
  });
  shown.push(foreignKey.key);
  const nowhere = `key_${'0'.repeat(32)}`;
  const [asForeign, asMissing] = await Promise.all(
    [foreignKey.id, nowhere].map(async (missing) =>
      owner.send<Problem>('POST', `${base}/credentials/revoke`, { credentials: [first.id, missing] }),
    ),
  );
  expect(asForeign).toMatchObject({ status: 400, body: { errors: [{ pointer: '/credentials/1' }] } });
  expect({ ...asForeign?.body, requestId: '' }).toEqual({ ...asMissing?.body, requestId: '' });
  expect(await told(hashOf(first.key))).toMatchObject({ state: 'active' });
  const credentials = [first.id, second.id, first.id];
  const done = await owner.ask<Revocation>('POST', `${base}/credentials/revoke`, { credentials });
  expect(done).toMatchObject({ revoked: 2 });
  expect((await list(id)).map(({ state }) => state)).toEqual(['revoked', 'revoked']);
});

test('keys of another system are taken over by their hashes', async () => {
  const { id } = await subscribe();
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
  expect(await told(one)).toMatchObject({ subscriptionId: id, state: 'active', scopes: ['a'] });
});

test('a hash that another tenant has is taken over as any other: nobody learns of it', async () => {
  const [{ id: ours }, { id: theirs }] = [await subscribe(), await subscribe({ person: stranger, at: foreign })];
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
  const { id } = await subscribe();
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
  expect((await list(id)).map(({ name }) => name)).toEqual(['Known']);
});

test('an import sent several times at once takes each key over once', async () => {
  const { id } = await subscribe();
  const path = `${base}/subscriptions/${id}/credentials/import`;
  const credentials = Array.from({ length: 50 }, (_, index) => ({ name: `Key ${index}`, hash: fresh() }));
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () =>
      owner.send<CredentialImport>('POST', path, { credentials }, { 'idempotency-key': id }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
  expect(await list(id)).toHaveLength(50);
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
    shown.push(started.credential?.key ?? '');
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
    shown.push(made.key);
    expect(made.id).toMatch(/^try_/);
    const livesMs = Date.parse(made.expiresAt) - before;
    expect(livesMs).toBeGreaterThanOrEqual(15 * 60_000);
    expect(livesMs).toBeLessThan(16 * 60_000);
    expect(await told(hashOf(made.key))).toEqual({
      kind: 'credential',
      id: made.id,
      subscriptionId: subscription,
      hash: hashOf(made.key),
      state: 'active',
      expiresAt: Date.parse(made.expiresAt),
      scopes: ['orders:read'],
      isTry: true,
    });
    expect(await list(subscription)).toHaveLength(1);
    const seen = await person.ask<PortalApplication>('GET', `/v1/portal/acme/applications/${started.application.id}`);
    read.push(JSON.stringify(seen));
    expect(seen.subscriptions[0]?.credentials).toHaveLength(1);
    expect((await owner.send('GET', `${base}/credentials/${made.id}`)).status).toBe(404);
  });

  test('ends with all keys of its subscription', async () => {
    const { person, subscription } = await start('ending@consumer.test');
    const made = await person.ask<TryCredential>('POST', pathOf(subscription), {});
    shown.push(made.key);
    expect(await owner.ask('DELETE', `${base}/subscriptions/${subscription}/credentials`)).toMatchObject({
      revoked: 1,
    });
    expect(await told(hashOf(made.key))).toMatchObject({ state: 'revoked', isTry: true });
  });

  test('is not made for a subscription that is suspended, nor without end', async () => {
    const { person, subscription } = await start('many@consumer.test');
    const answers = await Promise.all(
      Array.from({ length: 32 }, async () => person.send<TryCredential>('POST', pathOf(subscription), {})),
    );
    shown.push(...answers.flatMap(({ status, body }) => (status === 201 ? [body.key] : [])));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(30);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 429,
      body: { code: 'too_many_attempts' },
    });
    await owner.ask('PATCH', `${base}/subscriptions/${subscription}`, { state: 'suspended' });
    expect(await person.send('POST', pathOf(subscription), {})).toMatchObject({ status: 409 });
  });
});

test('a consumer rotates an own key, and gives no scopes', async () => {
  const person = await new Person(plane, 'rotating@consumer.test').signUp();
  const { credential, application } = await person.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', {
    plan: 'free',
  });
  const rotated = await person.ask<RotatedCredential>('POST', `/v1/portal/acme/credentials/${credential?.id}/rotate`, {
    overlapMs: 0,
  });
  shown.push(credential?.key ?? '', rotated.key);
  expect(rotated.former).toMatchObject({ id: credential?.id, state: 'revoked' });
  const path = `/v1/portal/acme/subscriptions/${application.subscriptions[0]?.id}/credentials`;
  const greedy = await person.send<Problem>('POST', path, { name: 'Greedy', scopes: ['admin'] });
  expect(greedy).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
});

test('a list of keys does not wait for numbers that cannot be read, nor claims that a key was never used', async () => {
  const { id } = await subscribe();
  await newKey(id);
  const [key] = await list(id);
  expect(key).not.toHaveProperty('lastUsedAt');
});

test('no key has been shown but in the answer that made it', () => {
  expect(shown.length).toBeGreaterThan(30);
  const elsewhere = [plane.lines.join('\n'), ...read].join('\n');
  for (const key of shown) expect(elsewhere).not.toContain(key);
});
