// Knows the truth: every unit that was admitted, when, and how much each limit allowed then. It shares no code with what
// it judges; intervals are checked as the kinds are defined, not as they are implemented.
//
// A limit's terms may differ between gateways while a change travels. Then the most that any gateway may know counts, so
// that a lowered limit binds from the moment at which the last gateway has heard of it.
import type { JudgedLimit } from './judged-limit.js';

export interface Violation {
  readonly limit: string;
  readonly atMs: number;
  readonly says: string;
}

export interface Terms {
  readonly units: number;
  /** Of a rate. */
  readonly burst: number;
}

/** Admissions of one limit in the order of time. */
export abstract class Judge {
  readonly violations: Violation[] = [];
  admitted = 0;
  protected readonly limit: JudgedLimit;

  constructor(limit: JudgedLimit) {
    this.limit = limit;
  }

  /** `terms`: the most that any gateway may know at this moment. */
  abstract admit(cost: number, atMs: number, terms: Terms): void;
  /** Units admitted beyond the limit. */
  abstract readonly overshoot: number;

  protected object(atMs: number, says: string): void {
    this.violations.push({ limit: this.limit.name, atMs, says });
  }
}

/** Fixed windows and quotas: no period, by Redis's clock, ever holds more. */
export class PeriodJudge extends Judge {
  readonly periods = new Map<number, number>();
  overshoot = 0;
  readonly #periodAt: () => number;

  /** `periodAt`: the start of the period in which Redis is now. */
  constructor(limit: JudgedLimit, periodAt: () => number) {
    super(limit);
    this.#periodAt = periodAt;
  }

  admit(cost: number, atMs: number, { units }: Terms): void {
    const period = this.#periodAt();
    const before = this.periods.get(period) ?? 0;
    const now = before + cost;
    this.periods.set(period, now);
    this.admitted += cost;
    const over = now - Math.max(units, before);
    if (over <= 0) return;
    this.overshoot += over;
    this.object(atMs, `${now} admitted of ${units} in the period from ${new Date(period).toISOString()}`);
  }
}

/** Sliding windows: no interval of the window's length ever holds more, wherever it begins. */
export class SlidingJudge extends Judge {
  overshoot = 0;
  readonly #recent: { readonly atMs: number; readonly cost: number }[] = [];
  #sum = 0;

  admit(cost: number, atMs: number, { units }: Terms): void {
    while (this.#recent[0] !== undefined && this.#recent[0].atMs <= atMs - this.limit.periodMs) {
      this.#sum -= this.#recent.shift()?.cost ?? 0;
    }
    this.#recent.push({ atMs, cost });
    this.#sum += cost;
    this.admitted += cost;
    const over = this.#sum - Math.max(units, this.#sum - cost);
    if (over <= 0) return;
    this.overshoot += over;
    this.object(atMs, `${this.#sum} admitted of ${units} within ${this.limit.periodMs} ms`);
    // What was too much is counted once, not against those that come after.
    this.#recent.push({ atMs, cost: -over });
    this.#sum -= over;
  }
}

/**
 * Rates: every interval of length T holds at most burst + T x units / period. Said of all intervals that end now, this is
 * a bucket that leaks: its level is the most that any of them holds beyond what its length has brought.
 */
export class RateJudge extends Judge {
  overshoot = 0;
  #level = 0;
  #lastMs = 0;
  #lastUnits = 0;

  admit(cost: number, atMs: number, { units, burst }: Terms): void {
    // Where the terms changed in between, the better ones count.
    const leaked = ((atMs - this.#lastMs) * Math.max(units, this.#lastUnits)) / this.limit.periodMs;
    this.#level = Math.max(0, this.#level - leaked) + cost;
    this.#lastMs = atMs;
    this.#lastUnits = units;
    this.admitted += cost;
    // Doubles: the sum of many small leaks may be off in its last digits.
    const over = this.#level - Math.max(burst, this.#level - cost);
    if (over <= 1e-6) return;
    this.overshoot += over;
    this.object(
      atMs,
      `${this.#level.toFixed(6)} above what ${units}/${this.limit.periodMs} ms brings, of burst ${burst}`,
    );
    this.#level -= over;
  }
}

/**
 * Concurrency: at every moment, the requests under way. Those of a gateway that stands still are not counted, because
 * nothing can end them; when it goes on they count again after it had its turn to end them.
 */
export class ConcurrencyJudge extends Judge {
  /** The most that were under way above the limit. */
  overshoot = 0;
  #running = 0;

  admit(cost: number, atMs: number, { units }: Terms): void {
    this.#running += cost;
    this.admitted += cost;
    this.look(atMs, units, cost);
  }

  get running(): number {
    return this.#running;
  }

  end(cost: number): void {
    this.#running -= cost;
  }

  /** Requests that count again. */
  again(cost: number, atMs: number, { units }: Terms): void {
    this.#running += cost;
    this.look(atMs, units, cost);
  }

  private look(atMs: number, units: number, cost: number): void {
    const over = this.#running - Math.max(units, this.#running - cost);
    if (over <= 0) return;
    this.overshoot = Math.max(this.overshoot, this.#running - units);
    this.object(atMs, `${this.#running} under way of ${units}`);
  }
}
