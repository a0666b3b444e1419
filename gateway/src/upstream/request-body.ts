// A request's body on its way to more than one reader: tries that follow each other, and a copy beside them. It flows as
// fast as the try takes it; the copy never holds it back. What came is kept for another try up to a bound.
import type { Body, BodyReader } from '../http1/body.js';
import { BodyQueue } from './body-queue.js';
import type { BodySource } from './upstream.js';

export interface BodyBounds {
  /** A larger body ends here: nothing beyond goes to any reader. Undefined: no such bound. */
  readonly maxBytes: number | undefined;
  /** Kept for another try; 0: a try that has read of it is the last. */
  readonly keepBytes: number;
  /** Told once, with the bytes that have come. */
  readonly onTooLarge: (bytes: number) => void;
}

/** A body that is read once; a try whose connection never opened has not read of it. */
export class BodyOnce implements BodySource, Body {
  isAtHand = true;

  constructor(private readonly source: Body) {}

  get length(): number | undefined {
    return this.source.length;
  }

  open(): Body | undefined {
    return this.isAtHand ? this : undefined;
  }

  read(reader: BodyReader): void {
    this.isAtHand = false;
    this.source.read(reader);
  }

  resume(): void {
    this.source.resume();
  }

  drop(): void {
    this.isAtHand = false;
    this.source.drop();
  }
}

export class RequestBody implements BodySource, BodyReader {
  readonly #source: Body;
  readonly #bounds: BodyBounds;
  #bytes = 0;
  #kept: Uint8Array[] | undefined;
  #reader: BodyQueue | undefined;
  #copy: { readonly queue: BodyQueue; readonly maxBytes: number } | undefined;
  #isFlowing = false;
  #hasEnded = false;
  #error: Error | undefined;
  #isDropped = false;

  constructor(source: Body, bounds: BodyBounds) {
    this.#source = source;
    this.#bounds = bounds;
    this.#kept = bounds.keepBytes > 0 ? [] : undefined;
  }

  get length(): number | undefined {
    return this.#source.length;
  }

  get isAtHand(): boolean {
    return !this.#isDropped && (this.#bytes === 0 || this.#kept !== undefined);
  }

  open(): Body | undefined {
    if (!this.isAtHand) return undefined;
    this.#reader?.drop();
    const reader = new BodyQueue(this.length, () => {
      if (this.#reader === reader) this.#flow();
    });
    this.#reader = reader;
    for (const chunk of this.#kept ?? []) reader.push(chunk, true);
    if (this.#error !== undefined) reader.fail(this.#error);
    else if (this.#hasEnded) reader.end();
    return reader;
  }

  /** What flows from here on, for one other reader; it fails when it has grown beyond `maxBytes`. */
  copy(maxBytes: number): BodySource {
    const queue = new BodyQueue(this.length, () => undefined);
    this.#copy = { queue, maxBytes };
    return new BodyOnce(queue);
  }

  drop(): void {
    if (this.#isDropped) return;
    this.#isDropped = true;
    this.#kept = undefined;
    if (!this.#hasEnded) this.#copy?.queue.fail(new Error('the body was given up'));
    this.#reader?.drop();
    this.#source.drop();
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#isDropped) return false;
    this.#bytes += chunk.length;
    const { maxBytes, keepBytes, onTooLarge } = this.#bounds;
    if (maxBytes !== undefined && this.#bytes > maxBytes) {
      const bytes = this.#bytes;
      this.drop();
      onTooLarge(bytes);
      return false;
    }
    // The chunk itself is ours only while a reader holds the body back.
    const own = this.#bytes <= keepBytes && this.#kept !== undefined ? Buffer.from(chunk) : undefined;
    if (own === undefined) this.#kept = undefined;
    else this.#kept?.push(own);
    if (this.#copy !== undefined) this.#pushCopy(own ?? Buffer.from(chunk), this.#copy);
    return this.#reader?.push(own ?? chunk, own !== undefined) === true;
  }

  onEnd(): void {
    this.#hasEnded = true;
    this.#copy?.queue.end();
    this.#reader?.end();
  }

  onError(error: Error): void {
    this.#error = error;
    this.#copy?.queue.fail(error);
    this.#reader?.fail(error);
  }

  #pushCopy(own: Uint8Array, { queue, maxBytes }: { readonly queue: BodyQueue; readonly maxBytes: number }): void {
    if (this.#bytes <= maxBytes) queue.push(own, true);
    else queue.fail(new Error('the body is larger than what is copied'));
  }

  #flow(): void {
    if (this.#isDropped || this.#hasEnded) return;
    if (this.#isFlowing) this.#source.resume();
    else {
      this.#isFlowing = true;
      this.#source.read(this);
    }
  }
}
