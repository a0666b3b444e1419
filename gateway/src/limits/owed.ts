// What Redis must still hear of one limit: units given back and units admitted without it, each with the period, bucket or
// grant that they belong to. An operation carries one such stamp, the oldest first.

export interface OwedUnits {
  readonly stamp: number;
  readonly returned: number;
  readonly charged: number;
}

export class Owed {
  readonly #byStamp = new Map<number, { returned: number; charged: number }>();

  get isAny(): boolean {
    return this.#byStamp.size > 0;
  }

  give(stamp: number, units: number): void {
    if (units > 0) this.#at(stamp).returned += units;
  }

  charge(stamp: number, units: number): void {
    if (units > 0) this.#at(stamp).charged += units;
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

  #at(stamp: number): { returned: number; charged: number } {
    let units = this.#byStamp.get(stamp);
    if (units === undefined) this.#byStamp.set(stamp, (units = { returned: 0, charged: 0 }));
    return units;
  }
}
