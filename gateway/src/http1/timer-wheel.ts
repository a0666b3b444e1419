// Deadlines for thousands of connections, at the price of a number each. A deadline that moves later, as most do with every
// byte, is stored and nothing else; the wheel finds out when the old one comes. None fires early; up to one step late.
// The wheel turns only while something is on it, and keeps no process alive.

import { performance } from 'node:perf_hooks';

const stepMs = 100;
// 51 s ahead; what is due later is looked at once a turn.
const slots = 512;

export class TimerWheel {
  readonly #slots: (WheelTimer | undefined)[] = Array.from({ length: slots }, () => undefined);
  readonly #now: () => number;
  #interval: NodeJS.Timeout | undefined;
  /** The step that has been looked at last. */
  #turned = 0;
  #count = 0;

  /** @param now milliseconds that never go back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A timer that is not set. @param onDue may set it again. */
  timer(onDue: () => void): WheelTimer {
    return new WheelTimer(this, onDue);
  }

  /** Fires what is due. Called by the wheel itself, and by tests with a clock of their own. */
  turn(): void {
    const now = this.#now();
    const step = Math.floor(now / stepMs);
    // After a pause longer than a turn, each slot once is enough.
    const first = Math.max(this.#turned + 1, step - slots + 1);
    this.#turned = step;
    for (let one = first; one <= step; one += 1) this.#lookAt(one % slots, now);
    if (this.#count === 0) this.#stop();
  }

  /** @internal */
  set(timer: WheelTimer, ms: number): void {
    const now = this.#now();
    timer.deadline = now + ms;
    const step = Math.ceil(timer.deadline / stepMs);
    if (timer.step !== 0 && timer.step <= step) return;
    if (timer.step !== 0) this.#remove(timer);
    if (this.#interval === undefined) this.#start(now);
    this.#insert(timer, step);
  }

  #start(now: number): void {
    this.#turned = Math.floor(now / stepMs);
    this.#interval = setInterval(() => this.turn(), stepMs);
    this.#interval.unref();
  }

  #stop(): void {
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  // What is due fires after its slot has been cleared: it may set, move and clear any timer, those of its slot too.
  #lookAt(slot: number, now: number): void {
    let due: WheelTimer[] | undefined;
    let timer = this.#slots[slot];
    this.#slots[slot] = undefined;
    while (timer !== undefined) {
      const { next, deadline } = timer;
      timer.next = undefined;
      timer.previous = undefined;
      timer.step = 0;
      this.#count -= 1;
      if (deadline > now) this.#insert(timer, Math.ceil(deadline / stepMs));
      else if (deadline !== 0) (due ??= []).push(timer);
      timer = next;
    }
    for (const one of due ?? []) {
      if (one.step !== 0 || one.deadline === 0) continue;
      one.deadline = 0;
      one.onDue();
    }
  }

  #insert(timer: WheelTimer, wanted: number): void {
    const step = Math.min(Math.max(wanted, this.#turned + 1), this.#turned + slots - 1);
    const slot = step % slots;
    const first = this.#slots[slot];
    timer.step = step;
    timer.next = first;
    if (first !== undefined) first.previous = timer;
    this.#slots[slot] = timer;
    this.#count += 1;
  }

  #remove(timer: WheelTimer): void {
    const { next, previous } = timer;
    if (previous === undefined) this.#slots[timer.step % slots] = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    timer.next = undefined;
    timer.previous = undefined;
    timer.step = 0;
    this.#count -= 1;
  }
}

export class WheelTimer {
  /** 0: not set. */
  deadline = 0;
  /** Where it hangs on the wheel (0: nowhere), and between whom. */
  step = 0;
  next: WheelTimer | undefined;
  previous: WheelTimer | undefined;
  readonly onDue: () => void;
  readonly #wheel: TimerWheel;

  constructor(wheel: TimerWheel, onDue: () => void) {
    this.#wheel = wheel;
    this.onDue = onDue;
  }

  /** Due in `ms` from now, whatever was set before. */
  set(ms: number): void {
    this.#wheel.set(this, ms);
  }

  /** Not due any more. */
  clear(): void {
    this.deadline = 0;
  }
}
