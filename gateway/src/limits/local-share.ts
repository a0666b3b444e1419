// What a gateway may admit by itself while Redis cannot be asked: its part of the limit, by the holders last heard of.
// Only limits with `onOutage: local` use it. Nobody coordinates it, so it is charged and judged when Redis is back.
import type { LimitRef } from './limit-ref.js';

/** What this gateway has of its part already. */
export interface OpenShare {
  /** Of a window or quota since it began, of slots now; whether from Redis or not. */
  readonly had: number;
  /** Of a sliding window: which stretch as long as the window this is. The share itself knows what it gave in it. */
  readonly stretch?: number;
}

export class LocalShare {
  /** Units admitted or about to be, of which Redis has not heard. */
  minted = 0;
  #spentSeen = 0;
  #stretch: number | undefined;
  #taken = 0;
  #tokens = -1;
  #filledAtMs = 0;

  /** Takes between `least` and `most` units, or 0. */
  take(
    limit: LimitRef,
    holders: number,
    { had, stretch }: OpenShare,
    least: number,
    most: number,
    nowMs: number,
  ): number {
    if (stretch === undefined || stretch !== this.#stretch) this.#taken = 0;
    this.#stretch = stretch;
    const open =
      limit.kind === 'rate'
        ? this.#tokensOf(limit, holders, nowMs)
        : Math.max(1, Math.floor(limit.units / holders)) - had - this.#taken;
    const units = Math.min(open, most);
    if (units < least) return 0;
    this.#taken += units;
    this.#tokens -= units;
    this.minted += units;
    return units;
  }

  /** So many of the minted units are not spent: how many more are, since the last look. */
  look(unspent: number): number {
    const spent = this.minted - unspent;
    const fresh = Math.max(0, spent - this.#spentSeen);
    this.#spentSeen += fresh;
    return fresh;
  }

  /** Redis is told of what was spent; the rest is as if it had never been minted. */
  end(unspent: number): void {
    this.#taken = Math.max(0, this.#taken - unspent);
    this.#tokens += unspent;
    this.minted = 0;
    this.#spentSeen = 0;
  }

  #tokensOf(limit: Extract<LimitRef, { kind: 'rate' }>, holders: number, nowMs: number): number {
    const most = Math.max(1, limit.burst / holders);
    const perMs = limit.units / limit.periodMs / holders;
    this.#tokens = this.#tokens < 0 ? most : Math.min(most, this.#tokens + (nowMs - this.#filledAtMs) * perMs);
    this.#filledAtMs = nowMs;
    return Math.floor(this.#tokens);
  }
}
