// The life of a key, through the API, and what gateways are told of it: what it is given, how another takes its place, how it ends.
import type {
  Credential,
  CredentialWithKey,
  Problem,
  QuickStart,
  Revocation,
  RotatedCredential,
  Subscription,
} from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { base, foreign, hashOf, inMs, Offers } from './support/offers.js';
import { Person } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

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

test('a key has the expiry and the scopes that it was given, and gateways are told both', async () => {
  const { id } = await offers.subscribe();
  const expiresAt = inMs(3_600_000);
  const made = await offers.newKey(id, { expiresAt, scopes: ['orders:read'] });
  expect(made).toMatchObject({ state: 'active', expiresAt, scopes: ['orders:read'] });
  expect(await offers.told(hashOf(made.key))).toMatchObject({
    expiresAt: Date.parse(expiresAt),
    scopes: ['orders:read'],
  });
  const path = `${base}/credentials/${made.id}`;
  const changed = await owner.ask<Credential>('PATCH', path, { expiresAt: null, scopes: [] });
  expect(changed).toMatchObject({ name: 'Key', expiresAt: null, scopes: [] });
  const change = await offers.told(hashOf(made.key));
  expect(change).not.toHaveProperty('expiresAt');
  expect(change).not.toHaveProperty('scopes');
});

test('an expiry that has passed is refused at its field, and a revoked key is given none', async () => {
  const { id } = await offers.subscribe();
  const path = `${base}/subscriptions/${id}/credentials`;
  const past = { expiresAt: inMs(-1000) };
  const invalid = { status: 400, body: { code: 'invalid_body', errors: [{ pointer: '/expiresAt' }] } };
  expect(await owner.send('POST', path, { name: 'Late', ...past })).toMatchObject(invalid);
  const made = await offers.newKey(id);
  expect(await owner.send('PATCH', `${base}/credentials/${made.id}`, past)).toMatchObject(invalid);
  await owner.ask('DELETE', `${base}/credentials/${made.id}`);
  const refused = await owner.send<Problem>('PATCH', `${base}/credentials/${made.id}`, { expiresAt: inMs(60_000) });
  expect(refused).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
});

test('a key whose time has come is shown as expired, cannot be rotated, and is good again with a later expiry', async () => {
  const { id } = await offers.subscribe();
  const made = await offers.newKey(id, { expiresAt: inMs(600_000) });
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
  const { id } = await offers.subscribe();
  const old = await offers.newKey(id, { name: 'Server', scopes: ['orders:read'] });
  const before = Date.now();
  const rotated = await owner.ask<RotatedCredential>('POST', `${base}/credentials/${old.id}/rotate`, {
    overlapMs: 60_000,
  });
  offers.shown.push(rotated.key);
  expect(rotated).toMatchObject({ name: 'Server', scopes: ['orders:read'], expiresAt: null, state: 'active' });
  expect(rotated.former).toMatchObject({ id: old.id, state: 'active' });
  const end = Date.parse(rotated.former.expiresAt ?? '');
  expect(end).toBeGreaterThanOrEqual(before + 60_000);
  expect(end).toBeLessThanOrEqual(Date.now() + 60_000);
  expect(await offers.told(hashOf(old.key))).toMatchObject({ state: 'active', expiresAt: end });
  expect(await offers.told(hashOf(rotated.key))).toMatchObject({ state: 'active', scopes: ['orders:read'] });
});

test('rotation without overlap revokes the old key, and an overlap never lengthens its life', async () => {
  const { id } = await offers.subscribe();
  const [old, ending] = [await offers.newKey(id), await offers.newKey(id, { expiresAt: inMs(600_000) })];
  const rotate = async (of: string, body: object) => {
    const made = await owner.ask<RotatedCredential>('POST', `${base}/credentials/${of}/rotate`, body);
    offers.shown.push(made.key);
    return made;
  };
  expect((await rotate(old.id, { overlapMs: 0 })).former).toMatchObject({ state: 'revoked' });
  expect(await offers.told(hashOf(old.key))).toMatchObject({ state: 'revoked' });
  expect((await rotate(ending.id, { overlapMs: 3_600_000 })).former.expiresAt).toBe(ending.expiresAt);
  expect(await owner.send('POST', `${base}/credentials/${old.id}/rotate`, {})).toMatchObject({ status: 409 });
});

test('a rotation sent twice at once with one Idempotency-Key makes one key, and shows it once', async () => {
  const { id } = await offers.subscribe();
  const old = await offers.newKey(id);
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () =>
      owner.send<RotatedCredential>('POST', `${base}/credentials/${old.id}/rotate`, {}, { 'idempotency-key': old.id }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409, 409, 409]);
  offers.shown.push(...answers.flatMap(({ status, body }) => (status === 201 ? [body.key] : [])));
  expect(await offers.list(id)).toHaveLength(2);
});

test('all keys of a subscription, or of an application, are revoked at once, and those of others are not', async () => {
  const [one, other] = [await offers.subscribe(), await offers.subscribe()];
  const gold = await owner.ask<Subscription>('POST', `${base}/applications/${one.applicationId}/subscriptions`, {
    plan: 'gold',
  });
  const [first, second, third, kept] = [
    await offers.newKey(one.id),
    await offers.newKey(one.id),
    await offers.newKey(gold.id),
    await offers.newKey(other.id),
  ];
  const path = `${base}/subscriptions/${one.id}/credentials`;
  expect(await owner.ask<Revocation>('DELETE', path)).toMatchObject({ revoked: 2 });
  expect(await owner.ask<Revocation>('DELETE', path)).toMatchObject({ revoked: 0 });
  for (const { key } of [first, second]) expect(await offers.told(hashOf(key))).toMatchObject({ state: 'revoked' });
  expect(await offers.told(hashOf(third.key))).toMatchObject({ state: 'active' });
  const all = await owner.ask<Revocation>('DELETE', `${base}/applications/${one.applicationId}/credentials`);
  expect(all).toMatchObject({ revoked: 1 });
  expect(await offers.told(hashOf(third.key))).toMatchObject({ state: 'revoked' });
  expect(await offers.told(hashOf(kept.key))).toMatchObject({ state: 'active' });
});

test('a list of keys is revoked whole, or not at all when one is not there; a foreign one is not there', async () => {
  const { id } = await offers.subscribe();
  const [first, second] = [await offers.newKey(id), await offers.newKey(id)];
  const { id: theirs } = await offers.subscribe({ person: stranger, at: foreign });
  const foreignKey = await stranger.ask<CredentialWithKey>('POST', `${foreign}/subscriptions/${theirs}/credentials`, {
    name: 'Theirs',
  });
  offers.shown.push(foreignKey.key);
  const nowhere = `key_${'0'.repeat(32)}`;
  const [asForeign, asMissing] = await Promise.all(
    [foreignKey.id, nowhere].map(async (missing) =>
      owner.send<Problem>('POST', `${base}/credentials/revoke`, { credentials: [first.id, missing] }),
    ),
  );
  expect(asForeign).toMatchObject({ status: 400, body: { errors: [{ pointer: '/credentials/1' }] } });
  expect({ ...asForeign?.body, requestId: '' }).toEqual({ ...asMissing?.body, requestId: '' });
  expect(await offers.told(hashOf(first.key))).toMatchObject({ state: 'active' });
  const credentials = [first.id, second.id, first.id];
  const done = await owner.ask<Revocation>('POST', `${base}/credentials/revoke`, { credentials });
  expect(done).toMatchObject({ revoked: 2 });
  expect((await offers.list(id)).map(({ state }) => state)).toEqual(['revoked', 'revoked']);
});

test('a consumer rotates an own key, and gives no scopes', async () => {
  const person = await new Person(plane, 'rotating@consumer.test').signUp();
  const { credential, application } = await person.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', {
    plan: 'free',
  });
  const rotated = await person.ask<RotatedCredential>('POST', `/v1/portal/acme/credentials/${credential?.id}/rotate`, {
    overlapMs: 0,
  });
  offers.shown.push(credential?.key ?? '', rotated.key);
  expect(rotated.former).toMatchObject({ id: credential?.id, state: 'revoked' });
  const path = `/v1/portal/acme/subscriptions/${application.subscriptions[0]?.id}/credentials`;
  const greedy = await person.send<Problem>('POST', path, { name: 'Greedy', scopes: ['admin'] });
  expect(greedy).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
});

test('a list of keys does not wait for numbers that cannot be read, nor claims that a key was never used', async () => {
  const { id } = await offers.subscribe();
  await offers.newKey(id);
  const [key] = await offers.list(id);
  expect(key).not.toHaveProperty('lastUsedAt');
});

test('no key has been shown but in the answer that made it', () => {
  expect(offers.shown.length).toBeGreaterThan(20);
  expect(offers.shownElsewhere()).toEqual([]);
});
