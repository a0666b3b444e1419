// The units that this gateway holds, in memory that all its threads share: one slot of 64 bytes a limit.
//
// A slot's first word packs a tag (12 bits) above the units (20 bits). A thread spends by compare-and-exchange on that
// word; only the broker (main thread) changes a tag, and it does so whenever the units' period ends or the slot gets
// another key. So a thread that was paused between its checks and its exchange fails, and asks again. The generation
// tells one key of a slot from the next for good; the tag only covers that short race.
//
// No locks: a thread that dies in the middle leaves nothing behind but the units it had taken (under-use, never over-use).
import { isAhead, wrapMs } from './monotonic.js';

const slotBytes = 64;
const words = slotBytes / 4;
const doubles = slotBytes / 8;
const unitBits = 20;
const unitMask = (1 << unitBits) - 1;
const tagMask = 0xfff;

/** The most units that a slot ever holds. Half of what fits: a refund must not run into the tag. */
export const maxHeldUnits = 1 << (unitBits - 1);

// Words of 32 bits.
const balanceWord = 0;
const deadlineWord = 1;
const generationWord = 2;
const lowWord = 3;
const exhaustedWord = 4;
const exhaustedFlagWord = 5;
// Doubles: told to clients, never decided on.
const leftDouble = 5;
const resetDouble = 6;

export class SlotTable {
  readonly shared: SharedArrayBuffer;
  readonly slots: number;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  /** The word that the last `take` or refused `take` of this thread saw: what `putBack` and a hold go by. */
  takenWord = 0;

  constructor(sharedOrSlots: SharedArrayBuffer | number) {
    this.shared = typeof sharedOrSlots === 'number' ? new SharedArrayBuffer(sharedOrSlots * slotBytes) : sharedOrSlots;
    this.slots = this.shared.byteLength / slotBytes;
    this.#words = new Int32Array(this.shared);
    this.#doubles = new Float64Array(this.shared);
  }

  // Any thread.

  generation(slot: number): number {
    return Atomics.load(this.#words, slot * words + generationWord);
  }

  /** Units in the slot, whether or not their deadline has passed: `take` looks at that. */
  balance(slot: number): number {
    return Atomics.load(this.#words, slot * words + balanceWord) & unitMask;
  }

  /** The units that a word of the table speaks of. */
  unitsIn(word: number): number {
    return word & unitMask;
  }

  /** Units that may be spent now: 0 when there are none or their deadline has passed. */
  held(slot: number, nowMs: number): number {
    const word = Atomics.load(this.#words, slot * words + balanceWord);
    return isAhead(Atomics.load(this.#words, slot * words + deadlineWord), nowMs) ? word & unitMask : 0;
  }

  isExhausted(slot: number, nowMs: number): boolean {
    const base = slot * words;
    return (
      Atomics.load(this.#words, base + exhaustedFlagWord) === 1 &&
      isAhead(Atomics.load(this.#words, base + exhaustedWord), nowMs)
    );
  }

  /** Units left in Redis, as it last said. */
  left(slot: number): number {
    return this.#doubles[slot * doubles + leftDouble] ?? 0;
  }

  resetAtMs(slot: number): number {
    return this.#doubles[slot * doubles + resetDouble] ?? 0;
  }

  /**
   * Takes `cost` units or none. Returns the units there were, or -1. The word is loaded before what it is checked against:
   * see the head.
   */
  take(slot: number, generation: number, cost: number, nowMs: number): number {
    const at = slot * words;
    for (;;) {
      const word = Atomics.load(this.#words, at + balanceWord);
      if (Atomics.load(this.#words, at + generationWord) !== generation) return -1;
      if (!isAhead(Atomics.load(this.#words, at + deadlineWord), nowMs)) return -1;
      const before = word & unitMask;
      if (before < cost) return -1;
      if (Atomics.compareExchange(this.#words, at + balanceWord, word, word - cost) === word) {
        this.takenWord = word;
        return before;
      }
    }
  }

  /** Puts units back that `take` took when it saw `takenWord`. When the period has ended between, they are gone: false. */
  putBack(slot: number, takenWord: number, cost: number): boolean {
    const at = slot * words + balanceWord;
    for (;;) {
      const word = Atomics.load(this.#words, at);
      if (word >>> unitBits !== takenWord >>> unitBits) return false;
      if (Atomics.compareExchange(this.#words, at, word, word + cost) === word) return true;
    }
  }

  /** Below this, the thread that crosses it tells the broker. */
  lowMark(slot: number): number {
    return Atomics.load(this.#words, slot * words + lowWord);
  }

  // The broker alone.

  add(slot: number, units: number): void {
    Atomics.add(this.#words, slot * words + balanceWord, units);
  }

  /** Takes up to `most` units out of the threads' hands, within the period. */
  withdraw(slot: number, most: number): number {
    const at = slot * words + balanceWord;
    for (;;) {
      const word = Atomics.load(this.#words, at);
      const units = Math.min(word & unitMask, most);
      if (units === 0 || Atomics.compareExchange(this.#words, at, word, word - units) === word) return units;
    }
  }

  /** Ends a period: takes all units out, and makes every spend or refund that is under way fail. */
  endPeriod(slot: number): number {
    const at = slot * words + balanceWord;
    for (;;) {
      const word = Atomics.load(this.#words, at);
      const next = ((((word >>> unitBits) + 1) & tagMask) << unitBits) | 0;
      if (Atomics.compareExchange(this.#words, at, word, next) === word) {
        Atomics.store(this.#words, slot * words + exhaustedFlagWord, 0);
        return word & unitMask;
      }
    }
  }

  /** Gives an emptied slot to another key. */
  assign(slot: number): number {
    this.endPeriod(slot);
    const at = slot * words;
    Atomics.store(this.#words, at + lowWord, 0);
    return Atomics.add(this.#words, at + generationWord, 1) + 1;
  }

  setDeadline(slot: number, deadlineMs: number): void {
    Atomics.store(this.#words, slot * words + deadlineWord, wrapMs(deadlineMs));
  }

  setLowMark(slot: number, units: number): void {
    Atomics.store(this.#words, slot * words + lowWord, units);
  }

  setExhausted(slot: number, untilMs: number | undefined): void {
    const base = slot * words;
    if (untilMs !== undefined) Atomics.store(this.#words, base + exhaustedWord, wrapMs(untilMs));
    Atomics.store(this.#words, base + exhaustedFlagWord, untilMs === undefined ? 0 : 1);
  }

  setView(slot: number, left: number, resetAtMs: number): void {
    this.#doubles[slot * doubles + leftDouble] = left;
    this.#doubles[slot * doubles + resetDouble] = resetAtMs;
  }
}
