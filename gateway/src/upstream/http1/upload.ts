// One request's body on its way into a connection, behind its head. A body that breaks off, or is not as long as it said,
// never gets an end that looks like one. Never reused: a body may say something after its last byte.
import type { Body, BodyReader } from '../../http1/body.js';
import { lastChunk, writeChunk } from '../../http1/chunk-encoder.js';
import type { TurnWriter } from '../../http1/turn-writer.js';

export interface UploadListener {
  onSent(bytes: number): void;
  /** The target takes no more, or takes more again. */
  onBlocked(isBlocked: boolean): void;
  onUploaded(): void;
  /** The client's side of it failed. */
  onBodyBroken(): void;
}

export class Upload implements BodyReader {
  readonly #isChunked: boolean;
  #left: number;
  #isBlocked = false;
  #isOver = false;

  constructor(
    private readonly writer: TurnWriter,
    private readonly listener: UploadListener,
    private readonly body: Body,
  ) {
    this.#isChunked = body.length === undefined;
    this.#left = body.length ?? 0;
    body.read(this);
  }

  /** No more of it is wanted. */
  stop(): void {
    this.#isOver = true;
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#isOver) return false;
    if (chunk.length === 0) return true;
    if (this.#isChunked) writeChunk(this.writer, chunk);
    else if (chunk.length > this.#left) {
      this.onError();
      return false;
    } else {
      this.#left -= chunk.length;
      this.writer.bytes(chunk);
    }
    this.listener.onSent(chunk.length);
    this.#isBlocked = !this.writer.isFlushed();
    if (!this.#isChunked && this.#left === 0) this.#finish();
    else if (this.#isBlocked) this.listener.onBlocked(true);
    return !this.#isBlocked;
  }

  onEnd(): void {
    if (this.#isOver) return;
    if (this.#left > 0) {
      this.onError();
      return;
    }
    if (this.#isChunked) this.writer.text(lastChunk);
    this.#finish();
  }

  onError(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.listener.onBodyBroken();
  }

  /** The system has taken what was written. */
  flushed(): void {
    if (!this.#isBlocked) return;
    this.#isBlocked = false;
    if (!this.#isOver) this.listener.onBlocked(false);
    this.body.resume();
  }

  #finish(): void {
    this.#isOver = true;
    this.listener.onUploaded();
  }
}
