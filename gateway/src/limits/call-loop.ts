// One call after another: whatever is wanted while one is under way goes out with the next, so calls get fewer and larger
// under load. After a call without an answer there is a pause, in which nobody waits for Redis.
import type { Clock } from './clock.js';

export interface CallLoopParts {
  readonly clock: Clock;
  /** One call. False: there is nothing to say. Rejects when no answer came. */
  readonly step: (nowMs: number) => Promise<boolean>;
  readonly isReachable: () => boolean;
  /** Redis cannot be asked, or is not for the moment. */
  readonly goWithout: () => void;
}

const pauseMs = 100;
/** While something is being mended, or others must hear of this gateway: how often it is asked how far that is. */
const waitMs = 25;

export class CallLoop {
  readonly #parts: CallLoopParts;
  readonly #clock: Clock;
  #isSending = false;
  #sent: Promise<void> = Promise.resolve();
  #isScheduled = false;
  #isStopping = false;
  #pausedUntilMs = 0;
  #waitUntilMs = 0;

  constructor(parts: CallLoopParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
  }

  /** There is something to say: at the end of this turn, or after the call that is under way. */
  schedule(): void {
    if (this.#isScheduled || this.#isSending) return;
    this.#isScheduled = true;
    this.#clock.setImmediate(() => {
      this.#isScheduled = false;
      void this.flush();
    });
  }

  /** Sends what there is to say. Resolves when nothing is under way. */
  flush(): Promise<void> {
    if (!this.#isSending) this.#sent = this.#send();
    return this.#sent;
  }

  /** Nothing that could be said now would be answered. */
  waitALittle(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#waitUntilMs) return;
    this.#waitUntilMs = nowMs + waitMs;
    this.#clock.setTimeout(() => void this.flush(), waitMs);
  }

  /** After the call that is under way there is no other one. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#sent;
  }

  async #send(): Promise<void> {
    const { step, isReachable, goWithout } = this.#parts;
    this.#isSending = true;
    while (!this.#isStopping) {
      const nowMs = this.#clock.nowMs();
      if (!isReachable() || nowMs < this.#pausedUntilMs) {
        goWithout();
        break;
      }
      if (nowMs < this.#waitUntilMs) break;
      try {
        if (!(await step(nowMs))) break;
      } catch {
        this.#pausedUntilMs = this.#clock.nowMs() + pauseMs;
      }
    }
    // In the same turn as the loop's last look, so that nothing wanted in between is overlooked.
    this.#isSending = false;
  }
}
