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
  const startedAt = facts.subscription(account.subscriptionId)?.startedAt;
  for (const one of plan.limits)
    owe(progress, limitRef(one, account.subscriptionId, compiled.revision, startedAt), progress.spendOnForward);
}
