// Units of a rate or a sliding window, by the grants that they came with: what is not spent goes back to the newest first.
// All of them end with the oldest, so whichever was spent, it was spent within the life of every grant that is left.

interface ShortGrant {
  readonly stamp: number;
  readonly units: number;
}

export class ShortGrants {
  #grants: ShortGrant[] = [];

  add(stamp: number, units: number): void {
    this.#grants.push({ stamp, units });
  }

  /** To which grants so many units go back. Begins anew. */
  takeBack(units: number): ShortGrant[] {
    let open = units;
    return this.#grants
      .splice(0)
      .toReversed()
      .map(({ stamp, units: most }) => {
        const unspent = Math.min(open, most);
        open -= unspent;
        return { stamp, units: unspent };
      });
  }
}
