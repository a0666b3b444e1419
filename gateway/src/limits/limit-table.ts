// Which limits this gateway holds, where, and in which partition. A slot that holds nothing is given to another limit when
// none is free; when every slot holds units or is waited for, a further limit finds no place.
//
// Limits with units in somebody's hands, or of which Redis must hear, are `active`: only they are tended at each tick, so
// that ten thousand limits at rest cost the main thread nothing (3 ms in each 100 before). Those at rest are looked at in
// turn, because a refund may have brought one of them units, or its period is over.
import { countKey, partitionOf } from '@sluice/engine';
import type { HeldLimit, HeldParts } from './held-limit.js';
import { HeldPeriod } from './held-period.js';
import { HeldShort } from './held-short.js';
import { HeldSlots } from './held-slots.js';
import { leaseKindOf } from './lease-terms.js';
import type { LimitRef } from './limit-ref.js';
import type { PartitionLeases } from './partition-leases.js';

const heldAs = { period: HeldPeriod, rate: HeldShort, sliding: HeldShort, slots: HeldSlots } as const;

export class LimitTable {
  readonly limits = new Map<string, HeldLimit>();
  readonly active = new Set<HeldLimit>();
  #turn: MapIterator<HeldLimit> | undefined;
  readonly #bySlot: (HeldLimit | undefined)[] = [];
  readonly #free: number[];
  readonly #parts: HeldParts;
  readonly #partitions: readonly PartitionLeases[];

  constructor(parts: HeldParts, partitions: readonly PartitionLeases[]) {
    this.#parts = parts;
    this.#partitions = partitions;
    const { slots } = parts.table;
    this.#free = Array.from({ length: slots }, (_, index) => slots - 1 - index);
  }

  leasesOf(limit: { readonly ref: LimitRef }): PartitionLeases {
    const leases = this.#partitions[partitionOf(limit.ref.key, this.#partitions.length)];
    if (leases === undefined) throw new Error('a limit belongs to a partition');
    return leases;
  }

  at(slot: number, generation: number): HeldLimit | undefined {
    const limit = this.#bySlot[slot];
    return limit?.generation === generation ? limit : undefined;
  }

  /** The limit, with a slot; undefined when the table is full. */
  hold(ref: LimitRef, nowMs: number): HeldLimit | undefined {
    const key = countKey(ref);
    const known = this.limits.get(key);
    if (known !== undefined) {
      known.refresh(ref, nowMs);
      this.active.add(known);
      return known;
    }
    if (this.#free.length === 0) this.#evict();
    const slot = this.#free.pop();
    if (slot === undefined) return undefined;
    const Held = heldAs[leaseKindOf(ref)];
    const limit = new Held(ref, slot, this.#parts, nowMs);
    this.limits.set(key, limit);
    this.active.add(limit);
    this.#bySlot[slot] = limit;
    this.leasesOf(limit).add(limit);
    return limit;
  }

  /** Some of those that are not active: all of them within so many calls. */
  someAtRest(calls: number): HeldLimit[] {
    const some: HeldLimit[] = [];
    for (let looked = Math.ceil(this.limits.size / calls); looked > 0; looked -= 1) {
      this.#turn ??= this.limits.values();
      const { done, value } = this.#turn.next();
      if (done === true) {
        this.#turn = undefined;
        break;
      }
      if (!this.active.has(value)) some.push(value);
    }
    return some;
  }

  isGivenBack(limit: HeldLimit): boolean {
    return limit.isEmpty() && this.leasesOf(limit).isIdle(limit);
  }

  forget(limit: HeldLimit): void {
    this.limits.delete(limit.key);
    this.active.delete(limit);
    this.leasesOf(limit).forget(limit);
    this.#bySlot[limit.slot] = undefined;
    this.#parts.table.assign(limit.slot);
    this.#free.push(limit.slot);
  }

  /** Makes room by forgetting a limit that holds nothing and that nobody waits for; looks at a few of the oldest. */
  #evict(): void {
    let looked = 0;
    for (const limit of this.limits.values()) {
      if (this.isGivenBack(limit)) {
        this.forget(limit);
        return;
      }
      // Moved to the end, so that the next call looks at others.
      this.limits.delete(limit.key);
      this.limits.set(limit.key, limit);
      if (++looked === 64) return;
    }
  }
}
