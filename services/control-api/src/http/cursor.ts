// Pages by keyset: the cursor names the last item that was given out, so that inserts and deletions move nothing. It is opaque
// to clients, and one that was tampered with is refused, not guessed at.
import type { Page } from '@sluice/contracts';
import { Refusal } from './refusal.js';

export interface PageQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface PageRequest {
  /** The id after which to go on, in the order of ids. */
  readonly after: string | undefined;
  /** One more than the page holds: whether it comes says whether there is a next page. */
  readonly take: number;
}

export function pageRequest({ cursor, limit }: PageQuery): PageRequest {
  return { after: cursor === undefined ? undefined : readCursor(cursor), take: limit + 1 };
}

export function toPage<R extends { readonly id: string }, T>(
  rows: readonly R[],
  { limit }: PageQuery,
  item: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? Buffer.from(last.id).toString('base64url') : null,
  };
}

function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^[a-z]{2,4}_[0-9a-f]{32}$/.test(id)) return id;
  const fix = 'pass nextCursor of the page before, unchanged';
  throw new Refusal('invalid_query', `The cursor is not one of ours: ${fix}.`, [
    { pointer: '/cursor', message: 'the cursor is not one of ours', fix },
  ]);
}
