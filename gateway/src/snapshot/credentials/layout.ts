// How credentials lie in shared memory: 100,000 keys cost their bytes once, whatever the number of threads, and no garbage
// collector sees them. One thread writes, the others read without locks.
//
// `heap` holds one item after another, in 32-bit words; an item is never moved and never written over, but for its flags.
// `index` is an open hash table with linear probing (Knuth, vol. 3, section 6.4) of where items begin. An item is written
// whole before its place is stored, and that store is atomic: a reader sees a credential as it was or as it is, never half.
import { createHash, randomFillSync } from 'node:crypto';

/** What threads are sent. */
export interface SharedCredentials {
  readonly index: SharedArrayBuffer;
  readonly heap: SharedArrayBuffer;
  /** Random: who imports hashes of their choice cannot choose where they lie. */
  readonly seeds: Int32Array;
}

export const hashWords = 8;
const environmentWords = 2;
const keyWords = environmentWords + hashWords;

/** Words of an item, from where it begins. Its texts follow: the id, the subscription's id, and the rest as JSON. */
export const at = {
  words: 0,
  flags: 1,
  key: 2,
  /** A double. */
  position: 12,
  idBytes: 14,
  subscriptionBytes: 15,
  restBytes: 16,
  texts: 18,
} as const;

export const isRevokedFlag = 1;
/** Another item has taken its place, or it is gone: only its memory is left. */
export const isDeadFlag = 2;
export const laneShift = 2;

/** In the index: nothing was ever here; what was here is gone. */
export const empty = 0;
export const gone = -1;
/** Nothing begins where `empty` would point to. */
export const firstItem = 2;

/** An environment and a hash, in words, to compare and to look up by. */
export type Key = Int32Array;

export const newKey = (): Key => new Int32Array(keyWords);

/** Of each half of a word, one for either sum. */
export const newSeeds = (): Int32Array => randomFillSync(new Int32Array(4 * keyWords));

/** An environment's part of its keys: of its id's hash. */
export function setEnvironment(key: Key, environmentId: string): void {
  const hashed = createHash('sha256').update(environmentId).digest();
  for (let word = 0; word < environmentWords; word += 1) key[word] = hashed.readInt32LE(4 * word);
}

/** @param hash 32 bytes */
export function setHash(key: Key, hash: Buffer): void {
  for (let word = 0; word < hashWords; word += 1) key[environmentWords + word] = hash.readInt32LE(4 * word);
}

/**
 * Where to begin looking: multilinear hashing with random seeds (Lemire and Kaser, "Strongly universal string hashing is
 * fast", 2014). Of a 32-bit sum over 16 bits at a time the upper half is good, whatever the key; two sums make a place.
 * @param length of the index: a power of two
 */
export function placeOf(key: Key, seeds: Int32Array, length: number): number {
  let one = 0;
  let other = 0;
  for (let word = 0; word < keyWords; word += 1) {
    const value = key[word] ?? 0;
    const low = value & 0xff_ff;
    const high = value >>> 16;
    const seed = 4 * word;
    one = (one + Math.imul(low, seeds[seed] ?? 0) + Math.imul(high, seeds[seed + 1] ?? 0)) | 0;
    other = (other + Math.imul(low, seeds[seed + 2] ?? 0) + Math.imul(high, seeds[seed + 3] ?? 0)) | 0;
  }
  return ((one >>> 16) | (other & 0xff_ff_00_00)) & (length - 1);
}

export function hasKey(heap: Int32Array, item: number, key: Key): boolean {
  for (let word = 0; word < keyWords; word += 1) if (heap[item + at.key + word] !== key[word]) return false;
  return true;
}
