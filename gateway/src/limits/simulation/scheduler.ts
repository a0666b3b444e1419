// Virtual time: one line of events for the whole simulated world, so that a run is a function of its seed.
// After every event all promises that can go on do so, and what it asked of the real Redis is answered, before the next
// one happens.

export interface Scheduled {
  cancel(): void;
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | undefined;
}

export class Scheduler {
  nowMs = 0;
  readonly #heap: Event[] = [];
  readonly #held = new Set<Promise<unknown>>();
  #order = 0;

  at(atMs: number, run: () => void): Scheduled {
    const event: Event = { atMs: Math.max(atMs, this.nowMs), order: this.#order++, run };
    this.#push(event);
    return {
      cancel() {
        event.run = undefined;
      },
    };
  }

  after(delayMs: number, run: () => void): Scheduled {
    return this.at(this.nowMs + delayMs, run);
  }

  delay(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Time stands still until this work in the real world is done. It must not wait for time itself. */
  hold<T>(work: Promise<T>): Promise<T> {
    this.#held.add(work);
    return work.finally(() => this.#held.delete(work));
  }

  async run(untilMs: number): Promise<void> {
    await this.#settled();
    for (let event = this.#heap[0]; event !== undefined && event.atMs <= untilMs; event = this.#heap[0]) {
      this.#pop();
      if (event.run === undefined) continue;
      this.nowMs = event.atMs;
      event.run();
      await this.#settled();
    }
    this.nowMs = untilMs;
  }

  async #settled(): Promise<void> {
    // An immediate comes after every promise that can go on, however long their chain is.
    do {
      await Promise.allSettled(this.#held);
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#held.size > 0);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up];
      if (above === undefined || !isBefore(event, above)) break;
      heap[at] = above;
      at = up;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      const left = heap[down];
      if (left === undefined) break;
      const right = heap[down + 1];
      let below = left;
      if (right !== undefined && isBefore(right, left)) {
        below = right;
        down += 1;
      }
      if (!isBefore(below, last)) break;
      heap[at] = below;
      at = down;
    }
    heap[at] = last;
  }
}

const isBefore = (one: Event, other: Event): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
