// Where the limits that a thread has asked for lie in the shared table. A request looks at each of its limits twice, in the
// same order (peek, then spend): the last few answers are kept by identity, which saves the second look into the map.
import { saysTheSame, type LimitRef, type SlotPlace } from './limit-ref.js';
import type { SlotTable } from './slot-table.js';

interface Known {
  readonly place: SlotPlace;
  ref: LimitRef;
}

const recentCount = 8;

export class Places {
  readonly #byKey = new Map<string, Known>();
  readonly #recent: (Known | undefined)[] = Array.from({ length: recentCount }, () => undefined);
  #next = 0;
  readonly #table: SlotTable;

  constructor(table: SlotTable) {
    this.#table = table;
  }

  /** Undefined: the broker must be asked, because it was not yet, because the slot is another's now, or because the limit says something new. */
  of(limit: LimitRef): SlotPlace | undefined {
    for (let index = 0; index < recentCount; index += 1) {
      const known = this.#recent[index];
      if (known?.ref === limit) return this.#valid(known);
    }
    const known = this.#byKey.get(limit.key);
    if (known === undefined) return undefined;
    if (known.ref !== limit) {
      // An older revision goes on with what is held by the rules of the newer one; another count does not.
      if (!saysTheSame(known.ref, limit)) return undefined;
      known.ref = limit;
    }
    this.#recent[this.#next] = known;
    this.#next = (this.#next + 1) % recentCount;
    return this.#valid(known);
  }

  set(limit: LimitRef, place: SlotPlace): void {
    // A place whose slot has been given to another limit is forgotten, so the map never outgrows the table for long.
    if (this.#byKey.size >= 2 * this.#table.slots) {
      for (const [key, known] of this.#byKey) if (this.#valid(known) === undefined) this.#byKey.delete(key);
    }
    this.#recent.fill(undefined);
    this.#byKey.set(limit.key, { place: { slot: place.slot, generation: place.generation }, ref: limit });
  }

  #valid(known: Known): SlotPlace | undefined {
    return this.#table.generation(known.place.slot) === known.place.generation ? known.place : undefined;
  }
}
