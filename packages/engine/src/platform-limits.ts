// What the operator's platform plan lets a tenant have, as limits: over all of its environments, beside whatever the tenant limits
// itself. A request takes one unit of each, whatever its route says that it costs. When Redis is away they serve by share
// and count what is too much: a bound of the operator's must not end a tenant's traffic.
import type { PlatformBoundsChange } from '@sluice/contracts';
import type { LimitRef } from './limits.js';

/** No limit of a document can be called so: their names hold no colon. */
export const platformLimitNames = {
  requestsPerSecond: 'platform:requests',
  recordsPerDay: 'platform:records',
} as const;

export function platformLimits(tenantId: string, bounds: PlatformBoundsChange | undefined): readonly LimitRef[] {
  if (bounds === undefined) return [];
  const { version, requestsPerSecond, recordsPerDay } = bounds;
  const shared = (name: string) =>
    ({ name, key: `${tenantId}/${name}`, version, onOutage: 'local', isDryRun: false, isOfPlatform: true }) as const;
  const limits: LimitRef[] = [];
  if (requestsPerSecond !== null)
    limits.push({
      kind: 'rate',
      units: requestsPerSecond,
      periodMs: 1_000,
      burst: requestsPerSecond,
      ...shared(platformLimitNames.requestsPerSecond),
    });
  if (recordsPerDay !== null)
    limits.push({
      kind: 'quota',
      units: recordsPerDay,
      period: 'day',
      anchorMs: null,
      ...shared(platformLimitNames.recordsPerDay),
    });
  return limits;
}
