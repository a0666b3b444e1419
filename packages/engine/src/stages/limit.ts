// The plan's limits, all or nothing. They belong to the subscription, so a second key buys no second quota. This stage
// reads budgets; it spends nothing: the decision says what to spend, and the gateway does it in the same turn.
import type { LimitRef, LimitRefusal } from '../decision.js';
import type { Progress, Stage } from '../progress.js';
import { end } from '../progress.js';

export const limit: Stage = (progress) => {
  const { account, compiled, facts, reasons } = progress;
  const plan = account.subscriptionId === '' ? undefined : compiled.plans.get(account.plan);
  if (plan === undefined || plan.limits.length === 0) return undefined;
  const refs = plan.limits.map(({ name, units, windowMs, onOutage }): LimitRef => ({
    key: `${account.subscriptionId}/${name}`,
    name,
    units,
    windowMs,
    onOutage,
  }));
  account.limits = refs;
  const refused = refs.find((ref) => ref.key === facts.refused?.key);
  if (refused !== undefined && facts.refused !== undefined) return refuse(progress, refused, facts.refused);

  const budgets = refs.map((ref) => facts.budget(ref));
  if (budgets.some((budget) => budget === undefined || budget < 1))
    return { kind: 'need', need: 'lease', limits: refs, account, reasons };
  refs.forEach((ref, index) =>
    reasons.push({ code: 'limit_passed', limit: ref.name, units: ref.units, leased: budgets[index] ?? 0 }),
  );
  return undefined;
};

function refuse({ reasons, answerHeaders }: Progress, ref: LimitRef, refusal: LimitRefusal): ReturnType<Stage> {
  if (refusal.state === 'unavailable') {
    reasons.push({ code: 'limit_unavailable', limit: ref.name });
    answerHeaders.push(['retry-after', '5']);
    return end(
      'limit_unavailable',
      'The limit of your plan cannot be checked at the moment. Try again in a few seconds.',
    );
  }
  const seconds = Math.max(1, Math.ceil(refusal.resetMs / 1000));
  reasons.push({ code: 'limit_used_up', limit: ref.name, units: ref.units, resetMs: refusal.resetMs });
  answerHeaders.push(['retry-after', String(seconds)]);
  return end(
    'limit_exceeded',
    `The ${ref.units} requests of your plan's limit are used up. It starts anew in ${seconds} s.`,
  );
}
