// `RateLimit` and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers (structured fields, RFC 9651), for the limit
// that is nearest to its end.
import type { Headers } from './decision.js';
import type { LimitRef } from './limits.js';
import { limitPeriodMs } from './limits.js';

export interface LimitStatus {
  readonly limit: LimitRef;
  /** Units left of the period, as far as this gateway knows. */
  readonly left: number;
  readonly resetMs: number;
}

/** The limit of which the smallest share is left. */
export function tightest(statuses: readonly LimitStatus[]): LimitStatus | undefined {
  let found: LimitStatus | undefined;
  for (const status of statuses) {
    if (found === undefined || status.left / status.limit.units < found.left / found.limit.units) found = status;
  }
  return found;
}

export function rateLimitHeaders({ limit, left, resetMs }: LimitStatus): Headers {
  const periodMs = limitPeriodMs(limit);
  const window = periodMs === undefined ? '' : `;w=${Math.ceil(periodMs / 1000)}`;
  return [
    ['ratelimit-policy', `"${limit.name}";q=${limit.units}${window}`],
    ['ratelimit', `"${limit.name}";r=${Math.max(0, Math.floor(left))};t=${Math.max(0, Math.ceil(resetMs / 1000))}`],
  ];
}
