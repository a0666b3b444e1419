// What becomes of keys, for the provider and the consumer alike: made, imported, rotated, revoked, and the short-lived ones to
// try an API with. Each is on its way to the gateways when it is answered. The answer alone ever holds a key in clear.
import type {
  CredentialImport,
  CredentialWithKey,
  ImportedKey,
  Revocation,
  RotatedCredential,
  TryCredential,
} from '@sluice/contracts';
import type { Credential, Environment, Subscription, Tx } from '@sluice/prisma';
import { appendToFeed } from '../fleet/append-to-feed.js';
import { credentialChange } from '../fleet/changes.js';
import { invalidField, Refusal, stateConflict } from '../http/refusal.js';
import { newApiKey } from './api-key.js';
import { credentialAnswer, stateOf } from './credential-answer.js';
import { credentialsRepository, type CredentialGroup } from './credentials.repository.js';

export interface KeyTerms {
  readonly name: string;
  readonly scopes?: readonly string[] | undefined;
  /** ISO 8601. */
  readonly expiresAt?: string | undefined;
}

const tryMs = 15 * 60_000;
const mostTries = 30;
/** An expired one is still answered as such by gateways, and can be explained. */
const triesKeptMs = 3_600_000;

/** A new key, announced to the gateways. The answer holds it in clear: it must not be stored or logged. */
export async function issueKey(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  subscriptionId: string,
  { name, scopes = [], expiresAt }: KeyTerms,
): Promise<CredentialWithKey> {
  const { key, hash, hint } = newApiKey();
  const row = await credentialsRepository.create(tenantId, tx, {
    environmentId: environment.id,
    subscriptionId,
    name,
    hash,
    hint,
    scopes: [...scopes],
    expiresAt: futureTime(expiresAt, '/expiresAt'),
  });
  const position = await announce(tenantId, tx, environment, [row]);
  return { ...credentialAnswer(row), key, position };
}

/** A new key beside the old one, which goes on for as long as said. It keeps its scopes; its expiry is the new one's to be given. */
export async function rotateKey(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  former: Credential,
  { name, overlapMs, expiresAt }: { name?: string | undefined; overlapMs: number; expiresAt?: string | undefined },
): Promise<RotatedCredential> {
  const now = new Date();
  const state = stateOf(former, now);
  if (state !== 'active')
    throw stateConflict(`This key ${state === 'revoked' ? 'was revoked' : 'has expired'}. Make a new key instead.`);
  const { key, hash, hint } = newApiKey();
  const row = await credentialsRepository.create(tenantId, tx, {
    environmentId: environment.id,
    subscriptionId: former.subscriptionId,
    name: name ?? former.name,
    hash,
    hint,
    scopes: former.scopes,
    expiresAt: futureTime(expiresAt, '/expiresAt'),
  });
  const ended = await endAfter(tenantId, tx, former, overlapMs, now);
  const position = await announce(tenantId, tx, environment, [row, ended]);
  return { ...credentialAnswer(row, now), key, position, former: credentialAnswer(ended, now) };
}

async function endAfter(
  tenantId: string,
  tx: Tx,
  former: Credential,
  overlapMs: number,
  now: Date,
): Promise<Credential> {
  if (overlapMs === 0) {
    const group: CredentialGroup = { id: { in: [former.id] }, isTry: false };
    const [revoked] = await credentialsRepository.revoke(tenantId, tx, former.environmentId, group, now);
    return revoked ?? former;
  }
  const end = new Date(now.getTime() + overlapMs);
  const isSooner = former.expiresAt !== null && former.expiresAt <= end;
  return isSooner ? former : credentialsRepository.change(tenantId, tx, former.id, { expiresAt: end });
}

/** All of them or, when the environment has one of the hashes, none. What other tenants have is of no account, and not told. */
export async function importKeys(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  subscriptionId: string,
  keys: readonly ImportedKey[],
): Promise<CredentialImport> {
  const places = new Map<string, number>();
  const repeated = keys.findIndex(({ hash }, index) => {
    if (places.has(hash)) return true;
    places.set(hash, index);
    return false;
  });
  if (repeated !== -1)
    throw invalidField(`/credentials/${repeated}/hash`, 'this hash stands in the list twice', 'leave one out');
  const rows = await credentialsRepository.createMany(
    tenantId,
    tx,
    keys.map(({ name, hash, hint, scopes = [], expiresAt }, index) => ({
      environmentId: environment.id,
      subscriptionId,
      name,
      hash,
      hint: hint === undefined ? `sha256:${hash.slice(0, 8)}…` : `…${hint}`,
      scopes,
      expiresAt: futureTime(expiresAt, `/credentials/${index}/expiresAt`),
    })),
  );
  if (rows.length < keys.length) {
    const made = new Set(rows.map(({ hash }) => hash));
    const errors = [...places]
      .filter(([hash]) => !made.has(hash))
      .map(([, index]) => ({
        pointer: `/credentials/${index}/hash`,
        message: 'this environment has a key with this hash already',
        fix: 'leave it out',
      }));
    throw new Refusal(
      'state_conflict',
      'Some of these keys are in this environment already. None was imported.',
      errors,
    );
  }
  const inOrder = rows.toSorted((one, other) => (places.get(one.hash) ?? 0) - (places.get(other.hash) ?? 0));
  const position = await announce(tenantId, tx, environment, inOrder);
  return { credentials: inOrder.map((row) => credentialAnswer(row)), position };
}

/** Revoking twice is once: the gateways know it already. */
export async function revokeKeys(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  group: CredentialGroup,
): Promise<Revocation> {
  const revoked = await credentialsRepository.revoke(tenantId, tx, environment.id, group, new Date());
  const position = await announce(tenantId, tx, environment, revoked);
  return { revoked: revoked.filter(({ isTry }) => !isTry).length, position };
}

/** The subscription must be locked: what is counted here stays true. It has all scopes that the subscription's keys have. */
export async function issueTryKey(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  { id: subscriptionId, state }: Pick<Subscription, 'id' | 'state'>,
): Promise<TryCredential> {
  if (state !== 'active')
    throw stateConflict(`This subscription is ${state}: a request with its keys would be refused.`);
  const now = new Date();
  await credentialsRepository.forgetTries(tenantId, tx, new Date(now.getTime() - triesKeptMs));
  if ((await credentialsRepository.liveTries(tenantId, tx, subscriptionId, now)) >= mostTries)
    throw new Refusal(
      'too_many_attempts',
      `A subscription has ${mostTries} try credentials at a time at most, each for 15 minutes. Use one that you have, or wait.`,
      undefined,
      { 'retry-after': '60' },
    );
  const { key, hash, hint } = newApiKey();
  const expiresAt = new Date(now.getTime() + tryMs);
  const row = await credentialsRepository.createTry(tenantId, tx, {
    environmentId: environment.id,
    subscriptionId,
    name: 'Try it',
    hash,
    hint,
    scopes: await credentialsRepository.scopesOf(tenantId, tx, subscriptionId, now),
    expiresAt,
  });
  const position = await announce(tenantId, tx, environment, [row]);
  return { id: row.id, key, expiresAt: expiresAt.toISOString(), position };
}

/** As the last thing of a transaction: from here on all other changes of the fleet wait. */
export async function announce(
  tenantId: string,
  tx: Tx,
  { id, fleetId }: Environment,
  rows: readonly Credential[],
): Promise<number> {
  return appendToFeed(tx, fleetId, tenantId, id, rows.map(credentialChange));
}

/** Null: never. A time that has passed would make a key that never works. */
export function futureTime(text: string | null | undefined, pointer: string): Date | null {
  if (text === undefined || text === null) return null;
  const time = new Date(text);
  if (time.getTime() <= Date.now())
    throw invalidField(pointer, 'this time has passed', 'write a time to come; to end a key now, revoke it');
  return time;
}
