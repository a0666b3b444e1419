// The first line of Home: a sentence computed from states, worst first.
import type { Environment, EnvironmentGateway, Traffic } from '@sluice/contracts';
import { percent, plural } from '@/features/ui/numbers';

export interface Health {
  readonly tone: 'ok' | 'warn' | 'bad' | 'neutral';
  readonly sentence: string;
}

/** Above this share of 5xx the page says so first: one in a hundred. */
const alarmingShare = 0.01;

export function healthOf({
  live,
  gateways,
  refused,
  totals,
  windowInWords,
}: {
  live: Environment['live'];
  /** Null: it is not known. */
  gateways: readonly EnvironmentGateway[] | null;
  /** How many gateways refused a part of what is live. */
  refused: number;
  totals: Pick<Traffic, 'requests' | 's5xx'> | null;
  windowInWords: string;
}): Health {
  if (live === null) return { tone: 'neutral', sentence: 'Nothing is published yet.' };
  const revision = `r${live.revision}`;
  const heard = gateways?.filter(({ state }) => state !== 'silent') ?? null;
  if (heard?.length === 0) {
    return { tone: 'bad', sentence: 'No gateway has been heard of in the last 15 seconds.' };
  }
  if (refused > 0) {
    return { tone: 'bad', sentence: `${plural(refused, 'gateway')} refused a part of ${revision}.` };
  }
  if (totals !== null && totals.requests > 0 && totals.s5xx / totals.requests >= alarmingShare) {
    const share = percent(totals.s5xx, totals.requests);
    return { tone: 'bad', sentence: `${share} % of the requests of the last ${windowInWords} failed with 5xx.` };
  }
  if (gateways === null || heard === null) {
    return { tone: 'neutral', sentence: `${revision} is live; how the gateways are cannot be read now.` };
  }
  const behind = heard.filter(({ revision: answered }) => (answered ?? 0) < live.revision).length;
  if (behind > 0) {
    return { tone: 'warn', sentence: `${plural(behind, 'gateway')} of ${heard.length} not on ${revision} yet.` };
  }
  // No alarm: one that was ended for good is silent for a day, too. The page of revisions names it.
  const silent = gateways.length - heard.length;
  if (silent > 0) {
    return {
      tone: 'ok',
      sentence: `All gateways that are heard of are serving ${revision}; ${silent === 1 ? '1 is' : `${silent} are`} silent.`,
    };
  }
  return { tone: 'ok', sentence: `All gateways are serving ${revision}.` };
}
