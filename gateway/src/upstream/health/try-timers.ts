// A clock with timers that tests set. It stands still by itself.
import type { Clock, Timer } from '../../limits/clock.js';

interface Due {
  readonly atMs: number;
  readonly callback: () => void;
}

export class TryTimers implements Pick<
  Clock,
  'nowMs' | 'wallMs' | 'setTimeout' | 'setInterval' | 'setImmediate' | 'random'
> {
  ms = 1_000_000;
  lot = 0.5;
  readonly #due = new Set<Due>();

  readonly nowMs = (): number => this.ms;
  readonly wallMs = (): number => this.ms;
  readonly random = (): number => this.lot;

  setTimeout(callback: () => void, delayMs: number): Timer {
    const due = { atMs: this.ms + delayMs, callback };
    this.#due.add(due);
    return { clear: () => void this.#due.delete(due) };
  }

  setInterval(): Timer {
    throw new Error('nothing here repeats by itself');
  }

  setImmediate(callback: () => void): void {
    setImmediate(callback);
  }

  /** How many timers run. */
  get running(): number {
    return this.#due.size;
  }

  /** What falls due meanwhile happens in order, with what follows from it at once. */
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms;
    for (;;) {
      const [next] = [...this.#due].filter(({ atMs }) => atMs <= end).toSorted((left, right) => left.atMs - right.atMs);
      if (next === undefined) break;
      this.ms = next.atMs;
      this.#due.delete(next);
      next.callback();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.ms = end;
  }
}
