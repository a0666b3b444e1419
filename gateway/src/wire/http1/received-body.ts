// A request's body as its reader sees it. The connection pushes; what the reader cannot take yet stays with the connection.
import type { Body, BodyReader } from '../../http1/body.js';

/** What a body asks of the connection that it comes on. */
export interface BodyOwner {
  /** The reader takes bytes from the next turn on, or again. */
  bodyWanted(): void;
  bodyDropped(): void;
}

export class ReceivedBody implements Body {
  #reader: BodyReader | undefined;
  #isTaking = false;
  #isDropped = false;
  #failure: Error | undefined;

  /** @param length in bytes, if the head said. */
  constructor(
    readonly length: number | undefined,
    private readonly owner: BodyOwner,
  ) {}

  /** The reader takes bytes now. */
  get isTaking(): boolean {
    return this.#isTaking;
  }

  /** Somebody reads it, now or when they can again. */
  get isBeingRead(): boolean {
    return this.#reader !== undefined;
  }

  read(reader: BodyReader): void {
    if (this.#isDropped) return;
    this.#reader = reader;
    process.nextTick(begin, this);
  }

  resume(): void {
    if (this.#reader === undefined || this.#isTaking) return;
    if (this.#failure !== undefined) {
      this.fail(this.#failure);
      return;
    }
    this.#isTaking = true;
    this.owner.bodyWanted();
  }

  drop(): void {
    if (this.#isDropped) return;
    this.#end();
    this.#isDropped = true;
    this.owner.bodyDropped();
  }

  /** False: no more, until `bodyWanted`. */
  push(bytes: Uint8Array): boolean {
    if (this.#reader === undefined) return true;
    this.#isTaking = false;
    const takesMore = this.#reader.onData(bytes);
    // It may have asked for more meanwhile, or dropped the rest.
    if (takesMore && this.#reader !== undefined) this.#isTaking = true;
    return this.#isTaking;
  }

  finish(): void {
    const reader = this.#end();
    reader?.onEnd();
  }

  fail(error: Error): void {
    this.#failure = error;
    const reader = this.#end();
    reader?.onError(error);
  }

  #end(): BodyReader | undefined {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#isTaking = false;
    return reader;
  }
}

function begin(body: ReceivedBody): void {
  body.resume();
}
