// Whether there is room in all limits that a stage has found due. Those in a dry run refuse nothing.
import type { LimitRefusal } from './decision.js';
import type { Charge, LimitRef } from './limits.js';
import type { Due, End, NeedEnd, Progress } from './progress.js';
import { refuse } from './progress.js';

/**
 * Moves what is due to where it will be spent from when all of it has room; otherwise says which has not, or what must be
 * leased first: all of it at once, so that one round trip serves several limits.
 */
export function checkLimits(progress: Progress): End | NeedEnd | undefined {
  const { due } = progress;
  if (due.length === 0) return undefined;
  const { account, facts, reasons } = progress;
  progress.due = [];
  const limits = due.map(({ charge }) => charge.limit);
  account.limits = account.limits.length === 0 ? limits : [...account.limits, ...limits];
  let missing: Charge[] | undefined;
  const counted: Due[] = [];
  for (const one of due) {
    const { charge } = one;
    const { limit, cost } = charge;
    const refusal = facts.refusal(limit.key);
    if (refusal !== undefined) {
      if (!limit.isDryRun) return refuseBy(progress, limit, refusal);
      reasons.push({ code: 'limit_would_refuse', limit: limit.name, units: limit.units });
      continue;
    }
    const budget = facts.budget(limit);
    if (budget === undefined || budget < cost) {
      missing ??= [];
      missing.push(charge);
    } else reasons.push({ code: 'limit_passed', limit: limit.name, units: limit.units, leased: budget });
    counted.push(one);
  }
  for (const { charge, spend } of counted) spend.push(charge);
  return missing === undefined ? undefined : { kind: 'need', need: 'lease', charges: missing };
}

function refuseBy({ reasons, answerHeaders }: Progress, limit: LimitRef, refusal: LimitRefusal): End {
  if (refusal.state === 'unavailable') {
    reasons.push({ code: 'limit_unavailable', limit: limit.name });
    answerHeaders.push(['retry-after', '5']);
    return refuse(
      'limit_unavailable',
      'A limit that applies to this request cannot be checked at the moment. Try again in a few seconds.',
    );
  }
  const seconds = Math.max(1, Math.ceil(refusal.resetMs / 1000));
  reasons.push({ code: 'limit_used_up', limit: limit.name, units: limit.units, resetMs: refusal.resetMs });
  answerHeaders.push(['retry-after', String(seconds)]);
  return refuse('limit_exceeded', detailOf(limit, seconds));
}

function detailOf(limit: LimitRef, seconds: number): string {
  if (limit.kind === 'concurrency')
    return `${limit.units} requests are already under way, which is the limit ${limit.name}. Wait for one to end.`;
  return `The ${limit.units} requests of the limit ${limit.name} are used up. Try again in ${seconds} s.`;
}
