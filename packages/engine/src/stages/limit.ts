// The plan's limits and the route's own, all or nothing. A plan's belong to the subscription, so a second key buys no
// second quota. This stage reads budgets; it spends nothing: the decision says what to spend, and the gateway does it in
// the same turn.
import { checkLimits } from '../check-limits.js';
import { limitRef } from '../limits.js';
import { owe } from '../owe.js';
import { runPolicies } from '../policies/run-policies.js';
import type { Progress, Stage } from '../progress.js';

export const limit: Stage = (progress) => {
  const end = runPolicies('limit', progress);
  if (end !== undefined) return end;
  owePlan(progress);
  return checkLimits(progress);
};

function owePlan(progress: Progress): void {
  const { account, compiled, facts } = progress;
  const plan = account.subscriptionId === '' ? undefined : compiled.plans.get(account.plan);
  if (plan === undefined || plan.limits.length === 0) return;
  const subscription = facts.subscription(account.subscriptionId);
  // Both numbers only grow, and so does their sum: a gateway that has heard less of either gives way to one that has heard all.
  const version = compiled.revision + (subscription?.planChanges ?? 0);
  for (const { limit: one, counter } of plan.limits)
    owe(
      progress,
      limitRef(one, account.subscriptionId, version, subscription?.startedAt, counter),
      progress.spendOnForward,
    );
}
