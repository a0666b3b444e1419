// Requests that wait for units of limits, in the order they came.
import type { Clock } from './clock.js';
import type { HeldLimit } from './held-limit.js';
import type { RedisClock } from './redis-clock.js';

export type WaitOutcome =
  | { readonly state: 'satisfied' }
  | { readonly state: 'exhausted'; readonly resetMs: number }
  | { readonly state: 'unavailable' };

export interface Waiter {
  readonly cost: number;
  readonly sinceMs: number;
  settle(outcome: WaitOutcome): void;
}

export class Waiters {
  readonly #byLimit = new Map<HeldLimit, Set<Waiter>>();
  readonly #clock: Clock;
  readonly #redisClock: RedisClock;

  constructor(clock: Clock, redisClock: RedisClock) {
    this.#clock = clock;
    this.#redisClock = redisClock;
  }

  has(limit: HeldLimit): boolean {
    return this.#byLimit.has(limit);
  }

  limits(): HeldLimit[] {
    return [...this.#byLimit.keys()];
  }

  add(limit: HeldLimit, waiter: Waiter): void {
    const waiters = this.#byLimit.get(limit);
    if (waiters === undefined) this.#byLimit.set(limit, new Set([waiter]));
    else waiters.add(waiter);
  }

  delete(limit: HeldLimit, waiter: Waiter): void {
    const waiters = this.#byLimit.get(limit);
    if (waiters?.delete(waiter) === true && waiters.size === 0) this.#byLimit.delete(limit);
  }

  need(limit: HeldLimit): number {
    let need = 0;
    for (const { cost } of this.#byLimit.get(limit) ?? []) need += cost;
    return need;
  }

  /** Hands what is held to those who wait. True: some still wait, and there may be more to have. */
  handOut(limit: HeldLimit, nowMs: number): boolean {
    let open = limit.held(nowMs);
    for (const waiter of this.#byLimit.get(limit) ?? []) {
      if (open >= waiter.cost) {
        open -= waiter.cost;
        this.delete(limit, waiter);
        waiter.settle({ state: 'satisfied' });
      } else if (limit.left === 0) this.#exhaust(limit, waiter, nowMs);
    }
    return this.has(limit);
  }

  /**
   * Nobody can say what is left: those who wait are refused; with `local`, only those for whom this gateway's own share has no
   * units.
   */
  goWithout(limit: HeldLimit): void {
    const nowMs = this.#clock.nowMs();
    const isLocal = limit.ref.onOutage === 'local';
    const waiters = this.#byLimit.get(limit) ?? [];
    const need = this.need(limit);
    if (isLocal && limit.held(nowMs) < need) limit.mint(need, leastOf(waiters), nowMs, this.#redisClock);
    let open = isLocal ? limit.held(nowMs) : 0;
    for (const waiter of waiters) {
      this.delete(limit, waiter);
      if (open >= waiter.cost) {
        open -= waiter.cost;
        waiter.settle({ state: 'satisfied' });
      } else if (isLocal) waiter.settle({ state: 'exhausted', resetMs: Math.max(0, limit.resetAtMs - nowMs) });
      else waiter.settle({ state: 'unavailable' });
    }
  }

  /** Ends waits that began before; the limits that nobody waits for any more. */
  expire(beforeMs: number): HeldLimit[] {
    const ended: HeldLimit[] = [];
    for (const [limit, waiters] of this.#byLimit) {
      const [first] = waiters;
      if (first === undefined || first.sinceMs >= beforeMs) continue;
      this.goWithout(limit);
      if (!limit.owes) ended.push(limit);
    }
    return ended;
  }

  #exhaust(limit: HeldLimit, waiter: Waiter, nowMs: number): void {
    this.delete(limit, waiter);
    waiter.settle({ state: 'exhausted', resetMs: Math.max(0, limit.resetAtMs - nowMs) });
  }
}

const leastOf = (waiters: Iterable<Waiter>): number => {
  let least = Infinity;
  for (const { cost } of waiters) least = Math.min(least, cost);
  return least;
};
