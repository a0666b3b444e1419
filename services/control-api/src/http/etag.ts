// Optimistic concurrency: the ETag is derived from an object's id and last change; a change that names a stale one is refused,
// so that two people cannot overwrite each other unseen. Without If-Match the last one wins, knowingly.
import { createHash } from 'node:crypto';
import { stateConflict } from './refusal.js';

interface Stamped {
  readonly id: string;
  readonly updatedAt: Date;
}

export function etagOf({ id, updatedAt }: Stamped): string {
  return `"${createHash('sha256').update(`${id}@${updatedAt.getTime()}`).digest('base64url').slice(0, 20)}"`;
}

/** Refuses when `ifMatch` is given and names no current state. */
export function expectMatch(ifMatch: string | undefined, current: Stamped): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const named = ifMatch.split(',').map((tag) => tag.trim());
  if (!named.includes(etagOf(current)))
    throw stateConflict(
      'Somebody changed this after you read it. Read it again, and repeat your change on what it is now.',
    );
}
