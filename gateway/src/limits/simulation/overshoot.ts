// With `onOutage: local`, what went beyond the limits is what the gateways have counted: of windows and quotas all of it, and
// nothing else; of the other kinds at least all of it, of concurrency the most that were under way at once.
import { PeriodJudge, type Violation } from './judge.js';
import type { World } from './world.js';

/** To be asked when all charges have been told and judged. */
export const overshootViolations = async (world: World): Promise<Violation[]> => {
  const counts = await Promise.all(
    world.gateways.map((gateway) => gateway.metric('sluice_limit_units_overshoot_total')),
  );
  const counted = counts.reduce((sum, count) => sum + count, 0);
  const local = world.limits.filter(({ isExact }) => !isExact);
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
