// The rows of a tenant's service accounts and of their tokens. A token itself is never among them.
import { newId, type ServiceRole } from '@sluice/contracts';
import type { ServiceAccount, ServiceToken, Tx } from '@sluice/prisma';
import type { TokenScope } from '../access-tokens/token-scope.js';
import type { PageRequest } from '../http/cursor.js';

interface NewToken {
  readonly name: string;
  readonly hash: string;
  readonly hint: string;
  readonly scope: TokenScope;
  readonly expiresAt: Date;
}

export const serviceAccountsRepository = {
  async list(tenantId: string, tx: Tx, { after, take }: PageRequest): Promise<ServiceAccount[]> {
    return tx.serviceAccount.findMany({
      where: { tenantId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async find(tenantId: string, tx: Tx, id: string): Promise<ServiceAccount | null> {
    return tx.serviceAccount.findUnique({ where: { tenantId_id: { tenantId, id } } });
  },

  async findByName(tenantId: string, tx: Tx, name: string): Promise<ServiceAccount | null> {
    return tx.serviceAccount.findUnique({ where: { tenantId_name: { tenantId, name } } });
  },

  async create(tenantId: string, tx: Tx, account: { name: string; role: ServiceRole }): Promise<ServiceAccount> {
    return tx.serviceAccount.create({ data: { id: newId('serviceAccount'), tenantId, ...account } });
  },

  async setRole(tenantId: string, tx: Tx, id: string, role: ServiceRole): Promise<ServiceAccount> {
    return tx.serviceAccount.update({ where: { tenantId_id: { tenantId, id } }, data: { role } });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.serviceAccount.delete({ where: { tenantId_id: { tenantId, id } } });
  },
};

export const serviceTokensRepository = {
  async list(
    tenantId: string,
    tx: Tx,
    serviceAccountId: string,
    { after, take }: PageRequest,
  ): Promise<ServiceToken[]> {
    return tx.serviceToken.findMany({
      where: { tenantId, serviceAccountId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async findByName(tenantId: string, tx: Tx, serviceAccountId: string, name: string): Promise<ServiceToken | null> {
    return tx.serviceToken.findUnique({
      where: { tenantId_serviceAccountId_name: { tenantId, serviceAccountId, name } },
    });
  },

  async count(tenantId: string, tx: Tx, serviceAccountId: string): Promise<number> {
    return tx.serviceToken.count({ where: { tenantId, serviceAccountId } });
  },

  async create(tenantId: string, tx: Tx, serviceAccountId: string, token: NewToken): Promise<ServiceToken> {
    return tx.serviceToken.create({
      data: { id: newId('serviceToken'), tenantId, serviceAccountId, ...token, scope: { ...token.scope } },
    });
  },

  /** How many there were: none or one. */
  async remove(tenantId: string, tx: Tx, serviceAccountId: string, id: string): Promise<number> {
    const { count } = await tx.serviceToken.deleteMany({ where: { tenantId, serviceAccountId, id } });
    return count;
  },
};
