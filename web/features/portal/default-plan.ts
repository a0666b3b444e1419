import type { PortalPlan } from '@sluice/contracts';
import { smallestFirst } from './plan-order';

/** The plan that is offered first: the one named free, else the smallest. */
export function defaultPlan(plans: readonly PortalPlan[]): PortalPlan | undefined {
  return plans.find((plan) => plan.name === 'free') ?? smallestFirst(plans)[0];
}
