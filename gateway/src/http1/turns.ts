// What waits for the event loop rather than for time. One callback a turn serves all connections, and none is set while
// nothing waits.

export interface Rested {
  /** The event loop has looked at every socket since it was said to rest. */
  onRested(): void;
}

export interface Deferred {
  onTurnEnd(): void;
}

export class Turns {
  #resting: Rested[] = [];
  #rested: Rested[] = [];
  #deferred: Deferred[] = [];
  #next: NodeJS.Immediate | undefined;
  #isHasty = false;
  readonly #turn = (): void => this.#end();

  /**
   * A whole turn from now: what had come already by then has been read. The loop is not woken for it, which would cost
   * a system call for each request: it turns with the next thing that happens, or when `hasten` is called.
   */
  rest(one: Rested): void {
    this.#resting.push(one);
    this.#set(this.#isHasty);
  }

  /** Somebody waits for what rests. */
  hasten(): void {
    if (this.#resting.length > 0 || this.#rested.length > 0) this.#set(true);
  }

  /** When this turn has read what there was to read. */
  defer(one: Deferred): void {
    this.#deferred.push(one);
    this.#set(true);
  }

  #set(isHasty: boolean): void {
    this.#isHasty ||= isHasty;
    if (this.#next === undefined) {
      this.#next = setImmediate(this.#turn);
      if (!isHasty) this.#next.unref();
    } else if (isHasty) this.#next.ref();
  }

  #end(): void {
    const deferred = this.#deferred;
    const rested = this.#rested;
    const isHasty = this.#isHasty;
    this.#next = undefined;
    this.#isHasty = false;
    if (deferred.length > 0) this.#deferred = [];
    this.#rested = this.#resting;
    this.#resting = [];
    if (this.#rested.length > 0) this.#set(isHasty);
    for (const one of deferred) one.onTurnEnd();
    for (const one of rested) one.onRested();
  }
}
