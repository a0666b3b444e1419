// With `onOutage: local`, what went beyond the limits is what the gateways have counted: all of it, and nothing else.
import { ConcurrencyJudge, PeriodJudge, type Violation } from './judge.js';
import type { World } from './world.js';

/** To be asked when all charges have been told and judged. */
export const overshootViolations = async (world: World): Promise<Violation[]> => {
  const counts = await Promise.all(
    world.gateways.map((gateway) => gateway.metric('sluice_limit_units_overshoot_total')),
  );
  const counted = counts.reduce((sum, count) => sum + count, 0);
  // Not counted: a slot that was held on while Redis was away and lent it to another gateway meanwhile.
  const local = world.limits.filter(({ isExact, judge }) => !isExact && !(judge instanceof ConcurrencyJudge));
  const truth = local.reduce((sum, { judge }) => sum + judge.overshoot, 0);
  // Rates, sliding windows and slots cannot be judged afterwards: there every unit admitted without Redis counts.
  const isExact = world.limits.every(({ isExact, judge }) => isExact || judge instanceof PeriodJudge);
  if (isExact ? counted === truth : counted >= truth) return [];
  return [
    {
      limit: local.map(({ name }) => name).join(', '),
      atMs: world.scheduler.nowMs,
      says: `${counted} units of overshoot were counted, ${truth} were admitted`,
    },
  ];
};
