// A thread's view of the credentials in shared memory. Facts that were asked for are kept, as long as they are few.
import { hash } from 'node:crypto';
import type { CredentialFact } from '@sluice/engine';
import type { Key, SharedCredentials } from './layout.js';
import { at, empty, hasKey, isRevokedFlag, placeOf, setHash } from './layout.js';

const mostKept = 10_000;

export class CredentialReader {
  readonly #index: Int32Array;
  readonly #heap: Int32Array;
  readonly #bytes: Buffer;
  readonly #seeds: Int32Array;
  /** By the item. Nothing but its flags ever changes. */
  readonly #facts = new Map<number, CredentialFact>();

  constructor({ index, heap, seeds }: SharedCredentials) {
    this.#index = new Int32Array(index);
    this.#heap = new Int32Array(heap);
    this.#bytes = Buffer.from(heap);
    this.#seeds = seeds;
  }

  /** @param key of the environment; its hash is set anew. @param presented what the caller showed. */
  find(key: Key, presented: string): CredentialFact | undefined {
    setHash(key, hash('sha256', presented, 'buffer'));
    const index = this.#index;
    const last = index.length - 1;
    for (let place = placeOf(key, this.#seeds, index.length); ; place = (place + 1) & last) {
      const item = Atomics.load(index, place);
      if (item === empty) return undefined;
      if (item > 0 && hasKey(this.#heap, item, key)) return this.#factOf(item);
    }
  }

  #factOf(item: number): CredentialFact {
    const isRevoked = (Atomics.load(this.#heap, item + at.flags) & isRevokedFlag) !== 0;
    const known = this.#facts.get(item);
    if (known !== undefined && known.isRevoked === isRevoked) return known;
    const fact = { ...readItem(this.#heap, this.#bytes, item), isRevoked };
    if (this.#facts.size >= mostKept) this.#facts.clear();
    this.#facts.set(item, fact);
    return fact;
  }
}

/** What an item's texts say. */
export function readItem(heap: Int32Array, bytes: Buffer, item: number): Omit<CredentialFact, 'isRevoked'> {
  let from = 4 * (item + at.texts);
  const text = (length: number): string => bytes.toString('utf8', from, (from += length));
  const id = text(heap[item + at.idBytes] ?? 0);
  const subscriptionId = text(heap[item + at.subscriptionBytes] ?? 0);
  const rest = text(heap[item + at.restBytes] ?? 0);
  if (rest === '') return { id, subscriptionId };
  return { id, subscriptionId, ...(JSON.parse(rest) as Pick<CredentialFact, 'expiresAt' | 'scopes'>) };
}
