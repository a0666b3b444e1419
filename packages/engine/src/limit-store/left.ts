// How much of a limit is left by what stands in Redis: for those who only look. It reads the hashes that the gateways'
// lease script writes (gateway/src/limits); a test over real leases keeps the two in step.
import type { LimitRef } from '../limits.js';
import { periodAt, slidingLifeMs } from './periods.js';

/** The fields of a Redis hash; none: there is no such hash. */
export type StoredFields = Readonly<Record<string, string>>;

export interface LimitLeft {
  /** Units that nobody has taken. Gateways hold some more, leased in advance and not yet spent. */
  readonly left: number;
  /** Until it has units again, or its period ends. */
  readonly resetMs: number;
}

/** What of the partition's marker must be known. */
export const markerFields = [
  'state',
  'now',
  'age',
  'serverMs',
  'lossMs',
  'lossAge',
  'lossN',
  'lossDepartureMs',
] as const;

interface Stored {
  readonly limit: StoredFields;
  readonly marker: StoredFields;
  /** Of the calendar: it stands still where Redis's clock has stepped back. */
  readonly nowMs: number;
  /** For durations: it goes on meanwhile. */
  readonly ageMs: number;
}

/** @param serverMs Redis's clock. Undefined: something was lost, and nobody knows for the time being. */
export function leftOfLimit(
  ref: LimitRef,
  limit: StoredFields,
  marker: StoredFields,
  serverMs: number,
): LimitLeft | undefined {
  if (marker['state'] === 'recovering') return undefined;
  const nowMs = Math.max(serverMs, number(marker['now']));
  const ageMs =
    marker['age'] === undefined ? serverMs : number(marker['age']) + Math.max(0, serverMs - number(marker['serverMs']));
  const stored: Stored = { limit, marker, nowMs, ageMs };
  // Of two revisions the newer one says how many units there are.
  const isNewer = number(limit['version']) > ref.version;
  const units = isNewer ? number(limit['units']) : ref.units;
  if (ref.kind === 'rate') {
    const terms = isNewer ? { periodMs: number(limit['periodMs']), burst: number(limit['burst']) } : ref;
    return leftOfRate(terms.periodMs / units, terms.burst, stored);
  }
  if (ref.kind === 'concurrency') return leftOfSlots(units, stored);
  if (ref.kind === 'window' && ref.isSliding) return leftOfSliding(ref.periodMs, units, stored);
  return leftOfPeriod(ref, units, stored);
}

// `start end used look ...` of the newest period that anybody has asked for.
function leftOfPeriod(ref: LimitRef, units: number, { limit, marker, nowMs }: Stored): LimitLeft | undefined {
  const [start = 0, end = 0, used = 0, look = 0] = (limit['current'] ?? '').split(' ').map(Number);
  const isCurrent = nowMs >= start && nowMs < end;
  const period = isCurrent ? { start, end } : periodAt(ref, nowMs);
  if (period === undefined || start > nowMs) return undefined;
  const isKnown =
    period.start >= number(marker['lossMs']) ||
    (isCurrent && look >= number(marker['lossN'])) ||
    period.start >= number(marker['lossDepartureMs']);
  if (!isKnown) return undefined;
  return { left: Math.max(0, units - (isCurrent ? used : 0)), resetMs: period.end - nowMs };
}

// `full`: when the bucket will be full again, by all that was debited long enough ago; `young`: the rest, `when units`.
function leftOfRate(spacingMs: number, burst: number, { limit, ageMs }: Stored): LimitLeft {
  const young = pairsOf(limit['young']);
  const debited = young.reduce((sum, { count }) => sum + count, 0);
  const full = Math.max(number(limit['full']), ageMs) + debited * spacingMs;
  const left = Math.max(0, Math.floor(burst - (full - ageMs) / spacingMs));
  return { left, resetMs: Math.max(0, Math.ceil(full + (1 - burst) * spacingMs - ageMs)) };
}

// `moment units`, by grains of time.
function leftOfSliding(windowMs: number, units: number, { limit, marker, ageMs }: Stored): LimitLeft | undefined {
  const countsMs = windowMs + slidingLifeMs(windowMs);
  const lossAge = number(marker['lossAge']);
  if (lossAge > 0 && ageMs < lossAge + countsMs) return undefined;
  const grainMs = Math.max(1, Math.ceil(windowMs / 60));
  const oldest = Math.floor((ageMs - countsMs) / grainMs);
  const buckets = pairsOf(limit['buckets']).filter(({ at }) => at >= oldest);
  const used = buckets.reduce((sum, { count }) => sum + count, 0);
  const first = buckets[0]?.at ?? Math.floor(ageMs / grainMs);
  return { left: Math.max(0, units - used), resetMs: (first + 1) * grainMs + countsMs - ageMs };
}

// `h:<holder>`: how many slots it holds, and until when.
function leftOfSlots(units: number, { limit, ageMs }: Stored): LimitLeft {
  const held = Object.entries(limit)
    .filter(([field]) => field.startsWith('h:'))
    .flatMap(([, value]) => pairsOf(value.split(' ').toReversed().join(' ')))
    .reduce((sum, { at: diesAt, count }) => (diesAt > ageMs ? sum + count : sum), 0);
  return { left: Math.max(0, units - held), resetMs: 1000 };
}

function pairsOf(text = ''): { readonly at: number; readonly count: number }[] {
  return [...text.matchAll(/(\d+) (\d+)/g)].map(([, at, count]) => ({ at: Number(at), count: Number(count) }));
}

function number(text: string | undefined): number {
  return text === undefined ? 0 : Number(text);
}
