// Passive ejection, the part of the main thread: how long an ejected target stays out. The n-th ejection in a row lasts n
// times the base; for each base time that a target has been back, one of them is forgotten.
import type { EjectionSpec } from '@sluice/contracts';
import type { Clock, Timer } from '../../limits/clock.js';

export class Ejection {
  #inRow = 0;
  #returnedAt = 0;
  #timer: Timer | undefined;

  constructor(
    private readonly clock: Pick<Clock, 'nowMs' | 'setTimeout'>,
    private readonly onReturn: () => void,
  ) {}

  get isOn(): boolean {
    return this.#timer !== undefined;
  }

  /** Returns how long it lasts. */
  begin({ baseMs, maxMs }: EjectionSpec): number {
    const forgotten = Math.floor((this.clock.nowMs() - this.#returnedAt) / baseMs);
    this.#inRow = Math.max(0, this.#inRow - forgotten) + 1;
    const lastsMs = Math.min(baseMs * this.#inRow, maxMs);
    this.#timer?.clear();
    this.#timer = this.clock.setTimeout(() => this.end(), lastsMs);
    return lastsMs;
  }

  /** Its time is over, or its upstream ejects nobody any more. */
  end(): void {
    if (this.#timer === undefined) return;
    this.stop();
    this.#returnedAt = this.clock.nowMs();
    this.onReturn();
  }

  /** The target is gone. */
  stop(): void {
    this.#timer?.clear();
    this.#timer = undefined;
  }
}
