// A body that somebody pushes and one reader takes. What the reader does not take yet waits here.
import type { Body, BodyReader } from '../http1/body.js';

export class BodyQueue implements Body {
  #waiting: Uint8Array[] = [];
  #reader: BodyReader | undefined;
  /** The reader takes nothing now, or has not begun. */
  #isHeld = true;
  #hasEnded = false;
  #error: Error | undefined;
  #isOver = false;

  /** @param onWanted more can be taken. */
  constructor(
    readonly length: number | undefined,
    private readonly onWanted: () => void,
  ) {}

  read(reader: BodyReader): void {
    this.#reader = reader;
    process.nextTick(() => this.resume());
  }

  resume(): void {
    this.#isHeld = false;
    while (!this.#isHeld && !this.#isOver) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) break;
      this.#isHeld = this.#reader?.onData(chunk) !== true;
    }
    if (this.#isHeld || this.#isOver) return;
    this.#finish();
    if (!this.#isHeld && !this.#isOver) this.onWanted();
  }

  drop(): void {
    this.#isOver = true;
    this.#isHeld = true;
    this.#waiting = [];
  }

  /**
   * False: no more, until it is wanted.
   *
   * @param isOurs the chunk stays as it is, whatever is answered; otherwise it does so after `false` only.
   */
  push(chunk: Uint8Array, isOurs: boolean): boolean {
    if (this.#isOver) return false;
    if (this.#isHeld || this.#waiting.length > 0) {
      this.#waiting.push(isOurs ? chunk : Buffer.from(chunk));
      return false;
    }
    this.#isHeld = this.#reader?.onData(chunk) !== true;
    return !this.#isHeld;
  }

  end(): void {
    this.#hasEnded = true;
    if (!this.#isHeld) this.#finish();
  }

  /** What has not been taken never will be. */
  fail(error: Error): void {
    this.#error ??= error;
    this.#waiting = [];
    if (this.#reader !== undefined) this.#finish();
  }

  #finish(): void {
    if (this.#isOver || this.#waiting.length > 0) return;
    if (this.#error !== undefined) {
      this.#isOver = true;
      this.#reader?.onError(this.#error);
    } else if (this.#hasEnded) {
      this.#isOver = true;
      this.#reader?.onEnd();
    }
  }
}
