// Makes a limit due: what the route's requests cost, or one where requests at the same time are counted.
import type { Charge, LimitRef } from './limits.js';
import type { Progress } from './progress.js';

/** `spend` is the list of `progress` that says when the units are taken. A route that costs nothing owes nothing. */
export function owe(progress: Progress, limit: LimitRef, spend: Charge[]): void {
  const cost = limit.kind === 'concurrency' ? 1 : (progress.route?.cost ?? 1);
  if (cost > 0) progress.due.push({ charge: { limit, cost }, spend });
}
