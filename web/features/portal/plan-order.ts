import { limitShape, unitsPerSecond } from '@sluice/contracts';
import type { PortalPlan } from '@sluice/contracts';
import { bindingLimits } from '@/features/plans/limits-in-words';

/** The smallest plan first, by what its tightest limit grants a second; equal ones by title. No limit is the largest. */
export function smallestFirst(plans: readonly PortalPlan[]): PortalPlan[] {
  return plans.toSorted(
    (left, right) => compare(grantOf(left), grantOf(right)) || left.title.localeCompare(right.title, 'en'),
  );
}

function grantOf({ limits }: PortalPlan): number {
  return Math.min(...bindingLimits(limits).map((limit) => unitsPerSecond(limitShape(limit))));
}

// Not by subtraction: two plans without a limit are both infinite.
function compare(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
