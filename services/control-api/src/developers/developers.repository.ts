// The rows of a tenant's developers: the people who call its APIs.
import { newId } from '@sluice/contracts';
import type { Developer, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';
import { stateConflict } from '../http/refusal.js';
import type { Caller } from '../identity/session.js';

export type DeveloperRow = Developer & { _count: { applications: number } };

export const developersRepository = {
  async list(tenantId: string, tx: Tx, environmentId: string, { after, take }: PageRequest): Promise<DeveloperRow[]> {
    return tx.developer.findMany({
      where: { tenantId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
      include: { _count: { select: { applications: { where: { environmentId } } } } },
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, id: string): Promise<DeveloperRow | null> {
    return tx.developer.findUnique({
      where: { tenantId_id: { tenantId, id } },
      include: { _count: { select: { applications: { where: { environmentId } } } } },
    });
  },

  async ofIdentity(tenantId: string, tx: Tx, identityId: string): Promise<Developer | null> {
    return tx.developer.findUnique({ where: { tenantId_identityId: { tenantId, identityId } } });
  },

  /** The person as this tenant's developer; they become one with their first application. Two requests at once make one row. */
  async ensure(tenantId: string, tx: Tx, { identityId, email, name, serviceAccount }: Caller): Promise<Developer> {
    if (serviceAccount !== undefined)
      throw stateConflict(
        'An application belongs to a person, and a service account is none. Use a personal access token.',
      );
    await tx.developer.createMany({
      data: [{ id: newId('developer'), tenantId, identityId, email, name }],
      skipDuplicates: true,
    });
    return tx.developer.findUniqueOrThrow({ where: { tenantId_identityId: { tenantId, identityId } } });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.developer.delete({ where: { tenantId_id: { tenantId, id } } });
  },
};
