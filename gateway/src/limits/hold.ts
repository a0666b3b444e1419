// What a request goes on holding after it was let through: slots until it ends, and units whose cost is known only then.
import type { Charge, Hold } from './limit-ref.js';
import type { SlotTable } from './slot-table.js';

export interface TakenCharge {
  readonly charge: Charge;
  readonly slot: number;
  readonly generation: number;
  /** The slot's word when it was taken: when it has changed its tag since, there is nothing to give back to. */
  readonly word: number;
}

/** The requests of one thread that are in slots, by the slot's place. */
export class Holds {
  readonly #bySlot = new Map<number, Set<RequestHold>>();
  readonly #table: SlotTable;

  constructor(table: SlotTable) {
    this.#table = table;
  }

  begin(taken: readonly TakenCharge[]): Hold {
    const hold = new RequestHold(taken, this.#table, () => {
      for (const { slot } of hold.inSlots) {
        const others = this.#bySlot.get(slot);
        if (others?.delete(hold) === true && others.size === 0) this.#bySlot.delete(slot);
      }
    });
    for (const { slot } of hold.inSlots) {
      const others = this.#bySlot.get(slot);
      if (others === undefined) this.#bySlot.set(slot, new Set([hold]));
      else others.add(hold);
    }
    return hold;
  }

  /** The slots of one limit could not be renewed. */
  lose(slot: number, generation: number): void {
    for (const hold of this.#bySlot.get(slot) ?? []) hold.lose(slot, generation);
  }
}

class RequestHold implements Hold {
  onLost: (() => void) | undefined;
  #isEnded = false;
  #isSettled = false;
  readonly #taken: readonly TakenCharge[];
  readonly #table: SlotTable;
  readonly #onEnd: () => void;

  constructor(taken: readonly TakenCharge[], table: SlotTable, onEnd: () => void) {
    this.#taken = taken;
    this.#table = table;
    this.#onEnd = onEnd;
  }

  get inSlots(): TakenCharge[] {
    return this.#taken.filter(({ charge }) => charge.limit.kind === 'concurrency');
  }

  settle(cost: number): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    for (const { charge, slot, word } of this.#taken) {
      const unused = charge.cost - Math.max(0, Math.ceil(cost));
      if (charge.limit.kind !== 'concurrency' && unused > 0) this.#table.putBack(slot, word, unused);
    }
  }

  release(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#onEnd();
    for (const { charge, slot, word } of this.inSlots) this.#table.putBack(slot, word, charge.cost);
  }

  lose(slot: number, generation: number): void {
    if (!this.#isEnded && this.inSlots.some((one) => one.slot === slot && one.generation === generation))
      this.onLost?.();
  }
}
