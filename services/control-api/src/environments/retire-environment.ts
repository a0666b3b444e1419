// The end of an environment: from here on nobody sees it, its name is free, and gateways know nothing of it any more. Its rows, of
// which there may be very many, are taken away afterwards by its purge.
import { newId } from '@sluice/contracts';
import type { Environment, Tx } from '@sluice/prisma';
import { announceGoneIn, type TenantName } from '../publish/environment-changes.js';

/** The last thing of its transaction. Also what was never published is announced: the gateways know its subscriptions and keys. */
export async function retireEnvironment(tenant: TenantName, tx: Tx, environment: Environment): Promise<void> {
  const { tenantId, id, name } = environment;
  const deletedAt = new Date();
  await tx.$executeRaw`SELECT set_config('app.sees_deleted', 'yes', true)`;
  // No environment can be called so.
  await tx.environment.update({ where: { tenantId_id: { tenantId, id } }, data: { name: `${name}~${id}`, deletedAt } });
  // Whoever has their domains need not wait for the purge.
  await tx.hostClaim.deleteMany({ where: { tenantId, environmentId: id } });
  await tx.purge.create({
    data: {
      id: newId('purge'),
      ofTenant: tenantId,
      ofEnvironment: id,
      slug: tenant.tenantSlug,
      name,
      deletedAt,
      done: { feed: { entries: 0, told: deletedAt.toISOString() } },
    },
  });
  await announceGoneIn(tx, tenant, environment);
}
