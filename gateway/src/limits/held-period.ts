// A window or a quota as the broker holds it: the period it is in, and what was seen of its use. Units stay when more come, and
// are gone when the period ends.
import { periodAt } from '@sluice/engine';
import { deadlineAfter, HeldLimit } from './held-limit.js';
import type { LeaseAsk, LeaseResult, Look } from './lease-wire.js';
import type { LimitRef } from './limit-ref.js';
import type { OpenShare } from './local-share.js';
import type { RedisClock } from './redis-clock.js';

/** Redis's clock may go back by two minutes at most, until when it stands still: see lua-partition.ts. */
export const lookKeptMs = 125_000;

export class HeldPeriod extends HeldLimit {
  #end = 0;
  #look = 0;
  #used = 0;

  override look(redisNowMs: number): Look | undefined {
    if (this.#look === 0 || this.#end + lookKeptMs < redisNowMs) return undefined;
    const { units } = this.ref;
    return { key: this.key, start: this.stamp, end: this.#end, used: this.#used, look: this.#look, units };
  }

  override ask(need: number, nowMs: number, redisNowMs: number): LeaseAsk {
    const ask = super.ask(need, nowMs, redisNowMs);
    const seen = ask.stamp === this.stamp ? this.#look : 0;
    return { ...ask, kind: this.ref.onOutage === 'local' ? 'local' : 'period', seen };
  }

  /**
   * The period is over by this machine's clock: whatever is left of it is gone. Late charges are kept, and so is what was
   * seen of it: Redis, whose clock may have gone back, may still be in it.
   */
  endPeriod(): void {
    this.dropMinted();
    this.#giveBackOf(this.stamp, this.table.endPeriod(this.slot));
    this.flow.begin();
  }

  /** Units that will hardly be spent before the deadline. */
  surplus(nowMs: number): number {
    return this.balance - this.flow.expected(this.deadlineMs - nowMs) - 1;
  }

  protected override leftUnder({ units }: LimitRef): number {
    return Math.max(0, units - this.#used);
  }

  protected override take(ask: LeaseAsk, result: LeaseResult, redisMs: number): boolean {
    if (result.state === 'done' && result.stamp < this.stamp) {
      super.take(ask, result, redisMs);
      this.#giveBackOf(result.stamp, result.granted);
      return false;
    }
    if (result.stamp > 0) this.#begin(result.stamp, redisMs + result.diesInMs);
    if (result.state === 'done') {
      this.#look = result.look;
      this.#used = result.units - result.left;
    }
    if (result.stamp > 0) return super.take(ask, result, redisMs);
    // Redis is in a period before the one that it knows of, and took nothing.
    this.owed.owe(ask);
    return true;
  }

  protected override receive({ granted, diesInMs }: LeaseResult, sentMs: number, nowMs: number): void {
    this.setDeadline(sentMs, diesInMs);
    if (granted === 0) return;
    this.grant(granted, nowMs);
    // A prefetch while a lease is still half full; none where units are counted one by one.
    this.table.setLowMark(this.slot, granted >= 4 && this.left > 0 ? granted >> 1 : 0);
  }

  /**
   * Begins the period that Redis is in, and sets until when units of that may be spent. Undefined while it is not sure which
   * one that is: what was admitted in one and charged to another would not be counted where it went beyond.
   */
  protected override openShare(nowMs: number, redisClock: RedisClock): OpenShare | undefined {
    // Redis may be away for so long that nothing would be served at all.
    const { earliestMs, latestMs } = redisClock.bounds(this.ref.kind === 'window' ? this.ref.periodMs / 2 : undefined);
    const period = periodAt(this.ref, latestMs);
    if (period === undefined) return undefined;
    if (period.start > this.stamp) {
      this.resetAtMs = nowMs + period.start - earliestMs;
      if (period.start > earliestMs) return undefined;
      this.#begin(period.start, period.end);
      this.left = 0;
    }
    this.resetAtMs = nowMs + this.#end - earliestMs;
    this.deadlineMs = Math.max(this.deadlineMs, deadlineAfter(nowMs, this.#end - latestMs));
    if (this.deadlineMs <= nowMs) return undefined;
    return { had: this.flow.kept };
  }

  #begin(start: number, end: number): void {
    if (start > this.stamp) {
      this.endPeriod();
      this.#used = 0;
      this.#look = 0;
    }
    this.stamp = start;
    this.#end = end;
  }

  /** Units of a period that is over. Without `local` nothing is judged after its end, and Redis need not hear of them. */
  #giveBackOf(stamp: number, units: number): void {
    if (this.ref.onOutage === 'local') this.owed.give(stamp, units);
    else this.counts.forfeited(units);
  }
}
