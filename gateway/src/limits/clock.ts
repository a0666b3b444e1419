// Time and chance as the limits room sees them. Everything above the wire takes them by argument, so that a simulation
// runs the same code on virtual time. A timer never keeps the process alive.
import { monotonicMs } from './monotonic.js';

export interface Clock {
  /** Monotonic, the same number in every thread of the process. */
  nowMs(): number;
  /** The machine's wall clock, which may step. */
  wallMs(): number;
  setTimeout(callback: () => void, delayMs: number): Timer;
  setInterval(callback: () => void, everyMs: number): Timer;
  /** After what is ready now: what is wanted in one turn goes out together. */
  setImmediate(callback: () => void): void;
  /** In [0, 1). */
  random(): number;
}

export interface Timer {
  clear(): void;
}

export const systemClock: Clock = {
  nowMs: monotonicMs,
  wallMs: Date.now,
  setTimeout(callback, delayMs) {
    const timer = setTimeout(callback, delayMs).unref();
    return { clear: () => clearTimeout(timer) };
  },
  setInterval(callback, everyMs) {
    const timer = setInterval(callback, everyMs).unref();
    return { clear: () => clearInterval(timer) };
  },
  setImmediate(callback) {
    setImmediate(callback);
  },
  random: Math.random,
};

/** Resolves after a time of the clock. The process may end before. */
export const after = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.setTimeout(resolve, delayMs));
