// The end of an environment: its rows go, and the gateways are told that it is gone, with all that belongs to it.
import type { Environment, Tx } from '@sluice/prisma';
import { announceGoneIn, type TenantName } from '../publish/environment-changes.js';

/** The last thing of its transaction. */
export async function retireEnvironment(tenant: TenantName, tx: Tx, environment: Environment): Promise<void> {
  const { tenantId } = tenant;
  await tx.environment.delete({ where: { tenantId_id: { tenantId, id: environment.id } } });
  if (environment.liveRevision > 0) await announceGoneIn(tx, tenant, environment);
}
