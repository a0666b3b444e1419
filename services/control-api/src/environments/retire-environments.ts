// The end of environments: their rows go, and the gateways are told that they are gone, with all that belongs to them.
import type { Environment, Tx } from '@sluice/prisma';
import { announceGoneIn, type TenantName } from '../publish/environment-changes.js';

/**
 * The last thing of its transaction. Also what was never published is announced: the gateways know its subscriptions and keys.
 *
 * @param afterwards what goes with them, before the feed is told: from then on every other change of the fleet waits.
 */
export async function retireEnvironments(
  tenant: TenantName,
  tx: Tx,
  environments: readonly Environment[],
  afterwards: () => Promise<void> = async () => undefined,
): Promise<void> {
  const gone: Environment[] = [];
  for (const { tenantId, id } of environments)
    gone.push(await tx.environment.delete({ where: { tenantId_id: { tenantId, id } } }));
  await afterwards();
  for (const environment of gone) await announceGoneIn(tx, tenant, environment);
}
