// How much dear work a tenant may have done: a token bucket of CPU milliseconds for each tenant, taken from before the
// work begins. The bucket may be overdrawn by one job, since a single one may cost more than a bucket holds.
import type { Clock } from '../limits/clock.js';

export interface CpuShare {
  readonly msPerSecond: number;
  readonly burstMs: number;
}

interface Bucket {
  leftMs: number;
  atMs: number;
}

// Beyond so many buckets those that are full again, which is what an absent one is, are let go.
const sweepAbove = 10_000;

export class CpuBudgets {
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = sweepAbove;

  constructor(
    private readonly share: CpuShare,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  /** False: the tenant has used its share up, and nothing was taken. */
  take(tenantId: string, costMs: number): boolean {
    const nowMs = this.clock.nowMs();
    let bucket = this.#buckets.get(tenantId);
    if (bucket === undefined) {
      if (this.#buckets.size >= this.#sweepAt) this.#sweep(nowMs);
      this.#buckets.set(tenantId, (bucket = { leftMs: this.share.burstMs, atMs: nowMs }));
    }
    bucket.leftMs = this.#leftNow(bucket, nowMs);
    bucket.atMs = nowMs;
    if (bucket.leftMs <= 0) return false;
    bucket.leftMs -= costMs;
    return true;
  }

  #leftNow({ leftMs, atMs }: Bucket, nowMs: number): number {
    return Math.min(this.share.burstMs, leftMs + ((nowMs - atMs) / 1000) * this.share.msPerSecond);
  }

  #sweep(nowMs: number): void {
    for (const [tenantId, bucket] of this.#buckets)
      if (this.#leftNow(bucket, nowMs) >= this.share.burstMs) this.#buckets.delete(tenantId);
    this.#sweepAt = Math.max(sweepAbove, this.#buckets.size * 2);
  }
}
