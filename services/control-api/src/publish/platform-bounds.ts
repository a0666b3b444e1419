// What the platform plan lets a tenant have of traffic, as the feed tells it with each environment.
import { platformBoundsSchema, type PlatformBoundsChange } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';

/**
 * Nothing where there is no bound. Asked after `expectServed`: whoever changes the bounds tells them again once this transaction has
 * let go of the tenant.
 */
export async function platformBoundsIn(tx: Tx, tenantId: string): Promise<{ platform?: PlatformBoundsChange }> {
  const tenant = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId }, include: { plan: true } });
  const { requestsPerSecond = null, recordsPerDay = null } = platformBoundsSchema.parse(tenant.plan.bounds);
  if (requestsPerSecond === null && recordsPerDay === null) return {};
  // Both times only grow, whoever writes them: see `later`.
  const version = Math.max(tenant.updatedAt.getTime(), tenant.plan.updatedAt.getTime());
  return { platform: { version, requestsPerSecond, recordsPerDay } };
}

/** Now, or just after the latest of `times` where clocks of several processes differ. */
export function later(...times: readonly Date[]): Date {
  return new Date(Math.max(Date.now(), ...times.map((time) => time.getTime() + 1)));
}
