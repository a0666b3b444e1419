// A creation sent twice with one Idempotency-Key creates once, and is answered alike. The row that says so commits with what
// was created, and a second request that comes while the first is under way waits for it. Answers that hold an API key
// or a token are not stored: the second request is told that it was shown, and can never see it.
import { createHash } from 'node:crypto';
import type { Database, Tx } from '@sluice/prisma';
import { asJson } from '../http/json.js';
import { stateConflict, type Refusal } from '../http/refusal.js';
import type { Idempotency } from './idempotency-key.js';

interface Creator {
  readonly tenantId: string;
  readonly identityId: string;
}

const keptMs = 24 * 3_600_000;

/** In a transaction of its own. */
export async function createOnce<T>(
  database: Database,
  creator: Creator,
  idempotency: Idempotency | undefined,
  kind: { holdsSecret: boolean },
  create: (tx: Tx) => Promise<T>,
): Promise<T> {
  return database.inTenant(creator.tenantId, async (tx) =>
    createOnceIn(tx, creator, idempotency, kind, async () => create(tx)),
  );
}

/** In a transaction of the tenant that is under way. */
export async function createOnceIn<T>(
  tx: Tx,
  { tenantId, identityId }: Creator,
  idempotency: Idempotency | undefined,
  { holdsSecret }: { holdsSecret: boolean },
  create: () => Promise<T>,
): Promise<T> {
  if (idempotency === undefined) return create();
  const { key, requestHash } = idempotency;
  await tx.idempotentCreation.deleteMany({ where: { tenantId, createdAt: { lt: new Date(Date.now() - keptMs) } } });
  const { count } = await tx.idempotentCreation.createMany({
    data: [{ tenantId, identityId, key, requestHash }],
    skipDuplicates: true,
  });
  if (count === 0) return (await earlierAnswer(tx, { tenantId, identityId }, idempotency)) as T;
  const answer = await create();
  if (!holdsSecret) {
    await tx.idempotentCreation.update({
      where: { tenantId_identityId_key: { tenantId, identityId, key } },
      data: { answer: asJson(answer) },
    });
  }
  return answer;
}

export async function earlierAnswer(
  tx: Tx,
  { tenantId, identityId }: Creator,
  { key, requestHash }: Idempotency,
): Promise<unknown> {
  const earlier = await tx.idempotentCreation.findUnique({
    where: { tenantId_identityId_key: { tenantId, identityId, key } },
  });
  if (earlier?.requestHash !== requestHash) throw anotherRequest();
  if (earlier.answer === null) throw shownBefore();
  return earlier.answer;
}

/**
 * What belongs to no tenant, and holds a secret. Where `create` works in another transaction than this one, whose end may fail,
 * it must itself refuse to make the same thing twice.
 */
export async function createOwnOnceIn<T>(
  tx: Tx,
  identityId: string,
  { key, requestHash }: Idempotency,
  create: () => Promise<T>,
): Promise<T> {
  const id = createHash('sha256').update(`${identityId} ${key}`).digest('hex');
  await tx.platformCreation.deleteMany({ where: { createdAt: { lt: new Date(Date.now() - keptMs) } } });
  const { count } = await tx.platformCreation.createMany({ data: [{ id, requestHash }], skipDuplicates: true });
  if (count > 0) return create();
  const earlier = await tx.platformCreation.findUnique({ where: { id } });
  throw earlier?.requestHash === requestHash ? shownBefore() : anotherRequest();
}

function anotherRequest(): Refusal {
  return stateConflict('This Idempotency-Key came with another request before. Use a new one for every new request.');
}

function shownBefore(): Refusal {
  return stateConflict(
    'This was created by an earlier request with the same Idempotency-Key, and its secret was shown then, once. If it was not kept, revoke it and create another.',
  );
}
