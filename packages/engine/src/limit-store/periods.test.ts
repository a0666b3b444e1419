import { expect, test } from 'vitest';
import { periodAt } from './periods.js';
import type { LimitRef } from '../limits.js';

const terms = { key: 's/limit', name: 'limit', units: 1, onOutage: 'deny', isDryRun: false, version: 1 } as const;
const windowOf = (periodMs: number): LimitRef => ({ ...terms, kind: 'window', periodMs, isSliding: false });
const quotaOf = (period: Extract<LimitRef, { kind: 'quota' }>['period'], anchorMs: number | null = null): LimitRef => ({
  ...terms,
  kind: 'quota',
  period,
  anchorMs,
});

const at = (text: string): number => Date.parse(`${text}Z`);
const spanOf = (limit: Parameters<typeof periodAt>[0], time: string): string[] => {
  const period = periodAt(limit, at(time));
  return period === undefined ? [] : [period.start, period.end].map((ms) => new Date(ms).toISOString().slice(0, 16));
};

test('windows are aligned to the Unix epoch', () => {
  expect(spanOf(windowOf(900_000), '2026-11-23T09:44:59')).toEqual(['2026-11-23T09:30', '2026-11-23T09:45']);
});

test.each([
  ['hour', '2026-02-28T23:59:59', '2026-02-28T23:00', '2026-03-01T00:00'],
  ['day', '2026-02-28T23:59:59', '2026-02-28T00:00', '2026-03-01T00:00'],
  // 2026-11-22 is a Sunday.
  ['week', '2026-11-22T23:59:59', '2026-11-16T00:00', '2026-11-23T00:00'],
  ['month', '2026-02-28T23:59:59', '2026-02-01T00:00', '2026-03-01T00:00'],
  ['year', '2028-02-29T12:00:00', '2028-01-01T00:00', '2029-01-01T00:00'],
] as const)('a quota by calendar: the %s of %s', (period, time, start, end) => {
  expect(spanOf(quotaOf(period), time)).toEqual([start, end]);
});

test.each([
  ['2026-01-31T10:00:00', '2026-01-31T10:00', '2026-02-28T10:00'],
  ['2026-02-28T09:59:59', '2026-01-31T10:00', '2026-02-28T10:00'],
  ['2026-02-28T10:00:00', '2026-02-28T10:00', '2026-03-31T10:00'],
  ['2026-04-30T10:00:00', '2026-04-30T10:00', '2026-05-31T10:00'],
])(
  'a monthly quota that began on the 31st ends on the last day of shorter months, and on the 31st again: %s',
  (time, start, end) => {
    expect(spanOf(quotaOf('month', at('2026-01-31T10:00:00')), time)).toEqual([start, end]);
  },
);

test('a yearly quota that began on a leap day is renewed on the 28th, and in leap years on the 29th', () => {
  const limit = quotaOf('year', at('2024-02-29T00:00:00'));
  expect(spanOf(limit, '2027-06-01T00:00:00')).toEqual(['2027-02-28T00:00', '2028-02-29T00:00']);
});

test.each(['hour', 'day', 'week', 'month', 'year'] as const)(
  'periods of a %s follow each other without gap or overlap',
  (period) => {
    for (const anchor of [null, at('2024-12-31T23:30:00')]) {
      const limit = quotaOf(period, anchor);
      let now = periodAt(limit, at('2025-01-15T00:00:00'));
      for (let count = 0; count < 40; count += 1) {
        const next = periodAt(limit, now!.end);
        expect(next!.start).toBe(now!.end);
        expect(periodAt(limit, now!.end - 1)).toEqual(now);
        now = next;
      }
    }
  },
);
