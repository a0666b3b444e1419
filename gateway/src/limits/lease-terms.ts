// What an ask says of its limit, by kind: see `LeaseAsk.terms` and the script's part for that kind.
import { periodAt, slidingLifeMs } from '@sluice/engine';
import type { LeaseAsk } from './lease-wire.js';
import type { LimitRef } from './limit-ref.js';

/** How units of a limit are counted and how long they live. */
export type LeaseKind = 'period' | 'rate' | 'sliding' | 'slots';

export const leaseKindOf = (ref: LimitRef): LeaseKind => {
  if (ref.kind === 'rate') return 'rate';
  if (ref.kind === 'concurrency') return 'slots';
  return ref.kind === 'window' && ref.isSliding ? 'sliding' : 'period';
};

export const leaseTermsOf = (ref: LimitRef, leasedSlots: number, redisNowMs: number): LeaseAsk['terms'] => {
  if (ref.kind === 'rate') return [ref.periodMs, ref.burst, 0, 0];
  if (ref.kind === 'window' && ref.isSliding) return [ref.periodMs, slidingLifeMs(ref.periodMs), 0, 0];
  if (ref.kind === 'concurrency') return [leasedSlots, ref.onOutage === 'local' ? 1 : 0, 0, 0];
  const now = periodAt(ref, redisNowMs);
  if (now === undefined) return [0, 0, 0, 0];
  const next = periodAt(ref, now.end);
  return [now.start, now.end, next?.start ?? now.end, next?.end ?? now.end];
};
