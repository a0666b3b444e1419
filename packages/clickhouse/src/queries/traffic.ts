// What charts and tiles show, as the roll-ups answer it: sums from `requests_1m`, quantiles from `latency_1m`.
import { z } from 'zod';
import type { Traffic } from '@sluice/contracts';

export interface TrafficFilter {
  readonly api?: string | undefined;
  readonly route?: string | undefined;
  readonly arm?: string | undefined;
}

/** To go with `filterParams`; an empty value filters nothing. */
export const filtered = `({api:String} = '' OR api = {api:String}) AND ({route:String} = '' OR route = {route:String}) AND ({arm:String} = '' OR arm = {arm:String})`;

export function filterParams({ api = '', route = '', arm = '' }: TrafficFilter): {
  api: string;
  route: string;
  arm: string;
} {
  return { api, route, arm };
}

/** `bytes_out` is not called `response_bytes`: ClickHouse would take the column in later expressions for the sum. */
export const countColumns = `sum(requests) AS total, sum(s2xx) AS c2xx, sum(s3xx) AS c3xx, sum(s4xx) AS c4xx, sum(s429) AS c429, sum(s5xx) AS c5xx,
       sum(response_bytes) AS bytes_out`;
export const countsRow = z.object({
  total: z.int(),
  c2xx: z.int(),
  c3xx: z.int(),
  c4xx: z.int(),
  c429: z.int(),
  c5xx: z.int(),
  bytes_out: z.int(),
});

export const latencyColumns = `quantilesTDigestMerge(0.5, 0.95, 0.99)(duration_us) AS quantiles_us`;
export const latencyRow = z.object({ quantiles_us: z.array(z.number().nullable()) });

export function toTraffic(
  counts: z.infer<typeof countsRow> | undefined,
  latency: z.infer<typeof latencyRow> | undefined,
): Traffic {
  const [p50, p95, p99] = latency?.quantiles_us ?? [];
  return {
    requests: counts?.total ?? 0,
    s2xx: counts?.c2xx ?? 0,
    s3xx: counts?.c3xx ?? 0,
    s4xx: counts?.c4xx ?? 0,
    s429: counts?.c429 ?? 0,
    s5xx: counts?.c5xx ?? 0,
    responseBytes: counts?.bytes_out ?? 0,
    p50Ms: toMs(p50),
    p95Ms: toMs(p95),
    p99Ms: toMs(p99),
  };
}

function toMs(microseconds: number | null | undefined): number | null {
  return microseconds === null || microseconds === undefined ? null : microseconds / 1000;
}
