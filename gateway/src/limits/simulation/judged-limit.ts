// A limit of the simulation: what gateways are told of it, and what the judge needs to know.
import type { LimitRef } from '../limit-ref.js';
import { ConcurrencyJudge, PeriodJudge, RateJudge, SlidingJudge, type Judge, type Terms } from './judge.js';
import { periodStart } from './periods.js';

export interface LimitClock {
  /** Redis's clock. */
  readonly redisMs: () => number;
  /** Whether that clock goes back in this run: then periods are those of the newest time that it has shown. */
  readonly isSteppedBack: boolean;
}

export class JudgedLimit {
  readonly name: string;
  /** What it says, oldest first: the index is the version. */
  readonly versions: LimitRef[];
  readonly judge: Judge;
  /** Of a window or rate; for a quota, roughly. */
  readonly periodMs: number;
  /** The newest time that Redis has seen when it served this limit's partition: it never goes back there. */
  #newestMs = 0;
  #marker: string | undefined;
  readonly #isStepped: boolean;

  constructor(first: LimitRef, { redisMs, isSteppedBack }: LimitClock) {
    this.name = first.key;
    this.#isStepped = isSteppedBack;
    this.versions = [first];
    this.periodMs = 'periodMs' in first ? first.periodMs : first.kind === 'quota' ? 3_600_000 : 0;
    const periodAt = (): number => periodStart(first, isSteppedBack && this.#newestMs > 0 ? this.#newestMs : redisMs());
    if (first.kind === 'rate') this.judge = new RateJudge(this);
    else if (first.kind === 'concurrency') this.judge = new ConcurrencyJudge(this);
    else if (first.kind === 'window' && first.isSliding) this.judge = new SlidingJudge(this);
    else this.judge = new PeriodJudge(this, periodAt);
  }

  /** Whether it is never exceeded, whatever happens. */
  get isExact(): boolean {
    return this.ref(0).onOutage === 'deny';
  }

  get newest(): number {
    return this.versions.length - 1;
  }

  ref(version: number): LimitRef {
    const ref = this.versions[version];
    if (ref === undefined) throw new Error(`${this.name} has no version ${version}`);
    return ref;
  }

  /**
   * What gateways that know these versions may let through at most: Redis goes by the newest that it was told of, so whoever
   * knows the oldest may hold what was granted by any of those in between.
   */
  terms(versions: readonly number[]): Terms {
    const refs = this.versions.slice(Math.min(...versions), Math.max(...versions) + 1);
    return {
      units: Math.max(...refs.map(({ units }) => units)),
      burst: Math.max(...refs.map((ref) => (ref.kind === 'rate' ? ref.burst : 0))),
    };
  }

  /** Redis has run a call on these keys: its marker, its reply, its limits. */
  evaluated(keys: readonly string[], redisMs: number): void {
    if (!this.#isStepped) return;
    if (keys.some((key) => key.includes(this.name))) this.#marker = keys[0];
    if (keys[0] === this.#marker) this.#newestMs = Math.max(this.#newestMs, redisMs);
  }
}
