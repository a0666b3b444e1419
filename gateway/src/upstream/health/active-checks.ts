// Active checks of one target: asked again and again, from one place in each gateway. So many bad answers in a row make it
// unhealthy, so many good ones make it healthy again. A target that has not been asked yet gets requests: a new
// configuration cuts nobody off.
import type { HealthSpec } from '@sluice/contracts';
import type { Clock, Timer } from '../../limits/clock.js';

/** Null: the target is well; otherwise what was wrong, for people. Undefined: there was no room for the check. */
export type CheckOutcome = string | null | undefined;
export type CheckNow = (signal: AbortSignal) => Promise<CheckOutcome>;

export interface ActiveChecksOptions {
  readonly spec: HealthSpec;
  readonly clock: Pick<Clock, 'setTimeout' | 'random'>;
  readonly check: CheckNow;
  /** Each time. */
  readonly onGood: () => void;
  /** @param cause what the last check said. */
  readonly onChange: (isHealthy: boolean, cause: string) => void;
}

// Targets of one configuration are not all asked in the same moment.
const longestStartMs = 1000;

export class ActiveChecks {
  readonly #options: ActiveChecksOptions;
  readonly #stopping = new AbortController();
  #timer: Timer | undefined;
  #isHealthy: boolean;
  /** In a row, that speak against the state of now. */
  #against = 0;

  constructor(options: ActiveChecksOptions, isHealthy: boolean) {
    this.#options = options;
    this.#isHealthy = isHealthy;
    const { clock, spec } = options;
    this.#schedule(clock.random() * Math.min(longestStartMs, spec.intervalMs / 10));
  }

  stop(): void {
    this.#timer?.clear();
    this.#stopping.abort();
  }

  #schedule(afterMs: number): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      void this.#run(); // a check never rejects
    }, afterMs);
  }

  async #run(): Promise<void> {
    const { check, clock, spec } = this.#options;
    const outcome = await check(this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    if (outcome !== undefined) this.#count(outcome);
    this.#schedule(spec.intervalMs * (0.9 + 0.2 * clock.random()));
  }

  #count(outcome: string | null): void {
    const { spec, onGood, onChange } = this.#options;
    const isGood = outcome === null;
    if (isGood) onGood();
    this.#against = isGood === this.#isHealthy ? 0 : this.#against + 1;
    if (this.#against < (isGood ? spec.healthyAfter : spec.unhealthyAfter)) return;
    this.#against = 0;
    this.#isHealthy = isGood;
    onChange(isGood, outcome ?? '');
  }
}
