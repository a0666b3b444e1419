// Where the periods of windows and quotas begin and end, in Unix milliseconds.
import type { LimitRef } from '../limits.js';

export interface Period {
  readonly start: number;
  readonly end: number;
}

/** The period of `atMs`; undefined for kinds that have none. */
export const periodAt = (limit: LimitRef, atMs: number): Period | undefined => {
  if (limit.kind === 'window' && !limit.isSliding) {
    const start = Math.floor(atMs / limit.periodMs) * limit.periodMs;
    return { start, end: start + limit.periodMs };
  }
  if (limit.kind !== 'quota') return undefined;
  const { period, anchorMs } = limit;
  const even = evenMs[period];
  if (even !== undefined) {
    const origin = anchorMs ?? (period === 'week' ? mondayMs : 0);
    const start = origin + Math.floor((atMs - origin) / even) * even;
    return { start, end: start + even };
  }
  const months = period === 'year' ? 12 : 1;
  const origin = new Date(anchorMs ?? 0);
  const at = new Date(atMs);
  // Each period is counted from the anchor: one that began on the 31st has its February cut, and its March not.
  const passed = (at.getUTCFullYear() - origin.getUTCFullYear()) * 12 + at.getUTCMonth() - origin.getUTCMonth();
  let count = Math.floor(passed / months) * months;
  if (monthsAfter(origin, count) > atMs) count -= months;
  return { start: monthsAfter(origin, count), end: monthsAfter(origin, count + months) };
};

const dayMs = 86_400_000;
/** 1970-01-05, a Monday. */
const mondayMs = 4 * dayMs;
const evenMs: Readonly<Record<string, number>> = { hour: dayMs / 24, day: dayMs, week: 7 * dayMs };

/** The same day and time of day so many months later, or the last day of that month. */
const monthsAfter = (origin: Date, months: number): number => {
  const first = new Date(Date.UTC(origin.getUTCFullYear(), origin.getUTCMonth() + months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const timeOfDay = origin.getTime() - Math.floor(origin.getTime() / dayMs) * dayMs;
  return first.getTime() + (Math.min(origin.getUTCDate(), lastDay) - 1) * dayMs + timeOfDay;
};

/** How long a unit of a sliding window may be held before it is spent. It counts for window and life. */
export const slidingLifeMs = (windowMs: number): number => Math.max(10, Math.min(2000, Math.floor(windowMs / 50)));
