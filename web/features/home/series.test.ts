import type { Timeseries } from '@sluice/contracts';
import { expect, test } from 'vitest';
import { countRows, latencyRows, shareRows, statusSeries } from './series';

const quiet = {
  requests: 0,
  s2xx: 0,
  s3xx: 0,
  s4xx: 0,
  s429: 0,
  s5xx: 0,
  responseBytes: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
};
const busy = { ...quiet, requests: 10, s2xx: 4, s4xx: 3, s429: 2, s5xx: 1, p50Ms: 5, p95Ms: 9, p99Ms: 12 };
const timeseries: Timeseries = {
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-01T00:02:00Z',
  bucketMs: 60_000,
  asOf: '2026-01-01T00:01:30Z',
  newest: null,
  totals: busy,
  points: [
    { ...busy, time: '2026-01-01T00:00:00Z' },
    { ...quiet, time: '2026-01-01T00:01:00Z' },
  ],
};

test('4xx, 429 and 5xx stay three series, and the stack keeps one order', () => {
  expect(shareRows(timeseries)[0]).toMatchObject({ s4xx: 30, s429: 20, s5xx: 10 });
  expect(statusSeries.map(({ label }) => label)).toEqual(['2xx', '3xx', '4xx', '429', '5xx']);
});

test('a quiet bucket counts zero, but has neither a latency nor a share', () => {
  expect(countRows(timeseries)[1]).toMatchObject({ s2xx: 0, s5xx: 0 });
  expect(latencyRows(timeseries)[1]).toMatchObject({ p50Ms: null, p95Ms: null });
  expect(shareRows(timeseries)[1]).toMatchObject({ s5xx: null });
});

test('the bucket that is still filling is marked', () => {
  expect(countRows(timeseries).map(({ isComplete }) => isComplete)).toEqual([true, false]);
});
