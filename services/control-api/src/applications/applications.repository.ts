// The rows of an environment's applications.
import { newId } from '@sluice/contracts';
import type { Application, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';

export type ApplicationRow = Application & { developer: { email: string } };

const withDeveloper = { developer: { select: { email: true } } } as const;

export const applicationsRepository = {
  async list(tenantId: string, tx: Tx, environmentId: string, { after, take }: PageRequest): Promise<ApplicationRow[]> {
    return tx.application.findMany({
      where: { tenantId, environmentId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
      include: withDeveloper,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, id: string): Promise<ApplicationRow | null> {
    return tx.application.findUnique({
      where: { tenantId_environmentId_id: { tenantId, environmentId, id } },
      include: withDeveloper,
    });
  },

  async create(
    tenantId: string,
    tx: Tx,
    environmentId: string,
    { developerId, title }: { developerId: string; title: string },
  ): Promise<ApplicationRow> {
    return tx.application.create({
      data: { id: newId('application'), tenantId, environmentId, developerId, title },
      include: withDeveloper,
    });
  },

  async rename(tenantId: string, tx: Tx, id: string, title: string): Promise<ApplicationRow> {
    return tx.application.update({ where: { tenantId_id: { tenantId, id } }, data: { title }, include: withDeveloper });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.application.delete({ where: { tenantId_id: { tenantId, id } } });
  },
};
