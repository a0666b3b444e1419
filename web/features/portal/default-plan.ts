import type { PortalPlan } from '@sluice/contracts';

/** The plan that is offered first: the one named free, else the first. */
export function defaultPlan(plans: readonly PortalPlan[]): PortalPlan | undefined {
  return plans.find((plan) => plan.name === 'free') ?? plans[0];
}
