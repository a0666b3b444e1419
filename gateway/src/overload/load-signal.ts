// How pressed one thread is, measured cheaply: fifty timers a second, and once in a window the loop's own count of its idle
// time. A timer that comes late says how long a socket's event waits, too: both wait for the turn under way.
//
// The signal is CoDel's (Nichols and Jacobson, RFC 8289): not the longest delay but the shortest of a whole interval. A
// garbage collection or a large configuration makes one timer late; only a queue that never empties makes all of them late.
export interface LoadClock {
  /** Milliseconds, monotonic. */
  nowMs(): number;
  /** The share of time since the last call that the thread was not idle, 0 to 1. */
  utilization(): number;
}

export interface LoadBounds {
  /** The least delay of an interval beyond which requests are shed; 0: never. */
  readonly targetMs: number;
}

export const sampleMs = 20;
/** Over which the thread's use is looked at. */
const windowMs = 100;
/** So that one long turn is never a whole window. */
const leastSamples = 3;
/** For which the delay must have stood: a machine that others need for a moment is not overloaded. */
const intervalMs = 1000;
/** Beyond this share of the time, who comes first matters: of gusts, which wait for each other on a thread that mostly idles. */
const busyAbove = 0.3;

export class LoadSignal {
  readonly #clock: LoadClock;
  readonly #bounds: LoadBounds;
  readonly #onWindow: (isOverloaded: boolean, isLate: boolean) => void;
  #dueMs: number;
  #windowEndMs: number;
  #least = Infinity;
  #samples = 0;
  /** When the first of the late windows up to now began. */
  #lateSinceMs: number | undefined;
  #lastWindowEndMs: number;
  #delayMs = 0;
  #utilization = 0;

  /** @param onWindow called after each window: whether the delay has stood for an interval, and whether it stood in this window. */
  constructor(clock: LoadClock, bounds: LoadBounds, onWindow: (isOverloaded: boolean, isLate: boolean) => void) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#onWindow = onWindow;
    const nowMs = clock.nowMs();
    this.#dueMs = nowMs + sampleMs;
    this.#windowEndMs = nowMs + windowMs;
    this.#lastWindowEndMs = nowMs;
  }

  /** The shortest delay of the last window, milliseconds. */
  get delayMs(): number {
    return this.#delayMs;
  }

  get utilization(): number {
    return this.#utilization;
  }

  /** Requests of several tenants meet: from here on it matters who comes first. */
  get isBusy(): boolean {
    return this.#utilization > busyAbove;
  }

  get isOverloaded(): boolean {
    return this.#lateSinceMs !== undefined && this.#lastWindowEndMs - this.#lateSinceMs >= intervalMs;
  }

  /** Called by a timer every `sampleMs`. */
  sample(): void {
    const nowMs = this.#clock.nowMs();
    this.#least = Math.min(this.#least, Math.max(0, nowMs - this.#dueMs));
    this.#dueMs = nowMs + sampleMs;
    this.#samples += 1;
    if (nowMs < this.#windowEndMs || this.#samples < leastSamples) return;
    this.#samples = 0;
    this.#delayMs = this.#least;
    this.#least = Infinity;
    this.#windowEndMs = nowMs + windowMs;
    this.#utilization = this.#clock.utilization();
    const isLate = this.#bounds.targetMs > 0 && this.#delayMs > this.#bounds.targetMs;
    this.#lateSinceMs = isLate ? (this.#lateSinceMs ?? this.#lastWindowEndMs) : undefined;
    this.#lastWindowEndMs = nowMs;
    this.#onWindow(this.isOverloaded, isLate);
  }
}
