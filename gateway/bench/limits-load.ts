// What the processes of `bench:limits` say to each other.
import type { LimitRef } from '../src/limits/limit-ref.js';

export interface Load {
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly gatewayId: string;
  readonly threads: number;
  /** How many subscriptions have the limit; they are asked for by Zipf's law with exponent 1. */
  readonly subscriptions: number;
  readonly units: number;
  readonly periodMs: number;
  /** Of this gateway. */
  readonly requestsPerSecond: number;
  /** The windows that are measured: from this moment, so many. */
  readonly fromMs: number;
  readonly windows: number;
}

/** What one gateway did in one window. Arrays go by subscription. */
export interface WindowCount {
  requests: number;
  roundTrips: number;
  demanded: number[];
  admitted: number[];
  waitsMs: number[];
}

export const emptyCounts = ({ windows, subscriptions }: Load): WindowCount[] =>
  Array.from({ length: windows }, () => ({
    requests: 0,
    roundTrips: 0,
    demanded: Array.from({ length: subscriptions }, () => 0),
    admitted: Array.from({ length: subscriptions }, () => 0),
    waitsMs: [],
  }));

export const added = (into: WindowCount[], counts: readonly WindowCount[]): WindowCount[] => {
  for (const [index, count] of counts.entries()) {
    const sum = into[index];
    if (sum === undefined) continue;
    sum.requests += count.requests;
    sum.roundTrips += count.roundTrips;
    for (const [at, demanded] of count.demanded.entries()) sum.demanded[at] = (sum.demanded[at] ?? 0) + demanded;
    for (const [at, admitted] of count.admitted.entries()) sum.admitted[at] = (sum.admitted[at] ?? 0) + admitted;
    sum.waitsMs = sum.waitsMs.concat(count.waitsMs);
  }
  return into;
};

export const limitsOf = ({ subscriptions, units, periodMs }: Load): LimitRef[] =>
  Array.from({ length: subscriptions }, (_, index) => ({
    kind: 'window',
    isSliding: false,
    units,
    periodMs,
    key: `sub_${index}/per-minute`,
    name: 'per-minute',
    onOutage: 'deny',
    isDryRun: false,
    version: 1,
  }));
