// The documents of an environment by the names that people give them: `draft`, `live`, or the number of a revision.
import { documentSchema, type Document } from '@sluice/contracts';
import type { Environment, Tx } from '@sluice/prisma';
import { readStored } from '../database/read-stored.js';
import { invalidQuery } from '../http/refusal.js';
import { draftDocument } from '../publish/draft-document.js';
import { revisionsRepository } from '../publish/revisions.repository.js';

/** @param parameter of the query, which is refused when it names nothing. */
export async function namedDocument(
  tenantId: string,
  tx: Tx,
  { id, liveRevision }: Environment,
  name: string,
  parameter: 'revision' | 'against',
): Promise<Document> {
  if (name === 'draft') return draftDocument(tenantId, tx, id);
  const number = name === 'live' ? liveRevision : Number(name);
  const revision = await revisionsRepository.find(tenantId, tx, id, number);
  if (revision !== null) return readStored(documentSchema, revision.document);
  const message = name === 'live' ? 'nothing is published yet' : `there is no revision ${name}`;
  throw invalidQuery(`/${parameter}`, message, name === 'live' ? 'publish first' : 'name one that GET revisions lists');
}
