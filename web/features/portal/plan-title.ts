import type { Portal } from '@sluice/contracts';
import type { Failure } from '@/features/api/call';

/** A plan's title for people; of one that is not on offer any more, its name. */
export function planTitleOf(portal: Portal | Failure, name: string): string {
  return ('ok' in portal ? undefined : portal.plans.find((plan) => plan.name === name)?.title) ?? name;
}
