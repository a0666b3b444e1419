// The chain of an audit log, checked entry by entry: each must have the number after the one before, name its hash, and be what
// its own hash says. The hash covers the digest of the content and not the content, which may have been cleared.
import { createHash } from 'node:crypto';
import { canonicalJson, type AuditBreak, type AuditContent } from '@sluice/contracts';
import type { AuditEntry } from '@sluice/prisma';
import type { AuditRow } from './audit.repository.js';
import { digestOf, objectsOf } from './content.js';

export interface Link {
  readonly seq: bigint;
  readonly hash: string;
}

/** Before the first entry. */
export const chainStart: Link = { seq: 0n, hash: '' };

/** The same that the database makes when an entry is written. */
function linkHash({ previous, tenantId, seq, id, at, action, requestId, digest }: AuditEntry): string {
  const parts = [previous, tenantId, seq, id, at.getTime(), action, requestId ?? '', digest];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

export function breakOf(entry: AuditRow, before: Link): AuditBreak | undefined {
  if (entry.seq !== before.seq + 1n) return 'entry_missing';
  if (entry.previous !== before.hash) return 'previous_differs';
  if (entry.hash !== linkHash(entry)) return 'hash_differs';
  if (entry.content === null) return undefined;
  if (entry.digest !== digestOf(entry.content)) return 'content_differs';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its digest is that of what we wrote
  const content = entry.content as unknown as AuditContent;
  const [words, found] = [objectsOf(content), entry.named.map(({ object }) => object)];
  const isFoundByIt =
    entry.actorId === content.actor.id &&
    canonicalJson(entry.objects) === canonicalJson(words) &&
    canonicalJson(found.toSorted()) === canonicalJson(words.toSorted());
  return isFoundByIt ? undefined : 'index_differs';
}
