import type { Timeseries } from '@sluice/contracts';
import { compact, milliseconds, percent } from '@/features/ui/numbers';
import { ChartCard } from './chart-card';
import { bucketInWords, countRows, latencyRows, latencySeries, shareRows, shareSeries, statusSeries } from './series';

/** Requests, latency, failure shares: the three charts of a window. */
export function Charts({ timeseries }: { timeseries: Timeseries }) {
  const { totals, bucketMs } = timeseries;
  const per = bucketInWords(bucketMs);
  const share = (part: number) => `${percent(part, totals.requests)} %`;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <div className="min-w-0 md:col-span-2">
        <ChartCard
          title={`Requests per ${per}, by status`}
          unit="requests"
          kind="bars"
          format="count"
          bucketMs={bucketMs}
          rows={countRows(timeseries)}
          series={statusSeries}
          legend={{
            s2xx: compact(totals.s2xx),
            s3xx: compact(totals.s3xx),
            s4xx: compact(totals.s4xx),
            s429: compact(totals.s429),
            s5xx: compact(totals.s5xx),
          }}
        />
      </div>
      <ChartCard
        title={`Latency per ${per}`}
        unit="ms"
        kind="lines"
        format="decimal"
        bucketMs={bucketMs}
        rows={latencyRows(timeseries)}
        series={latencySeries}
        legend={{
          p50Ms: `${milliseconds(totals.p50Ms)} ms`,
          p95Ms: `${milliseconds(totals.p95Ms)} ms`,
          p99Ms: `${milliseconds(totals.p99Ms)} ms`,
        }}
      />
      <ChartCard
        title={`Share of failures per ${per}`}
        unit="%"
        kind="lines"
        format="decimal"
        bucketMs={bucketMs}
        rows={shareRows(timeseries)}
        series={shareSeries}
        legend={{ s4xx: share(totals.s4xx), s429: share(totals.s429), s5xx: share(totals.s5xx) }}
      />
    </div>
  );
}
