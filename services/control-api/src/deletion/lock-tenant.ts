// A tenant's row, held to the end of the transaction: deleting, restoring and the beginning of a purge see each other.
import type { Tenant, Tx } from '@sluice/prisma';
import { notFound } from '../http/refusal.js';

export async function lockTenant(tx: Tx, id: string): Promise<Tenant> {
  const row = await lockTenantIfThere(tx, id);
  if (row === null) throw notFound('tenant of this name');
  return row;
}

/** Null: it has been purged. */
export async function lockTenantIfThere(tx: Tx, id: string): Promise<Tenant | null> {
  await tx.$queryRaw`SELECT FROM sluice.tenants WHERE id = ${id} FOR UPDATE`;
  return tx.tenant.findUnique({ where: { id } });
}
