// A gateway's process as its code sees it: clocks that drift and step, timers, and what arrives from outside. Stopped
// (SIGSTOP), nothing happens in it, and all that came due happens at once when it goes on. Killed, nothing ever does.
import type { Clock, Timer } from '../clock.js';
import type { Scheduler } from './scheduler.js';

export interface VirtualProcessOptions {
  readonly scheduler: Scheduler;
  readonly random: () => number;
  /** The wall clock's true time at the scheduler's 0. */
  readonly epochMs: number;
  /** How much faster its oscillator runs than true time. */
  readonly driftPpm: number;
  readonly wallOffsetMs: number;
}

export class VirtualProcess {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  state: 'running' | 'stopped' | 'dead' = 'running';
  /** Resolves when it is killed: what it was about to do will never be done. */
  readonly died: Promise<void>;
  #die: () => void = () => {};
  readonly #random: () => number;
  readonly #held: { readonly run: () => void; readonly isTimer: boolean }[] = [];
  #wallOffsetMs: number;

  constructor({ scheduler, random, epochMs, driftPpm, wallOffsetMs }: VirtualProcessOptions) {
    this.scheduler = scheduler;
    this.died = new Promise((resolve) => (this.#die = resolve));
    this.#random = random;
    this.#wallOffsetMs = wallOffsetMs;
    const speed = 1 + driftPpm / 1e6;
    // Somewhere near 2^31, so that the moments that are kept as 32 bits wrap in some runs.
    const bootedMs = 2 ** 31 - 60_000 * random() - scheduler.nowMs;
    const fire = (callback: () => void, delayMs: number): { cancel(): void } =>
      scheduler.after(Math.max(delayMs, 0) / speed, () => this.#happen(callback, true));
    this.clock = {
      nowMs: () => bootedMs + scheduler.nowMs * speed,
      wallMs: () => Math.floor(epochMs + scheduler.nowMs * speed + this.#wallOffsetMs),
      // Node's timers have whole milliseconds, one at least.
      setTimeout: (callback, delayMs) => {
        const event = fire(callback, Math.max(1, Math.trunc(delayMs)));
        return { clear: () => event.cancel() };
      },
      setInterval: (callback, everyMs) => repeatedly(fire, callback, everyMs),
      setImmediate: (callback) => void fire(callback, 0),
      random,
    };
  }

  stepWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  /** Something comes in from outside: a reply, a message, a request. */
  arrive(run: () => void): void {
    this.#happen(run, false);
  }

  stop(): void {
    if (this.state === 'running') this.state = 'stopped';
  }

  goOn(): void {
    if (this.state !== 'stopped') return;
    this.state = 'running';
    const held = this.#held.splice(0);
    // Whether a loop that wakes up sees its timers or its sockets first is chance.
    const isTimerFirst = this.#random() < 0.5;
    for (const { run } of held.toSorted((one, other) =>
      one.isTimer === other.isTimer ? 0 : one.isTimer === isTimerFirst ? -1 : 1,
    )) {
      this.scheduler.after(0, () => this.#happen(run, false));
    }
  }

  kill(): void {
    this.state = 'dead';
    this.#held.length = 0;
    this.#die();
  }

  #happen(run: () => void, isTimer: boolean): void {
    if (this.state === 'running') run();
    else if (this.state === 'stopped') this.#held.push({ run, isTimer });
  }
}

const repeatedly = (
  fire: (callback: () => void, delayMs: number) => { cancel(): void },
  callback: () => void,
  everyMs: number,
): Timer => {
  let isCleared = false;
  const again = (): { cancel(): void } =>
    fire(() => {
      if (isCleared) return;
      callback();
      event = again();
    }, everyMs);
  let event = again();
  return {
    clear() {
      isCleared = true;
      event.cancel();
    },
  };
};
