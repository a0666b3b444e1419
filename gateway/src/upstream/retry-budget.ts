// How many requests to an upstream may be repetitions: a fifth of those under way, and three a second beside, so that
// little traffic is helped too. Without it, every client's retry would multiply the load that an upstream fails under.
// Each thread of a gateway keeps a budget of its own.
const shareOfActive = 0.2;
const perSecond = 3;

export class RetryBudget {
  #active = 0;
  #repeating = 0;
  #spare = perSecond;
  #refilledAt = 0;

  /** A request begins. */
  begin(): void {
    this.#active += 1;
  }

  end(): void {
    this.#active -= 1;
  }

  /** @param nowMs of a monotonic clock. True: a repetition may begin; `giveBack` when it has ended. */
  take(nowMs: number): boolean {
    this.#spare = Math.min(perSecond, this.#spare + ((nowMs - this.#refilledAt) / 1000) * perSecond);
    this.#refilledAt = nowMs;
    if (this.#repeating + 1 > this.#active * shareOfActive) {
      if (this.#spare < 1) return false;
      this.#spare -= 1;
    }
    this.#repeating += 1;
    return true;
  }

  giveBack(): void {
    this.#repeating -= 1;
  }
}
