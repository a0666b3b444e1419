// What a gateway knows of its targets at this moment, in memory that all of its threads share: a row of words for each
// upstream and each target. Whoever sees something writes it at once, without locks and without messages; so failures
// are counted over the whole process, and a target that one thread ejects is out for all. A row is given out by the main
// thread alone, with a generation: who still holds a row that has gone to somebody else writes nothing.
const wordsOfRow = 16;
/** 16 MB of addresses; memory is used for what is given out alone. */
const mostRows = 262_144;

/** Where a row lies. */
export interface Place {
  readonly row: number;
  readonly generation: number;
}

const at = { generation: 0 } as const;

/** Of an upstream. `version` moves with each change of a target's state: who has seen it need not look again. */
export const upstreamWord = { requests: 1, pending: 2, retries: 3, ejected: 4, version: 5 } as const;
/** Of a target. The three counts are failures in a row. */
export const targetWord = {
  state: 1,
  active: 2,
  connections: 3,
  fives: 4,
  gatewayErrors: 5,
  connectFailures: 6,
} as const;
/** Of the gateway: what the circuit breakers refused. */
export const refusedWord = { requests: 1, pending: 2, retries: 3 } as const;

/** Bits of a target's state. None: it is well. */
export const ejectedBit = 1;
export const unhealthyBit = 2;

type Word =
  | (typeof upstreamWord)[keyof typeof upstreamWord]
  | (typeof targetWord)[keyof typeof targetWord]
  | (typeof refusedWord)[keyof typeof refusedWord];

export class Row {
  readonly #words: Int32Array;
  readonly #at: number;

  constructor(
    words: Int32Array,
    readonly place: Place,
  ) {
    this.#words = words;
    this.#at = place.row * wordsOfRow;
  }

  read(word: Word): number {
    return Atomics.load(this.#words, this.#at + word);
  }

  /** The value after it; 0 when the row is somebody else's by now. */
  add(word: Word, by: 1 | -1): number {
    if (!this.#isOurs) return 0;
    return Atomics.add(this.#words, this.#at + word, by) + by;
  }

  /** Takes one of `most`. False: there is none left. */
  take(word: Word, most: number): boolean {
    if (this.add(word, 1) <= most) return true;
    this.add(word, -1);
    return false;
  }

  clear(word: Word): void {
    // Most are clear already, and a read leaves the other cores' caches alone.
    if (this.read(word) !== 0 && this.#isOurs) Atomics.store(this.#words, this.#at + word, 0);
  }

  /** False: it was so before, or the row is somebody else's. */
  raise(word: Word, bit: number): boolean {
    return this.#isOurs && (Atomics.or(this.#words, this.#at + word, bit) & bit) === 0;
  }

  lower(word: Word, bit: number): boolean {
    return this.#isOurs && (Atomics.and(this.#words, this.#at + word, ~bit) & bit) !== 0;
  }

  get #isOurs(): boolean {
    return Atomics.load(this.#words, this.#at + at.generation) === this.place.generation;
  }
}

/** The table as every thread sees it. */
export class HealthTable {
  readonly #words: Int32Array;
  readonly refused: Row;

  constructor(readonly shared: SharedArrayBuffer) {
    this.#words = new Int32Array(shared);
    this.refused = new Row(this.#words, { row: 0, generation: 0 });
  }

  static create(rows = mostRows): HealthTable {
    return new HealthTable(new SharedArrayBuffer(rows * wordsOfRow * Int32Array.BYTES_PER_ELEMENT));
  }

  row(place: Place): Row {
    return new Row(this.#words, place);
  }

  get rows(): number {
    return this.#words.length / wordsOfRow;
  }

  /** For the main thread: makes a row somebody's, with nothing in it. */
  begin(row: number): Place {
    const from = row * wordsOfRow;
    const generation = (Atomics.load(this.#words, from + at.generation) + 1) | 0;
    Atomics.store(this.#words, from + at.generation, generation);
    for (let word = 1; word < wordsOfRow; word += 1) Atomics.store(this.#words, from + word, 0);
    return { row, generation };
  }

  /** For the main thread: nobody's any more. */
  end({ row }: Place): void {
    Atomics.add(this.#words, row * wordsOfRow + at.generation, 1);
  }
}

/** A row that nobody shares: of an upstream that the main thread has not placed yet, or has no room for. */
export function ownRow(): Row {
  return new Row(new Int32Array(wordsOfRow), { row: 0, generation: 0 });
}
