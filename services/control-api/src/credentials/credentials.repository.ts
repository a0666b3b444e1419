// The rows of subscriptions' credentials. A key itself is never among them. Try credentials are nobody's to list or change.
import { newId } from '@sluice/contracts';
import { Prisma, type Credential, type Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';

export interface NewCredential {
  readonly environmentId: string;
  readonly subscriptionId: string;
  readonly name: string;
  readonly hash: string;
  readonly hint: string;
  readonly scopes: string[];
  readonly expiresAt: Date | null;
}

export type CredentialGroup =
  | { readonly subscriptionId: string }
  | { readonly subscription: { readonly applicationId: string } }
  | { readonly id: { readonly in: string[] }; readonly isTry: false };

export const credentialsRepository = {
  async list(tenantId: string, tx: Tx, subscriptionId: string, { after, take }: PageRequest): Promise<Credential[]> {
    return tx.credential.findMany({
      where: { tenantId, subscriptionId, isTry: false, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, id: string): Promise<Credential | null> {
    return tx.credential.findUnique({ where: { tenantId_id: { tenantId, id }, environmentId, isTry: false } });
  },

  /** Until the transaction ends nobody else changes it. */
  async lock(tenantId: string, tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.$queryRaw`
      SELECT FROM sluice.credentials WHERE tenant_id = ${tenantId} AND id IN (${Prisma.join([...ids])}) ORDER BY id FOR UPDATE`;
  },

  async create(tenantId: string, tx: Tx, credential: NewCredential): Promise<Credential> {
    return tx.credential.create({ data: { id: newId('credential'), tenantId, state: 'active', ...credential } });
  },

  /** Leaves out those whose hash the environment has already. */
  async createMany(tenantId: string, tx: Tx, credentials: readonly NewCredential[]): Promise<Credential[]> {
    return tx.credential.createManyAndReturn({
      data: credentials.map((credential) => ({
        id: newId('credential'),
        tenantId,
        state: 'active' as const,
        ...credential,
      })),
      skipDuplicates: true,
    });
  },

  async createTry(tenantId: string, tx: Tx, credential: NewCredential): Promise<Credential> {
    const data = { id: newId('tryCredential'), tenantId, state: 'active' as const, isTry: true, ...credential };
    return tx.credential.create({ data });
  },

  async liveTries(tenantId: string, tx: Tx, subscriptionId: string, now: Date): Promise<number> {
    return tx.credential.count({ where: { tenantId, subscriptionId, isTry: true, expiresAt: { gt: now } } });
  },

  async forgetTries(tenantId: string, tx: Tx, expiredBefore: Date): Promise<void> {
    await tx.credential.deleteMany({ where: { tenantId, isTry: true, expiresAt: { lt: expiredBefore } } });
  },

  /** All scopes that its good keys were given. */
  async scopesOf(tenantId: string, tx: Tx, subscriptionId: string, now: Date): Promise<string[]> {
    const keys = await tx.credential.findMany({
      where: {
        tenantId,
        subscriptionId,
        isTry: false,
        state: 'active',
        OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      },
      select: { scopes: true },
    });
    return [...new Set(keys.flatMap(({ scopes }) => scopes))].toSorted();
  },

  async change(
    tenantId: string,
    tx: Tx,
    id: string,
    change: { name?: string; scopes?: string[]; expiresAt?: Date | null },
  ): Promise<Credential> {
    return tx.credential.update({ where: { tenantId_id: { tenantId, id } }, data: change });
  },

  /** Those that were not revoked before. */
  async revoke(
    tenantId: string,
    tx: Tx,
    environmentId: string,
    group: CredentialGroup,
    at: Date,
  ): Promise<Credential[]> {
    return tx.credential.updateManyAndReturn({
      where: { tenantId, environmentId, state: 'active', ...group },
      data: { state: 'revoked', revokedAt: at },
    });
  },
};
