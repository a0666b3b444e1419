// A request's body on its way to more than one reader: tries that follow each other, and a copy beside them. It flows as
// fast as the try takes it; the copy never holds it back. What came is kept for another try up to a bound.
import { Readable } from 'node:stream';
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
export function bodyOnce(source: Readable): BodySource {
  return {
    get isAtHand() {
      return !source.readableDidRead && !source.destroyed;
    },
    open() {
      return this.isAtHand ? source : undefined;
    },
    drop: () => void source.destroy(),
  };
}

export class RequestBody implements BodySource {
  readonly #source: Readable;
  readonly #bounds: BodyBounds;
  #bytes = 0;
  #kept: Uint8Array[] | undefined;
  #reader: Readable | undefined;
  #copy: { readonly stream: Readable; readonly maxBytes: number } | undefined;
  #isFlowing = false;
  #hasEnded = false;
  #isDropped = false;

  constructor(source: Readable, bounds: BodyBounds) {
    this.#source = source;
    this.#bounds = bounds;
    this.#kept = bounds.keepBytes > 0 ? [] : undefined;
  }

  get isAtHand(): boolean {
    return !this.#isDropped && (this.#bytes === 0 || this.#kept !== undefined);
  }

  open(): Readable | undefined {
    if (!this.isAtHand) return undefined;
    const reader: Readable = new Readable({
      read: () => {
        if (this.#reader === reader) this.#flow();
      },
    });
    // Whoever reads it has seen the error; without a reader nobody may, and it must not end the process.
    reader.on('error', () => undefined);
    this.#reader?.destroy();
    this.#reader = reader;
    for (const chunk of this.#kept ?? []) reader.push(chunk);
    if (this.#hasEnded) reader.push(null);
    return reader;
  }

  /** What flows from here on, for one other reader; it fails when it has grown beyond `maxBytes`. */
  copy(maxBytes: number): BodySource {
    const stream = new Readable({ read: () => undefined });
    stream.on('error', () => undefined);
    this.#copy = { stream, maxBytes };
    return bodyOnce(stream);
  }

  drop(): void {
    if (this.#isDropped) return;
    this.#isDropped = true;
    this.#kept = undefined;
    if (!this.#hasEnded) this.#copy?.stream.destroy();
    this.#reader?.destroy();
    this.#source.destroy();
  }

  #flow(): void {
    if (!this.#isFlowing) {
      this.#isFlowing = true;
      this.#source.on('data', (chunk: Uint8Array) => this.#take(chunk));
      this.#source.once('end', () => this.#end());
      this.#source.once('error', (error) => this.#fail(error));
    }
    this.#source.resume();
  }

  #take(chunk: Uint8Array): void {
    if (this.#isDropped) return;
    this.#bytes += chunk.length;
    const { maxBytes, keepBytes, onTooLarge } = this.#bounds;
    if (maxBytes !== undefined && this.#bytes > maxBytes) {
      const bytes = this.#bytes;
      this.drop();
      onTooLarge(bytes);
      return;
    }
    if (this.#bytes <= keepBytes) this.#kept?.push(chunk);
    else this.#kept = undefined;
    if (this.#copy !== undefined && this.#bytes <= this.#copy.maxBytes) this.#copy.stream.push(chunk);
    else this.#copy?.stream.destroy(new Error('the body is larger than what is copied'));
    if (this.#reader?.push(chunk) !== true) this.#source.pause();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#copy?.stream.push(null);
    this.#reader?.push(null);
  }

  #fail(error: Error): void {
    this.#copy?.stream.destroy(error);
    this.#reader?.destroy(error);
  }
}
