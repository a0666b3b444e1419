// The rows of an environment's revisions, newest first.
import type { Revision, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';

export type RevisionRow = Omit<Revision, 'document'>;

const withoutDocument = { document: true } as const;

export const revisionsRepository = {
  /** `after` is the id of the page's predecessor. Numbers give the order: they, not ids, were given out under a lock. */
  async list(tenantId: string, tx: Tx, environmentId: string, { after, take }: PageRequest): Promise<RevisionRow[]> {
    const last =
      after === undefined
        ? null
        : await tx.revision.findUnique({ where: { tenantId_id: { tenantId, id: after } }, select: { number: true } });
    return tx.revision.findMany({
      where: { tenantId, environmentId, ...(last === null ? {} : { number: { lt: last.number } }) },
      orderBy: { number: 'desc' },
      take,
      omit: withoutDocument,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, number: number): Promise<Revision | null> {
    return tx.revision.findUnique({ where: { tenantId_environmentId_number: { tenantId, environmentId, number } } });
  },
};
