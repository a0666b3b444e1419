// Traffic over time. The bucket is chosen here, so that a chart has a few hundred points at most; every bucket of the
// range is there, empty ones with zeros, and the totals are the sum of the points.
import { z } from 'zod';
import type { Timeseries } from '@sluice/contracts';
import { timeseriesSchema } from '@sluice/contracts';
import type { ClickHouseClient } from '../client.js';
import { readRows } from '../read-rows.js';
import { inMinutes, minuteMs, minuteParams, wholeMinutes } from './scope.js';
import type { Scope } from './scope.js';
import { countColumns, countsRow, filtered, filterParams, latencyColumns, latencyRow, toTraffic } from './traffic.js';
import type { TrafficFilter } from './traffic.js';

const maximumPoints = 200;
const hourMs = 60 * minuteMs;
const bucketsMs = [1, 2, 5, 10, 15, 30]
  .map((minutes) => minutes * minuteMs)
  .concat([1, 2, 3, 6, 12, 24].map((hours) => hours * hourMs));

/** The smallest bucket that keeps a range below 200 points; beyond 200 days, whole days all the same. */
export function bucketMsOf({ fromMs, toMs }: { fromMs: number; toMs: number }): number {
  return bucketsMs.find((bucketMs) => (toMs - fromMs) / bucketMs <= maximumPoints) ?? 24 * hourMs;
}

const bucketRow = z.object({ bucket: z.int() });
const countsOfBucket = bucketRow.extend({ ...countsRow.shape, newest_ms: z.int() });
const latencyOfBucket = bucketRow.extend(latencyRow.shape);
// WITH ROLLUP adds a row for the whole range, whose bucket is 0: no request is of 1970.
const wholeRange = 0;

/** `from` and `to` are widened to whole minutes, and answered so. Buckets stand at multiples of their length since 1970. */
export async function queryTimeseries(client: ClickHouseClient, input: Scope & TrafficFilter): Promise<Timeseries> {
  const range = wholeMinutes(input);
  const bucketMs = bucketMsOf(range);
  const params = { ...minuteParams(input), ...filterParams(input), bucket: bucketMs / 1000 };
  const select = (columns: string, table: string) => `
     SELECT toUInt32(intDiv(toUnixTimestamp(minute), {bucket:UInt32}) * {bucket:UInt32}) AS bucket, ${columns}
     FROM ${table} WHERE ${inMinutes} AND ${filtered}
     GROUP BY bucket WITH ROLLUP`;
  const asOf = new Date();
  const [counts, latencies] = await Promise.all([
    readRows(
      client,
      select(`${countColumns}, toUnixTimestamp64Milli(max(newest)) AS newest_ms`, 'requests_1m'),
      params,
      countsOfBucket,
    ),
    readRows(client, select(latencyColumns, 'latency_1m'), params, latencyOfBucket),
  ]);
  const countsByBucket = new Map(counts.map((row) => [row.bucket * 1000, row]));
  const latencyByBucket = new Map(latencies.map((row) => [row.bucket * 1000, row]));
  const whole = countsByBucket.get(wholeRange);
  return timeseriesSchema.parse({
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    bucketMs,
    asOf: asOf.toISOString(),
    newest: whole === undefined || whole.total === 0 ? null : new Date(whole.newest_ms).toISOString(),
    totals: toTraffic(whole, latencyByBucket.get(wholeRange)),
    points: bucketStarts(range, bucketMs).map((startMs) =>
      Object.assign(toTraffic(countsByBucket.get(startMs), latencyByBucket.get(startMs)), {
        time: new Date(startMs).toISOString(),
      }),
    ),
  });
}

function bucketStarts({ fromMs, toMs }: { fromMs: number; toMs: number }, bucketMs: number): number[] {
  const first = Math.floor(fromMs / bucketMs) * bucketMs;
  return Array.from(
    { length: Math.max(0, Math.ceil((toMs - first) / bucketMs)) },
    (_, index) => first + index * bucketMs,
  );
}
