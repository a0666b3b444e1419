// The way out of a gateway, in the order in which nobody is let down: readiness says no, then the port closes, what is in
// flight ends within a bound, and only then goes what it needs.
import { setTimeout as delay } from 'node:timers/promises';
import type { DrainBounds } from '../wire/exchange.js';

export interface DrainParts {
  readonly workers: { stopAccepting(): Promise<void>; drain(bounds: DrainBounds): Promise<void> };
  /** What comes after the last request. */
  readonly finish: () => Promise<void>;
}

export class Drain {
  readonly #parts: DrainParts;
  #isUnderWay = false;
  #ended: Promise<void> | undefined;
  readonly #hurry = Promise.withResolvers<void>();

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  /** For /readyz, from the first moment on. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** A second call may only shorten the first. */
  async begin(delayMs: number, bounds: DrainBounds): Promise<void> {
    this.#isUnderWay = true;
    if (this.#ended === undefined) this.#ended = this.#run(delayMs, bounds);
    else void delay(bounds.boundMs, undefined, { ref: false }).then(() => this.#hurry.resolve());
    return this.#ended;
  }

  async #run(delayMs: number, bounds: DrainBounds): Promise<void> {
    const { workers, finish } = this.#parts;
    // Load balancers look at /readyz now and then. Whoever still comes meanwhile is served.
    if (delayMs > 0) await delay(delayMs);
    await workers.stopAccepting();
    await Promise.race([workers.drain(bounds), this.#hurry.promise]);
    await finish();
  }
}
