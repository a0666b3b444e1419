// A tenant's row, held to the end of the transaction: deleting, restoring and the beginning of a purge see each other.
import type { Tenant, Tx } from '@sluice/prisma';
import { notFound } from '../http/refusal.js';

export async function lockTenant(tx: Tx, id: string): Promise<Tenant> {
  await tx.$queryRaw`SELECT FROM sluice.tenants WHERE id = ${id} FOR UPDATE`;
  const row = await tx.tenant.findUnique({ where: { id } });
  if (row === null) throw notFound('tenant of this name');
  return row;
}
