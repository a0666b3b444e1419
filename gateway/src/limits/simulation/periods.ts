// When the period of a window or quota began, worked out by the calendar of Date, apart from the code that is judged.
import type { LimitRef } from '../limit-ref.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The start of the period that holds `ms`. */
export const periodStart = (limit: LimitRef, ms: number): number => {
  if (limit.kind === 'window') return ms - (ms % limit.periodMs);
  if (limit.kind !== 'quota') return 0;
  const starts = limit.anchorMs === null ? calendar(limit.period, ms) : anchored(limit.period, limit.anchorMs, ms);
  return Math.max(...starts.filter((start) => start <= ms));
};

/** Candidates, among them the right one. */
const calendar = (period: string, ms: number): number[] => {
  const date = new Date(ms);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const midnight = Date.UTC(year, month, day);
  if (period === 'hour') return [midnight + Math.floor((ms - midnight) / hourMs) * hourMs];
  if (period === 'day') return [midnight];
  if (period === 'week') return [midnight - ((date.getUTCDay() + 6) % 7) * dayMs];
  return [period === 'month' ? Date.UTC(year, month, 1) : Date.UTC(year, 0, 1)];
};

const anchored = (period: string, anchorMs: number, ms: number): number[] => {
  const fixed = { hour: hourMs, day: dayMs, week: 7 * dayMs }[period];
  if (fixed !== undefined) return [anchorMs + Math.floor((ms - anchorMs) / fixed) * fixed];
  const anchor = new Date(anchorMs);
  const date = new Date(ms);
  const timeOfDay = anchorMs - Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth(), anchor.getUTCDate());
  const starts: number[] = [];
  for (const year of [date.getUTCFullYear() - 1, date.getUTCFullYear()]) {
    for (let month = 0; month < 12; month += 1) {
      if (period === 'year' && month !== anchor.getUTCMonth()) continue;
      // Day 0 of the next month is the last of this one.
      const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
      starts.push(Date.UTC(year, month, Math.min(anchor.getUTCDate(), lastDay)) + timeOfDay);
    }
  }
  return starts;
};
