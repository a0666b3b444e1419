// Credentials that live for minutes, by their hash. Each addition drops those that have expired for a while, so that a gateway
// that runs for months keeps no more of them than were made within the hour. Until then they are answered as expired.
export const keptAfterExpiryMs = 3_600_000;

export class ShortLived<Item> {
  readonly #items = new Map<string, { readonly item: Item; readonly expiresAt: number }>();

  /** All live about equally long: the first that has not expired is about where the rest begins. */
  set(hash: string, item: Item, expiresAt: number, now: number): void {
    for (const [known, { expiresAt: end }] of this.#items) {
      if (end + keptAfterExpiryMs > now) break;
      this.#items.delete(known);
    }
    if (expiresAt + keptAfterExpiryMs > now) this.#items.set(hash, { item, expiresAt });
    else this.#items.delete(hash);
  }

  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  get(hash: string): Item | undefined {
    return this.#items.get(hash)?.item;
  }

  *values(): Generator<Item> {
    for (const { item } of this.#items.values()) yield item;
  }
}
