// That the tenant is not suspended, asked within a transaction: by what puts hosts on gateways, since the guard asked before it
// began, and by what the guard lets in because one may leave a suspended tenant.
import type { Tx } from '@sluice/prisma';
import { tenantSuspended } from '../http/refusal.js';

/** Until the transaction ends nobody can suspend the tenant, so that what takes the hosts off comes after what puts them on. */
export async function expectServed(tx: Tx, tenantId: string): Promise<void> {
  const [tenant] = await tx.$queryRaw<{ isSuspended: boolean }[]>`
    SELECT suspended_at IS NOT NULL AS "isSuspended" FROM sluice.tenants WHERE id = ${tenantId} FOR SHARE`;
  if (tenant?.isSuspended === true) throw tenantSuspended();
}
