// What a gateway may admit by itself while Redis cannot be asked: its part of the limit, by the holders last heard of.
// Only limits with `onOutage: local` use it. Nobody coordinates it, so it is charged and judged when Redis is back.
import type { LimitRef } from './limit-ref.js';

export class LocalShare {
  /** Units admitted or about to be, of which Redis has not heard. */
  minted = 0;
  #spentSeen = 0;
  #start = -1;
  #taken = 0;
  #tokens = -1;
  #filledAtMs = 0;

  /** Takes between `need` and `want` units, or 0. `mine`: what this gateway had of the period from Redis; `start`: its name. */
  take(
    limit: LimitRef,
    holders: number,
    start: number,
    mine: number,
    need: number,
    want: number,
    nowMs: number,
  ): number {
    if (start !== this.#start) {
      this.#start = start;
      this.#taken = 0;
    }
    const open =
      limit.kind === 'rate'
        ? this.#tokensOf(limit, holders, nowMs)
        : Math.max(1, Math.floor(limit.units / holders)) - mine - this.#taken;
    const units = Math.min(open, Math.max(need, want));
    if (units < need || units <= 0) return 0;
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
