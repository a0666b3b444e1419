import { expect, test } from 'vitest';
import type { LoadClock } from './load-signal.js';
import { LoadSignal, sampleMs } from './load-signal.js';

/** A thread on virtual time, whose timers come as late as the test says. */
class Thread {
  readonly windows: { isOverloaded: boolean; isLate: boolean }[] = [];
  readonly signal: LoadSignal;
  #nowMs = 0;
  #utilization = 0;

  constructor(targetMs: number) {
    const clock: LoadClock = { nowMs: () => this.#nowMs, utilization: () => this.#utilization };
    this.signal = new LoadSignal(clock, { targetMs }, (isOverloaded, isLate) =>
      this.windows.push({ isOverloaded, isLate }),
    );
  }

  run(forMs: number, lateMs: (index: number) => number, utilization = 0.9): void {
    this.#utilization = utilization;
    const untilMs = this.#nowMs + forMs;
    for (let index = 0; this.#nowMs < untilMs; index += 1) {
      this.#nowMs += sampleMs + lateMs(index);
      this.signal.sample();
    }
  }
}

test('a delay that stands for a second is overload, and is over with the first window that is not late', () => {
  const thread = new Thread(50);
  thread.run(700, () => 60);
  expect(thread.signal.isOverloaded).toBe(false);
  thread.run(1200, () => 60);
  expect([thread.signal.isOverloaded, thread.signal.delayMs]).toEqual([true, 60]);
  thread.run(300, () => 1);
  expect([thread.signal.isOverloaded, thread.signal.delayMs]).toEqual([false, 1]);
});

test('long turns between which the queue empties are no overload, however long they are', () => {
  const thread = new Thread(50);
  thread.run(60_000, (index) => (index % 4 === 0 ? 400 : 1));
  expect(thread.windows.some(({ isLate }) => isLate)).toBe(false);
});

test('with a target of 0 nothing is ever late', () => {
  const thread = new Thread(0);
  thread.run(10_000, () => 500);
  expect(thread.windows.length).toBeGreaterThan(5);
  expect(thread.windows.some(({ isLate, isOverloaded }) => isLate || isOverloaded)).toBe(false);
});

test('a thread that idles less than 70 % of its time is busy', () => {
  const thread = new Thread(50);
  thread.run(300, () => 0, 0.29);
  expect(thread.signal.isBusy).toBe(false);
  thread.run(300, () => 0, 0.31);
  expect(thread.signal.isBusy).toBe(true);
});
