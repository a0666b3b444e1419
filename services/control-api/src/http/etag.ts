// Optimistic concurrency: the ETag is derived from an object's id and last change; a change that names a stale one is refused,
// so that two people cannot overwrite each other unseen. Without If-Match the last one wins, knowingly.
import { createHash } from 'node:crypto';
import { Prisma, type Tx } from '@sluice/prisma';
import { notFound, preconditionFailed } from './refusal.js';

interface Stamped {
  readonly id: string;
  readonly updatedAt: Date;
}

export function etagOf({ id, updatedAt }: Stamped): string {
  return `"${createHash('sha256').update(`${id}@${updatedAt.getTime()}`).digest('base64url').slice(0, 20)}"`;
}

/** Whether `If-Match` allows a change of what has this ETag (RFC 9110, 13.1.1). */
export function namesState(ifMatch: string, etag: string | undefined): boolean {
  const named = ifMatch.split(',').map((tag) => tag.trim());
  return named.some((tag) => tag === '*' || tag === etag);
}

export type TaggedTable =
  | 'tenants'
  | 'environments'
  | 'upstreams'
  | 'secrets'
  | 'apis'
  | 'routes'
  | 'plans'
  | 'applications'
  | 'subscriptions'
  | 'credentials';

/**
 * Refuses when `ifMatch` is given and names no current state of the row. The row is locked until the transaction ends: of two
 * changes at once that name one state, the second finds it stale. Row-level security keeps the query to the tenant.
 */
export async function expectMatch(
  tx: Tx,
  table: TaggedTable,
  ifMatch: string | undefined,
  { id }: { readonly id: string },
): Promise<void> {
  if (ifMatch === undefined || namesState(ifMatch, undefined)) return;
  const [current] = await tx.$queryRaw<{ updatedAt: Date }[]>`
    SELECT updated_at AS "updatedAt" FROM sluice.${Prisma.raw(table)} WHERE id = ${id} FOR UPDATE`;
  if (current === undefined) throw notFound('such thing any more');
  const etag = etagOf({ id, updatedAt: current.updatedAt });
  if (!namesState(ifMatch, etag))
    throw preconditionFailed(
      'Somebody changed this after you read it. Read it again, and repeat your change on what it is now.',
      etag,
    );
}
