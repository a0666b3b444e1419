// How gateways get in, what they may say, and how they are put out: over HTTP, from real Postgres.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  gatewayIdentitySchema,
  gatewayPublicKeySchema,
  proofAudience,
  type GatewayIdentity,
  type GatewayPublicKey,
  type RegistrationTokenCreate,
  type RegistrationTokenWithSecret,
} from '@sluice/contracts';
import { SignJWT } from 'jose';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { fleetToken, startFleetServers, type FleetServers } from '../testing/fleet-servers.js';
import { fleetsRepository } from './fleets.repository.js';
import { OperatedFleetsService } from './operated-fleets.service.js';

interface TestGateway {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: GatewayPublicKey;
}

const operator = { identityId: 'idn_operator', email: 'op@platform.test', name: 'Op' };
let servers: FleetServers;
let owner: pg.Client;
let operated: OperatedFleetsService;
let made = 0;

beforeAll(async () => {
  servers = await startFleetServers();
  owner = new pg.Client({ connectionString: servers.postgresUrl });
  await owner.connect();
  operated = servers.app.get(OperatedFleetsService);
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await owner.end();
  await servers.stop();
});

it('a gateway that is registered speaks by its identity, and the token of the fleet alone says nothing', async () => {
  const gateway = newGateway();
  const { token } = await registered(gateway);
  expect(await beat(token, gateway.id)).toBe(200);
  expect(await beat(fleetToken, gateway.id)).toBe(401);
});

it('no gateway speaks for another', async () => {
  const [one, other] = [newGateway(), newGateway()];
  const { token } = await registered(one);
  await registered(other);
  expect(await beat(token, other.id, 'forged')).toBe(401);
  const receipts = await post('receipts', token, { gatewayId: other.id, receipts: [] });
  expect(receipts.status).toBe(401);
  const { rows } = await owner.query('SELECT version FROM sluice.gateways WHERE id = $1', [other.id]);
  expect(rows).toEqual([{ version: '0.1.0' }]);
});

it('an identity ends by itself, and is renewed by proof of the key, without any token', async () => {
  const gateway = newGateway();
  const { token, expiresInMs } = await registered(gateway);
  const later = Date.now() + expiresInMs + 90_000;
  vi.useFakeTimers({ toFake: ['Date'], now: later });
  expect(await beat(token, gateway.id)).toBe(401);
  const renewed = await post('identities', await proofOf(gateway, later));
  const next = gatewayIdentitySchema.parse(await renewed.json());
  expect(await beat(next.token, gateway.id)).toBe(200);
});

it('a proof counts within the minutes that clocks differ by, and only by the key that is known', async () => {
  const gateway = newGateway();
  await registered(gateway);
  const now = Date.now();
  const statusAt = async (issuedAt: number, by = gateway): Promise<number> =>
    (await post('identities', await proofOf({ ...gateway, privateKey: by.privateKey }, issuedAt))).status;
  expect(await statusAt(now + 50_000)).toBe(200);
  expect(await statusAt(now - 100_000)).toBe(200);
  expect(await statusAt(now + 600_000)).toBe(401);
  expect(await statusAt(now - 600_000)).toBe(401);
  expect(await statusAt(now, newGateway())).toBe(401);
  expect((await post('identities', 'no proof')).status).toBe(401);
  expect((await post('identities', await proofOf(newGateway(), now))).status).toBe(401);
});

it.each([{ not: '' }, { none: 1 }, 'g\u0000', 7, null])(
  'a proof of %j proves nothing, and breaks nothing',
  async (sub) => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const proof = `${part({ alg: 'EdDSA' })}.${part({ sub, key: 'x', aud: proofAudience })}.AAAA`;
    expect((await post('identities', proof)).status).toBe(401);
  },
);

it('a revoked gateway is refused at once, cannot come back by any token, and does when it was forgotten', async () => {
  const gateway = newGateway();
  const { token } = await registered(gateway);
  await operated.change('default', gateway.id, { isRevoked: true });
  expect(await beat(token, gateway.id)).toBe(403);
  expect((await post('identities', await proofOf(gateway, Date.now()))).status).toBe(403);
  expect((await register(gateway)).status).toBe(403);
  expect((await register({ ...newGateway(), id: gateway.id })).status).toBe(403);
  await operated.forget('default', gateway.id);
  expect(await beat(token, gateway.id)).toBe(401);
  expect((await register(gateway)).status).toBe(200);
});

it('an open feed ends when its gateway is revoked', async () => {
  const gateway = newGateway();
  const { token } = await registered(gateway);
  const res = await fetch(`${servers.url}/v1/fleet/feed`, { headers: { authorization: `Bearer ${token}` } });
  await operated.change('default', gateway.id, { isRevoked: true });
  expect(await res.text()).toContain('"snapshot-end"');
});

it('a living gateway keeps its id, and one that has ended leaves it to another key', async () => {
  const first = newGateway();
  const { token } = await registered(first);
  const second = { ...newGateway(), id: first.id };
  expect((await register(second)).status).toBe(409);
  expect((await register(first)).status).toBe(200);
  await owner.query("UPDATE sluice.gateways SET last_heartbeat_at = now() - interval '1 minute' WHERE id = $1", [
    first.id,
  ]);
  expect((await register(second)).status).toBe(200);
  expect(await beat(token, first.id)).toBe(401);
});

it('a registration token lets in as many gateways as it says, each as often as it comes, until it ends', async () => {
  const { id, token } = await newToken('Two', 2);
  const [one, two, three] = [newGateway(), newGateway(), newGateway()];
  for (const gateway of [one, one, two]) expect((await register(gateway, token)).status).toBe(200);
  expect((await register(three, token)).status).toBe(401);
  const known = async () => (await operated.tokens('default', { limit: 100 })).items.find((each) => each.id === id);
  expect(await known()).toMatchObject({ uses: 2, mostUses: 2 });
  const { rows } = await owner.query<{ text: string }>(
    'SELECT row_to_json(t)::text AS text FROM sluice.registration_tokens t',
  );
  expect(rows.map(({ text }) => text).join()).not.toContain(token);

  const dead = await Promise.all(['expired', 'revoked'].map(async (title) => newToken(title, 9)));
  await owner.query("UPDATE sluice.registration_tokens SET expires_at = now() WHERE title = 'expired'");
  await operated.revokeToken('default', dead[1]?.id ?? '');
  for (const each of dead) expect((await register(three, each.token)).status).toBe(401);
});

it('of gateways that come at once, no more get in than the token lets in', async () => {
  const { token } = await newToken('Three at once', 3);
  const answers = await Promise.all(Array.from({ length: 8 }, async () => register(newGateway(), token)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
});

it('a registration token that is asked for twice at once with one Idempotency-Key is made once, and shown once', async () => {
  const key = { key: 'one-token', requestHash: 'of the request' };
  const twice = [1, 2].map(async () => newToken('Once', 1, key));
  const outcomes = (await Promise.allSettled(twice)).map(({ status }) => status);
  expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
  const another = newToken('Another', 1, { ...key, requestHash: 'of another request' });
  await expect(another).rejects.toMatchObject({ code: 'state_conflict' });
  const { items } = await operated.tokens('default', { limit: 100 });
  expect(items.filter(({ title }) => title === 'Once' || title === 'Another')).toHaveLength(1);
  await expect(
    operated.createToken(operator, 'nowhere', terms('Later', 1), { ...key, key: 'later' }),
  ).rejects.toMatchObject({ code: 'not_found' });
  await expect(newToken('Later', 1, { ...key, key: 'later' })).resolves.toMatchObject({ title: 'Later' });
});

it('gateways that are gone for good are forgotten, but not that one was revoked', async () => {
  const [gone, revoked, silent] = [newGateway(), newGateway(), newGateway()];
  for (const gateway of [gone, revoked, silent]) await registered(gateway);
  await operated.change('default', revoked.id, { isRevoked: true });
  const since = "UPDATE sluice.gateways SET last_heartbeat_at = now() - interval '2 days' WHERE id = ANY($1)";
  await owner.query(since, [[gone.id, revoked.id]]);
  await servers.database.inNone((tx) => fleetsRepository.forgetGone(tx, 'default', 86_400_000));
  const known = new Set((await operated.gateways('default')).items.map(({ id }) => id));
  expect([gone, revoked, silent].map(({ id }) => known.has(id))).toEqual([false, true, true]);
});

it('the operator is told how each gateway is, and whom to look after first', async () => {
  const [live, silent, ended, ahead] = [newGateway(), newGateway(), newGateway(), newGateway()];
  const { rows: heads } = await owner.query<{ history_id: string; position: string; mark: string }>(
    'SELECT history_id, position, mark FROM sluice.fleets',
  );
  const [{ history_id: historyId, position, mark } = { history_id: '', position: '0', mark: '' }] = heads;
  const at = { historyId, position: Number(position), mark };
  const standing = { bootId: 'boot', version: '0.2.0' };
  for (const gateway of [live, silent])
    await post('heartbeats', (await registered(gateway)).token, { gatewayId: gateway.id, ...standing, ...at });
  const lost = { ...standing, ...at, mark: 'another' };
  await post('heartbeats', (await registered(ahead)).token, { gatewayId: ahead.id, ...lost });
  const drained = { gatewayId: ended.id, ...standing, ...at, activity: 'drained' };
  await post('heartbeats', (await registered(ended)).token, drained);
  await owner.query("UPDATE sluice.gateways SET last_heartbeat_at = now() - interval '1 minute' WHERE id = ANY ($1)", [
    [silent.id, ended.id],
  ]);
  const { items } = await operated.gateways('default');
  const stateOf = ({ id }: TestGateway) => items.find((each) => each.id === id);
  expect(stateOf(live)).toMatchObject({ state: 'live', behind: 0, version: '0.2.0' });
  expect(stateOf(silent)).toMatchObject({ state: 'silent' });
  expect(stateOf(ended)).toMatchObject({ state: 'gone' });
  expect(stateOf(ahead)).toMatchObject({ state: 'stale', position: null, behind: null });
  expect(items.at(-1)?.state).toBe('live');
  const { items: fleets } = await operated.fleets();
  const silentOnes = items.filter(({ state }) => state === 'silent').length;
  expect(fleets).toMatchObject([{ id: 'default', gateways: { silent: silentOnes } }]);
});

function terms(title: string, mostUses: number): RegistrationTokenCreate {
  return { title, mostUses, expiresInHours: 1 };
}

async function newToken(
  title: string,
  mostUses: number,
  idempotency?: Idempotency,
): Promise<RegistrationTokenWithSecret> {
  return operated.createToken(operator, 'default', terms(title, mostUses), idempotency);
}

function newGateway(): TestGateway {
  made += 1;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const jwk = gatewayPublicKeySchema.parse(publicKey.export({ format: 'jwk' }));
  return { id: `gw-${made}`, privateKey, publicKey: jwk };
}

async function register({ id, publicKey }: TestGateway, by = fleetToken): Promise<Response> {
  return post('gateways', by, { gatewayId: id, bootId: 'boot', version: '0.1.0', publicKey });
}

async function registered(gateway: TestGateway): Promise<GatewayIdentity> {
  return gatewayIdentitySchema.parse(await (await register(gateway)).json());
}

async function proofOf({ id, privateKey, publicKey }: TestGateway, issuedAt: number): Promise<string> {
  return new SignJWT({ key: publicKey.x })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(id)
    .setAudience(proofAudience)
    .setIssuedAt(new Date(issuedAt))
    .setExpirationTime(new Date(issuedAt + 120_000))
    .sign(privateKey);
}

async function beat(token: string, gatewayId: string, version = '0.1.0'): Promise<number> {
  const res = await post('heartbeats', token, { gatewayId, bootId: 'boot', version, historyId: null, position: 0 });
  await res.arrayBuffer();
  return res.status;
}

async function post(path: string, bearer: string, body: object = { version: '0.1.0' }): Promise<Response> {
  return fetch(`${servers.url}/v1/fleet/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
