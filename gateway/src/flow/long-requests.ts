// Which requests of a thread have lasted so long that they leave a `begin` record: a list in the order of their starts,
// whose head is looked at now and then. A request pays for it with a few assignments at its start and at its end: no
// timer, no allocation, and nothing that holds it once it is over.

/** A request in flight. The list alone writes its links. */
export interface LongRequest {
  /** `performance.now()` of its start. */
  readonly startedAt: number;
  /** Undefined: not in the list. */
  previous: LongRequest | undefined;
  next: LongRequest | undefined;
  /** It has lasted long. Called once at most, and not after its end. */
  onLong(): void;
}

const lookMs = 250;
/** Records written in one turn of the event loop: about a millisecond. */
const mostInATurn = 256;

export class LongRequests {
  /** Before the first and after the last, so that no end of the list is a case of its own. */
  readonly #ends: LongRequest = { startedAt: Infinity, previous: undefined, next: undefined, onLong: () => undefined };
  readonly #afterMs: number;
  readonly #now: () => number;

  /** @param now milliseconds that never go back. */
  constructor(afterMs: number, now: () => number = () => performance.now()) {
    this.#afterMs = afterMs;
    this.#now = now;
    this.#ends.previous = this.#ends;
    this.#ends.next = this.#ends;
  }

  begin(request: LongRequest): void {
    const last = this.#ends.previous ?? this.#ends;
    request.previous = last;
    request.next = this.#ends;
    last.next = request;
    this.#ends.previous = request;
  }

  end(request: LongRequest): void {
    unlink(request);
  }

  /** Looks every quarter of a second, and keeps no process alive by it. */
  watch(): void {
    setInterval(() => this.look(), lookMs).unref();
  }

  /** Tells those that have lasted long by now; a crowd of them in several turns, between other events. */
  look(): void {
    const latest = this.#now() - this.#afterMs;
    for (let told = 0; told < mostInATurn; told += 1) {
      const oldest = this.#ends.next;
      if (oldest === undefined || oldest.startedAt > latest) return;
      unlink(oldest);
      oldest.onLong();
    }
    setImmediate(() => this.look());
  }
}

function unlink(request: LongRequest): void {
  const { previous, next } = request;
  if (previous === undefined || next === undefined) return;
  previous.next = next;
  next.previous = previous;
  request.previous = undefined;
  request.next = undefined;
}
