import { routeKey } from '@sluice/contracts';
import type { ArmTraffic } from '@sluice/contracts';

/** The arms of one route. Requests that no arm took (refused before the split) are among them, with an empty arm. */
export function ofRoute(arms: ArmTraffic['arms'], api: string, route: string): ArmTraffic['arms'] {
  return arms.filter((arm) => arm.api === api && (arm.route === route || arm.route === routeKey(api, route)));
}
