// What Redis must still hear of one limit: units given back and units admitted without it, each with the period, bucket or
// grant that they belong to. An operation carries one such stamp, the oldest first.
//
// An outage may last for any number of periods. What was charged to more than the last hundred of them is told as of a time
// before all periods, where Redis counts the whole of it as overshoot (lua-period.ts): of each period apart, a long outage of
// short windows would fill this process's memory, and then hold Redis up, which reads all that it has not judged yet with
// each operation on the limit.

export interface OwedUnits {
  readonly stamp: number;
  readonly returned: number;
  readonly charged: number;
}

const mostStamps = 100;
/** Before all periods. */
const longAgo = 0;

export class Owed {
  readonly #byStamp = new Map<number, { returned: number; charged: number }>();

  get isAny(): boolean {
    return this.#byStamp.size > 0;
  }

  give(stamp: number, units: number): void {
    if (units > 0) this.#at(stamp).returned += units;
  }

  charge(stamp: number, units: number): void {
    if (units <= 0) return;
    this.#at(stamp).charged += units;
    if (this.#byStamp.size > mostStamps) this.#foldOldest();
  }

  owe({ stamp, returned, charged }: OwedUnits): void {
    this.give(stamp, returned);
    this.charge(stamp, charged);
  }

  /** The oldest of it; without any, nothing at `stamp`. */
  take(stamp: number): OwedUnits {
    for (const [at, units] of this.#byStamp) {
      this.#byStamp.delete(at);
      return { stamp: at, ...units };
    }
    return { stamp, returned: 0, charged: 0 };
  }

  #foldOldest(): void {
    for (const [stamp, { returned, charged }] of this.#byStamp) {
      if (returned > 0 || stamp === longAgo) continue;
      this.#byStamp.delete(stamp);
      this.#at(longAgo).charged += charged;
      return;
    }
  }

  #at(stamp: number): { returned: number; charged: number } {
    let units = this.#byStamp.get(stamp);
    if (units === undefined) this.#byStamp.set(stamp, (units = { returned: 0, charged: 0 }));
    return units;
  }
}
