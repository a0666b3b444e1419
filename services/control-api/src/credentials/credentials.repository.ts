// The rows of subscriptions' credentials. A key itself is never among them.
import { newId } from '@sluice/contracts';
import type { Credential, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';

export type CredentialRow = Credential & { subscription: { environmentId: string; applicationId: string } };

const withSubscription = { subscription: { select: { environmentId: true, applicationId: true } } } as const;

export const credentialsRepository = {
  async list(tenantId: string, tx: Tx, subscriptionId: string, { after, take }: PageRequest): Promise<Credential[]> {
    return tx.credential.findMany({
      where: { tenantId, subscriptionId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, id: string): Promise<CredentialRow | null> {
    return tx.credential.findUnique({
      where: { tenantId_id: { tenantId, id }, subscription: { environmentId } },
      include: withSubscription,
    });
  },

  async create(
    tenantId: string,
    tx: Tx,
    credential: { subscriptionId: string; name: string; hash: string; hint: string },
  ): Promise<Credential> {
    return tx.credential.create({ data: { id: newId('credential'), tenantId, state: 'active', ...credential } });
  },

  async rename(tenantId: string, tx: Tx, id: string, name: string): Promise<Credential> {
    return tx.credential.update({ where: { tenantId_id: { tenantId, id } }, data: { name } });
  },

  async revoke(tenantId: string, tx: Tx, id: string, at: Date): Promise<Credential> {
    return tx.credential.update({
      where: { tenantId_id: { tenantId, id } },
      data: { state: 'revoked', revokedAt: at },
    });
  },
};
