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
  #isSet = false;
  readonly #turn = (): void => this.#end();

  /** A whole turn from now: what had come already by then has been read. */
  rest(one: Rested): void {
    this.#resting.push(one);
    this.#set();
  }

  /** When this turn has read what there was to read. */
  defer(one: Deferred): void {
    this.#deferred.push(one);
    this.#set();
  }

  #set(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    setImmediate(this.#turn);
  }

  #end(): void {
    const deferred = this.#deferred;
    const rested = this.#rested;
    this.#isSet = false;
    if (deferred.length > 0) this.#deferred = [];
    this.#rested = this.#resting;
    this.#resting = [];
    if (this.#rested.length > 0) this.#set();
    for (const one of deferred) one.onTurnEnd();
    for (const one of rested) one.onRested();
  }
}
