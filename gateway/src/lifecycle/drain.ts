// The way out of a gateway, in the order in which nobody is let down: readiness says no, then the port closes, what is in
// flight ends within a bound, and only then goes what it needs. All of it has a bound: of a thread that does not answer any
// more the others' records are still kept, and what cannot be finished leaves no process behind.
import { setTimeout as delay } from 'node:timers/promises';
import type { DrainBounds } from '../wire/exchange.js';

export interface DrainParts {
  readonly workers: { stopAccepting(): Promise<void>; drain(bounds: DrainBounds): Promise<void> };
  /** What comes after the last request. */
  readonly finish: () => Promise<void>;
}

/** After the bound of what is in flight: threads hand over the records of what was broken, and then everything ends. */
export const drainRestMs = { ofThreads: 1000, ofAll: 5000 } as const;

export class Drain {
  readonly #parts: DrainParts;
  #isUnderWay = false;
  #ended: Promise<void> | undefined;
  #areTold = false;
  /** When the port closes. */
  #closesAtMs = 0;
  #bounds: DrainBounds = { boundMs: Infinity, idleMs: Infinity };
  readonly #hurry = Promise.withResolvers<void>();
  readonly #overdue = Promise.withResolvers<never>();

  constructor(
    parts: DrainParts,
    private readonly restMs: { readonly ofThreads: number; readonly ofAll: number } = drainRestMs,
  ) {
    this.#parts = parts;
  }

  /** For /readyz, from the first moment on. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** A second call may only shorten the first. Rejects when the end takes too long. */
  async begin(delayMs: number, bounds: DrainBounds): Promise<void> {
    this.#isUnderWay = true;
    this.#bounds = {
      boundMs: Math.min(bounds.boundMs, this.#bounds.boundMs),
      idleMs: Math.min(bounds.idleMs, this.#bounds.idleMs),
    };
    if (this.#ended === undefined) this.#closesAtMs = performance.now() + delayMs;
    // However often it is asked for: the bound of what is in flight begins when the port closes.
    this.#endIn(Math.max(0, this.#closesAtMs - performance.now()) + bounds.boundMs);
    if (this.#ended === undefined) this.#ended = Promise.race([this.#run(delayMs), this.#overdue.promise]);
    else if (this.#areTold) void this.#parts.workers.drain(bounds); // the first call waits for it
    return this.#ended;
  }

  #endIn(ms: number): void {
    void delay(ms + this.restMs.ofThreads, undefined, { ref: false }).then(() => this.#hurry.resolve());
    void delay(ms + this.restMs.ofAll, undefined, { ref: false }).then(() =>
      this.#overdue.reject(new Error('what comes after the last request took too long')),
    );
  }

  async #run(delayMs: number): Promise<void> {
    // Load balancers look at /readyz now and then. Whoever still comes meanwhile is served.
    if (delayMs > 0) await delay(delayMs);
    await Promise.race([this.#endRequests(), this.#hurry.promise]);
    await this.#parts.finish();
  }

  async #endRequests(): Promise<void> {
    const { workers } = this.#parts;
    await workers.stopAccepting();
    this.#areTold = true;
    await workers.drain(this.#bounds);
  }
}
