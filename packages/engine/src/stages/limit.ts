// The plan's limits and the route's own, all or nothing. A plan's belong to the subscription, so a second key buys no
// second quota. This stage reads budgets; it spends nothing: the decision says what to spend, and the gateway does it in
// the same turn.
import { checkLimits } from '../check-limits.js';
import type { Charge } from '../limits.js';
import { limitRef } from '../limits.js';
import { runPolicies } from '../policies/run-policies.js';
import type { Progress, Stage } from '../progress.js';

export const limit: Stage = (progress) => {
  const end = runPolicies('limit', progress);
  if (end !== undefined) return end;
  return checkLimits(progress, planCharges(progress), progress.spendOnForward);
};

function planCharges({ account, compiled, facts, route }: Progress): Charge[] {
  const plan = account.subscriptionId === '' ? undefined : compiled.plans.get(account.plan);
  if (plan === undefined || plan.limits.length === 0) return [];
  const startedAt = facts.subscription(account.subscriptionId)?.startedAt;
  const cost = route?.cost ?? 1;
  return plan.limits.map((one) => ({
    limit: limitRef(one, account.subscriptionId, compiled.revision, startedAt),
    cost: one.kind === 'concurrency' ? 1 : cost,
  }));
}
