// What is to arrive at the control plane, one item for each environment: the newest. It is sent again until it arrives. An
// item that is refused for what it says is found by halving its batch, and dropped: it would be refused for ever.
export type Outcome = 'taken' | 'refused' | 'later';

export interface OutboxOptions<Item> {
  readonly mostAtOnce: number;
  readonly send: (items: readonly Item[]) => Promise<Outcome>;
  readonly onDropped: (item: Item) => void;
}

const retryMs = 1000;

export class Outbox<Item extends { readonly environmentId: string }> {
  readonly #items = new Map<string, Item>();
  #isSending = false;
  #isStopped = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(private readonly options: OutboxOptions<Item>) {}

  add(items: readonly Item[]): void {
    for (const item of items) this.#items.set(item.environmentId, item);
    void this.#sendAll(); // it never rejects
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending || this.#isStopped) return;
    this.#isSending = true;
    clearTimeout(this.#retry);
    while (this.#items.size > 0) {
      const items = [...this.#items.values()].slice(0, this.options.mostAtOnce);
      if (!(await this.#deliver(items))) break;
    }
    this.#isSending = false;
    if (this.#items.size > 0 && !this.#isStopped) this.#retry = setTimeout(() => void this.#sendAll(), retryMs);
  }

  /** False: the rest is to be sent later. */
  async #deliver(items: readonly Item[]): Promise<boolean> {
    const outcome = await this.options.send(items);
    if (outcome === 'later' || this.#isStopped) return false;
    if (outcome === 'refused' && items.length > 1) {
      const half = Math.ceil(items.length / 2);
      return (await this.#deliver(items.slice(0, half))) && (await this.#deliver(items.slice(half)));
    }
    const [first] = items;
    if (outcome === 'refused' && first !== undefined) this.options.onDropped(first);
    for (const item of items) if (this.#items.get(item.environmentId) === item) this.#items.delete(item.environmentId);
    return true;
  }
}
