// The credentials of a gateway, as its main thread keeps them: the newest of each, in memory that its threads read. A
// revocation is in force in the moment in which it is written.
import type { CredentialFact } from '@sluice/engine';
import { readItem } from './credential-reader.js';
import type { Key, SharedCredentials } from './layout.js';
import {
  at,
  empty,
  firstItem,
  gone,
  hasKey,
  isDeadFlag,
  isRevokedFlag,
  laneShift,
  newKey,
  newSeeds,
  placeOf,
  setEnvironment,
  setHash,
} from './layout.js';

export interface StoredCredential extends CredentialFact {
  readonly environmentId: string;
  /** Of the whole key: SHA-256 in hex. */
  readonly hash: string;
  /** Of the change that brought it. */
  readonly position: number;
  readonly lane: 1 | 2 | 3;
}

interface Room {
  /** Of the index: a power of two. */
  readonly places: number;
  readonly words: number;
}

const leastRoom: Room = { places: 1024, words: 32 * 1024 };
// Memory that nothing was written to costs nothing.
const roomFor = (items: number, words: number): Room => ({
  places: 2 ** Math.ceil(Math.log2(Math.max(leastRoom.places, 4 * items))),
  words: Math.max(leastRoom.words, 2 * words),
});

export class CredentialTable {
  readonly shared: SharedCredentials;
  readonly #index: Int32Array;
  readonly #heap: Int32Array;
  readonly #doubles: Float64Array;
  readonly #bytes: Buffer;
  readonly #key = newKey();
  /** That the key's first words are of. */
  #environmentId: string | undefined;
  #end = firstItem;
  /** Places of the index that are not empty. */
  #used = 0;
  #live = 0;
  #liveWords = 0;

  private constructor({ places, words }: Room) {
    const index = new SharedArrayBuffer(4 * places);
    const heap = new SharedArrayBuffer(8 * Math.ceil(words / 2));
    this.shared = { index, heap, seeds: newSeeds() };
    this.#index = new Int32Array(index);
    this.#heap = new Int32Array(heap);
    this.#doubles = new Float64Array(heap);
    this.#bytes = Buffer.from(heap);
  }

  static create(room = leastRoom): CredentialTable {
    return new CredentialTable(room);
  }

  get size(): number {
    return this.#live;
  }

  /** One with room for as much again; what is dead stays behind. This one is to be written to no more. */
  grown(): CredentialTable {
    const larger = new CredentialTable(roomFor(this.#live, this.#liveWords));
    for (const item of this.#items()) larger.#takeOver(this.#heap.subarray(item, item + this.#wordsOf(item)));
    return larger;
  }

  /** False: there is no room, and nothing has changed. */
  set(credential: StoredCredential): boolean {
    const { environmentId, hash, isRevoked, position, lane, id, subscriptionId, expiresAt, scopes } = credential;
    this.#setKey(environmentId, hash);
    const rest = expiresAt === undefined && scopes === undefined ? '' : JSON.stringify({ expiresAt, scopes });
    const texts = `${id}${subscriptionId}${rest}`;
    const words = evenly(at.texts + Math.ceil(Buffer.byteLength(texts) / 4));
    if (this.#end + words > this.#heap.length || 2 * this.#used >= this.#index.length) return false;
    const item = this.#end;
    const heap = this.#heap;
    heap[item + at.words] = words;
    heap[item + at.flags] = (isRevoked ? isRevokedFlag : 0) | (lane << laneShift);
    heap.set(this.#key, item + at.key);
    this.#doubles[(item + at.position) / 2] = position;
    heap[item + at.idBytes] = Buffer.byteLength(id);
    heap[item + at.subscriptionBytes] = Buffer.byteLength(subscriptionId);
    heap[item + at.restBytes] = Buffer.byteLength(rest);
    this.#bytes.write(texts, 4 * (item + at.texts));
    this.#publish(item, words);
    return true;
  }

  /** In force at once, everywhere. Needs no room; false: it is not known. */
  revoke(environmentId: string, hash: string): boolean {
    this.#setKey(environmentId, hash);
    const item = this.#index[this.#placeOf(this.#key)] ?? empty;
    if (item <= 0) return false;
    Atomics.or(this.#heap, item + at.flags, isRevokedFlag);
    return true;
  }

  /** All of an environment are gone. */
  removeEnvironment(environmentId: string): void {
    const removed = newKey();
    setEnvironment(removed, environmentId);
    const [first, second] = removed;
    for (const item of this.#items()) {
      if (this.#heap[item + at.key] !== first || this.#heap[item + at.key + 1] !== second) continue;
      const place = this.#placeOf(this.#heap.subarray(item + at.key, item + at.key + this.#key.length));
      Atomics.store(this.#index, place, gone);
      this.#bury(item);
    }
  }

  /**
   * All, the oldest change first. What is set while they are read may come as it was, as it is, or both, in this order.
   * @param environmentOf the id that belongs to the first two words of a key; undefined: it is left out
   */
  *values(environmentOf: (first: number, second: number) => string | undefined): Generator<StoredCredential> {
    for (const item of this.#items()) {
      const environmentId = environmentOf(this.#heap[item + at.key] ?? 0, this.#heap[item + at.key + 1] ?? 0);
      if (environmentId === undefined) continue;
      const flags = this.#heap[item + at.flags] ?? 0;
      const hashFrom = 4 * (item + at.key + 2);
      yield {
        ...readItem(this.#heap, this.#bytes, item),
        environmentId,
        hash: this.#bytes.toString('hex', hashFrom, hashFrom + 32),
        isRevoked: (flags & isRevokedFlag) !== 0,
        position: this.#doubles[(item + at.position) / 2] ?? 0,
        lane: laneOf(flags >> laneShift),
      };
    }
  }

  *#items(): Generator<number> {
    for (let item = firstItem; item < this.#end; item += this.#wordsOf(item))
      if (((this.#heap[item + at.flags] ?? 0) & isDeadFlag) === 0) yield item;
  }

  #wordsOf(item: number): number {
    return this.#heap[item + at.words] ?? 0;
  }

  #setKey(environmentId: string, hash: string): void {
    if (this.#environmentId !== environmentId) setEnvironment(this.#key, environmentId);
    this.#environmentId = environmentId;
    setHash(this.#key, Buffer.from(hash, 'hex'));
  }

  #takeOver(words: Int32Array): void {
    this.#heap.set(words, this.#end);
    this.#key.set(words.subarray(at.key, at.key + this.#key.length));
    this.#environmentId = undefined;
    this.#publish(this.#end, words.length);
  }

  /** The item at the end, with the key that `#key` holds, takes the place of the one before. */
  #publish(item: number, words: number): void {
    const place = this.#placeOf(this.#key);
    const former = this.#index[place] ?? empty;
    if (former === empty) this.#used += 1;
    this.#end += words;
    this.#live += 1;
    this.#liveWords += words;
    Atomics.store(this.#index, place, item);
    if (former > 0) this.#bury(former);
  }

  #bury(item: number): void {
    Atomics.or(this.#heap, item + at.flags, isDeadFlag);
    this.#live -= 1;
    this.#liveWords -= this.#wordsOf(item);
  }

  /** Where it lies, or else where it may be put. */
  #placeOf(key: Key): number {
    const last = this.#index.length - 1;
    for (let place = placeOf(key, this.shared.seeds, this.#index.length); ; place = (place + 1) & last) {
      const item = this.#index[place] ?? empty;
      if (item === empty || (item > 0 && hasKey(this.#heap, item, key))) return place;
    }
  }
}

const evenly = (words: number): number => words + (words % 2);

const laneOf = (value: number): 1 | 2 | 3 => (value === 1 || value === 2 ? value : 3);
