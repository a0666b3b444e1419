// The first line of Home: a sentence computed from states, worst first.
import type { Environment, Traffic } from '@sluice/contracts';
import { percent, plural } from '@/features/ui/numbers';
import type { ReceiptCount } from '@/features/revisions/receipts';

export interface Health {
  readonly tone: 'ok' | 'warn' | 'bad' | 'neutral';
  readonly sentence: string;
}

/** Above this share of 5xx the page says so first: one in a hundred. */
const alarmingShare = 0.01;

export function healthOf({
  live,
  receipts,
  totals,
  windowInWords,
}: {
  live: Environment['live'];
  receipts: ReceiptCount | null;
  totals: Pick<Traffic, 'requests' | 's5xx'> | null;
  windowInWords: string;
}): Health {
  if (live === null) return { tone: 'neutral', sentence: 'Nothing is published yet.' };
  const revision = `r${live.revision}`;
  if (receipts !== null && receipts.live === 0) {
    return { tone: 'bad', sentence: 'No gateway has been heard of in the last 15 seconds.' };
  }
  if (receipts !== null && receipts.refused > 0) {
    return { tone: 'bad', sentence: `${plural(receipts.refused, 'gateway')} refused a part of ${revision}.` };
  }
  if (totals !== null && totals.requests > 0 && totals.s5xx / totals.requests >= alarmingShare) {
    const share = percent(totals.s5xx, totals.requests);
    return { tone: 'bad', sentence: `${share} % of the requests of the last ${windowInWords} failed with 5xx.` };
  }
  if (receipts !== null && receipts.applied < receipts.live) {
    const missing = receipts.live - receipts.applied;
    return { tone: 'warn', sentence: `${plural(missing, 'gateway')} of ${receipts.live} not on ${revision} yet.` };
  }
  return { tone: 'ok', sentence: `All gateways are serving ${revision}.` };
}
