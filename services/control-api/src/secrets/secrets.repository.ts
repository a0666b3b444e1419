// The rows of an environment's secrets.
import { newId } from '@sluice/contracts';
import type { Secret, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';
import type { Sealed } from './keyring.js';

export const secretsRepository = {
  async list(tenantId: string, tx: Tx, environmentId: string, { after, take }: PageRequest): Promise<Secret[]> {
    return tx.secret.findMany({
      where: { tenantId, environmentId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, name: string): Promise<Secret | null> {
    return tx.secret.findUnique({ where: { tenantId_environmentId_name: { tenantId, environmentId, name } } });
  },

  async named(tenantId: string, tx: Tx, environmentId: string, names: readonly string[]): Promise<Secret[]> {
    if (names.length === 0) return [];
    return tx.secret.findMany({
      where: { tenantId, environmentId, name: { in: [...names] } },
      orderBy: { name: 'asc' },
    });
  },

  async count(tenantId: string, tx: Tx, environmentId: string): Promise<number> {
    return tx.secret.count({ where: { tenantId, environmentId } });
  },

  async create(tenantId: string, tx: Tx, environmentId: string, name: string, sealed: Sealed): Promise<Secret> {
    return tx.secret.create({
      data: { id: newId('secret'), tenantId, environmentId, name, version: 1, ...sealed },
    });
  },

  async replace(tenantId: string, tx: Tx, { id, version }: Secret, sealed: Sealed): Promise<Secret> {
    return tx.secret.update({ where: { tenantId_id: { tenantId, id } }, data: { version: version + 1, ...sealed } });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.secret.delete({ where: { tenantId_id: { tenantId, id } } });
  },

  /** The same value by another key: no change of it, and its time stays. False: somebody has set it meanwhile. */
  async reseal(tenantId: string, tx: Tx, { id, version, keyId }: Secret, sealed: Sealed): Promise<boolean> {
    const changed = await tx.$executeRaw`
      UPDATE sluice.secrets SET sealed = ${sealed.sealed}, key_id = ${sealed.keyId}
      WHERE tenant_id = ${tenantId} AND id = ${id} AND version = ${version} AND key_id = ${keyId}`;
    return changed === 1;
  },
};
