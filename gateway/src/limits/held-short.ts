// A rate or a sliding window as the broker holds it. Its units live for a fraction of a second, and those in a slot all end
// with the oldest of them. When half of its life is over, they are taken back before more are asked for; not before: requests
// that were just told of units would find them gone, and ask again.
import { HeldLimit } from './held-limit.js';
import type { LeaseAsk, LeaseResult } from './lease-wire.js';
import type { OpenShare } from './local-share.js';
import type { RedisClock } from './redis-clock.js';
import { ShortGrants } from './short-grants.js';
import { leaseMs } from './unit-flow.js';

export class HeldShort extends HeldLimit {
  /** What came since the slot was last empty. */
  readonly #grants = new ShortGrants();
  /** How long the oldest of it lives. */
  protected override lifeMs = 0;

  override ask(need: number, nowMs: number, redisNowMs: number): LeaseAsk {
    if ((need > 0 || this.isLow) && nowMs > this.deadlineMs - this.lifeMs / 2) this.#recall();
    return super.ask(need, nowMs, redisNowMs);
  }

  /** Takes everything back: units of one slot end together. */
  override withdraw(): void {
    this.#recall();
  }

  /** Units whose time is over go back where Redis still takes them. */
  expire(nowMs: number): void {
    if (nowMs >= this.deadlineMs && this.balance > 0) this.#recall();
  }

  /** Any other rule grants other units. */
  protected override isLess(): boolean {
    return true;
  }

  protected override receive({ stamp, granted, diesInMs }: LeaseResult, sentMs: number, nowMs: number): void {
    if (granted === 0) return;
    // Even an empty slot is taken back: a refund of older units must not come under the new deadline.
    if (this.balance === 0 || nowMs >= this.deadlineMs) {
      this.#recall();
      this.setDeadline(sentMs, diesInMs);
      this.lifeMs = diesInMs;
    }
    this.stamp = stamp;
    this.#grants.add(stamp, granted);
    this.grant(granted, nowMs);
    this.table.setLowMark(this.slot, 0);
  }

  protected override openShare(_nowMs: number, redisClock: RedisClock): OpenShare {
    this.#recall();
    const { ref } = this;
    if (ref.kind !== 'window') return { had: 0 };
    return { had: 0, stretch: Math.floor(redisClock.bounds().earliestMs / ref.periodMs) };
  }

  protected override minted(_units: number, nowMs: number): void {
    this.deadlineMs = nowMs + leaseMs;
    this.stamp = 0;
  }

  /** Takes everything back, and makes a refund or a spend that is under way fail. */
  #recall(): void {
    this.dropMinted();
    const units = this.table.endPeriod(this.slot);
    this.flow.withdrawn(units);
    for (const grant of this.#grants.takeBack(units)) {
      // A rate takes back only what it granted last: see lua-rate.ts.
      if (this.kind === 'rate' && grant.stamp !== this.stamp) this.counts.forfeited(grant.units);
      else this.owed.give(grant.stamp, grant.units);
    }
  }
}
