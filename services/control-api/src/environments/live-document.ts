// What an environment's gateways serve: the document of its newest revision. Null before the first publication.
import { documentSchema, type Document } from '@sluice/contracts';
import type { Environment, Tx } from '@sluice/prisma';
import { readStored } from '../database/read-stored.js';

export async function liveDocument(
  tenantId: string,
  tx: Tx,
  { id, liveRevision }: Pick<Environment, 'id' | 'liveRevision'>,
): Promise<Document | null> {
  if (liveRevision === 0) return null;
  const revision = await tx.revision.findUnique({
    where: { tenantId_environmentId_number: { tenantId, environmentId: id, number: liveRevision } },
    select: { document: true },
  });
  return revision === null ? null : readStored(documentSchema, revision.document);
}
