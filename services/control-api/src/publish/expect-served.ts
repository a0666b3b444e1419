// That the tenant is neither suspended nor deleted, asked within a transaction: by what puts hosts on gateways, since the guard asked before it
// began, and by what the guard lets in because one may leave such a tenant.
import type { Tx } from '@sluice/prisma';
import { tenantDeleted, tenantSuspended } from '../http/refusal.js';

/** Until the transaction ends nobody can suspend or delete the tenant, so that what takes the hosts off comes after what puts them on. */
export async function expectServed(tx: Tx, tenantId: string): Promise<void> {
  const [tenant] = await tx.$queryRaw<{ isSuspended: boolean; purgeAt: Date | null }[]>`
    SELECT suspended_at IS NOT NULL AS "isSuspended", purge_at AS "purgeAt" FROM sluice.tenants WHERE id = ${tenantId} FOR SHARE`;
  if (tenant === undefined) return;
  if (tenant.purgeAt !== null) throw tenantDeleted(tenant.purgeAt);
  if (tenant.isSuspended) throw tenantSuspended();
}
