// Limits by a seed: all kinds, small enough that a run of some virtual seconds sees them used up several times, and at a
// moment at which periods end.
import type { LimitRef } from '../limit-ref.js';

type Shape = LimitRef extends infer Ref ? (Ref extends LimitRef ? Omit<Ref, keyof Terms> : never) : never;
type Terms = Pick<LimitRef, 'key' | 'name' | 'onOutage' | 'isDryRun' | 'version'>;

const dayMs = 86_400_000;

/** True time at the beginning: some seconds before an hour, a day, a week, a month, a year or a leap day ends. */
export const epoch = (chance: number): number => {
  const ends = [
    Date.UTC(2026, 10, 23, 12),
    Date.UTC(2026, 10, 24),
    Date.UTC(2026, 10, 30),
    Date.UTC(2026, 11, 1),
    Date.UTC(2027, 0, 1),
    Date.UTC(2028, 1, 29),
    Date.UTC(2028, 2, 1),
  ];
  const spread = chance * ends.length;
  return (ends[Math.floor(spread)] ?? 0) - 1000 - Math.floor((spread % 1) * 9000);
};

export interface LimitsWanted {
  readonly kinds?: readonly LimitRef['kind'][];
  /** What half of them say. */
  readonly onOutage?: LimitRef['onOutage'];
}

export const drawLimits = (
  random: () => number,
  epochMs: number,
  { kinds = ['rate', 'window', 'quota', 'concurrency'], onOutage = 'deny' }: LimitsWanted,
): LimitRef[] => {
  const count = 1 + Math.floor(random() * 3);
  return Array.from({ length: count }, (_, index) => {
    const terms: Terms = {
      key: `sub_${random() < 0.7 ? 'a' : 'b'}/limit${index}`,
      name: `limit${index}`,
      onOutage: random() < 0.5 ? onOutage : 'deny',
      isDryRun: false,
      version: 1,
    };
    return { ...shape(random, kinds[Math.floor(random() * kinds.length)] ?? 'window', epochMs), ...terms };
  });
};

const between = (random: () => number, least: number, most: number): number =>
  Math.floor(least + random() * (most - least + 1));

const shape = (random: () => number, kind: LimitRef['kind'], epochMs: number): Shape => shapes[kind](random, epochMs);

const shapes: Readonly<Record<LimitRef['kind'], (random: () => number, epochMs: number) => Shape>> = {
  rate(random) {
    const periodMs = between(random, 1, 4) * 500;
    return { kind: 'rate', periodMs, units: between(random, 1, periodMs / 40), burst: between(random, 1, 30) };
  },
  window(random) {
    // A window that outlasts the run is only ever used up once.
    const periodMs = random() < 0.2 ? 40 * dayMs : between(random, 5, 30) * 100;
    const units = periodMs > dayMs ? between(random, 20, 200) : between(random, 1, periodMs / 25);
    return { kind: 'window', periodMs, units, isSliding: random() < 0.4 && periodMs < dayMs };
  },
  quota(random, epochMs) {
    const period = (['hour', 'day', 'week', 'month', 'year'] as const)[between(random, 0, 4)] ?? 'hour';
    const anchorMs = random() < 0.5 ? anchorOf(random, period, epochMs + between(random, 2000, 9000)) : null;
    return { kind: 'quota', period, units: between(random, 5, 150), anchorMs };
  },
  concurrency: (random) => ({ kind: 'concurrency', units: between(random, 1, 12) }),
};

/** Long ago, so that a period counted from it ends at `nearMs`, in the midst of the run. */
const anchorOf = (random: () => number, period: string, nearMs: number): number => {
  const fixed = { hour: 3_600_000, day: dayMs, week: 7 * dayMs }[period];
  if (fixed !== undefined) return nearMs - fixed * between(random, 1, 60);
  const date = new Date(nearMs);
  if (period === 'year') return date.setUTCFullYear(date.getUTCFullYear() - 4);
  // Anchored on the 31st, a shorter month ends its period on its last day.
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - 2);
  return date.setUTCDate(Math.min(new Date(nearMs).getUTCDate(), 28));
};
