// From the points of control-api to what charts draw: one row a bucket, one member a series, null where nothing is known.
import type { Timeseries } from '@sluice/contracts';

export interface Series {
  readonly key: string;
  readonly label: string;
  readonly colour: string;
  /** A dash pattern, so that lines differ without their colour. */
  readonly dash?: string;
}

export type ChartRow = { readonly time: number; readonly isComplete: boolean } & Readonly<
  Record<string, number | null | boolean>
>;

/** From the bottom of the stack to its top. The order never changes. */
export const statusSeries: readonly Series[] = [
  { key: 's2xx', label: '2xx', colour: 'var(--s2xx)' },
  { key: 's3xx', label: '3xx', colour: 'var(--s3xx)' },
  { key: 's4xx', label: '4xx', colour: 'var(--s4xx)' },
  { key: 's429', label: '429', colour: 'var(--s429)' },
  { key: 's5xx', label: '5xx', colour: 'var(--s5xx)' },
];
export const latencySeries: readonly Series[] = [
  { key: 'p50Ms', label: 'p50', colour: 'var(--p50)' },
  { key: 'p95Ms', label: 'p95', colour: 'var(--p95)', dash: '6 3' },
  { key: 'p99Ms', label: 'p99', colour: 'var(--p99)', dash: '2 3' },
];
export const shareSeries: readonly Series[] = [
  { key: 's4xx', label: '4xx', colour: 'var(--s4xx)' },
  { key: 's429', label: '429', colour: 'var(--s429)', dash: '6 3' },
  { key: 's5xx', label: '5xx', colour: 'var(--s5xx)', dash: '2 3' },
];

export function countRows({ points, bucketMs, asOf }: Timeseries): ChartRow[] {
  return points.map((point) => ({
    ...frame(point.time, bucketMs, asOf),
    s2xx: point.s2xx,
    s3xx: point.s3xx,
    s4xx: point.s4xx,
    s429: point.s429,
    s5xx: point.s5xx,
  }));
}

export function latencyRows({ points, bucketMs, asOf }: Timeseries): ChartRow[] {
  return points.map((point) => ({
    ...frame(point.time, bucketMs, asOf),
    p50Ms: point.p50Ms,
    p95Ms: point.p95Ms,
    p99Ms: point.p99Ms,
  }));
}

/** Shares in percent of the bucket's requests: three series, never added up. A bucket without requests has no share. */
export function shareRows({ points, bucketMs, asOf }: Timeseries): ChartRow[] {
  return points.map((point) => {
    const share = (part: number) => (point.requests === 0 ? null : (part / point.requests) * 100);
    return {
      ...frame(point.time, bucketMs, asOf),
      s4xx: share(point.s4xx),
      s429: share(point.s429),
      s5xx: share(point.s5xx),
    };
  });
}

/** "5 min": the length of a bucket. */
export function bucketInWords(bucketMs: number): string {
  if (bucketMs % 86_400_000 === 0) return `${bucketMs / 86_400_000} d`;
  if (bucketMs % 3_600_000 === 0) return `${bucketMs / 3_600_000} h`;
  if (bucketMs % 60_000 === 0) return bucketMs === 60_000 ? 'minute' : `${bucketMs / 60_000} min`;
  return `${bucketMs / 1000} s`;
}

function frame(time: string, bucketMs: number, asOf: string): { time: number; isComplete: boolean } {
  const start = Date.parse(time);
  return { time: start, isComplete: start + bucketMs <= Date.parse(asOf) };
}
