// Keys of APIs and tokens of the control API: a prefix that says what it is, `_`, 40 hex digits of randomness (160 bits), `_`,
// and a checksum of 8 hex digits, by which one that was cut off or mistyped is told from one that is unknown without asking
// a database. Only the SHA-256 of the whole is kept: with 160 random bits there is nothing to guess, so a slow hash would
// buy nothing and cost every request.
import { createHash, randomBytes } from 'node:crypto';

/** Of API keys, personal tokens and the tokens of service accounts: what a caller comes with. */
export type KeyPrefix = 'slc' | 'slp' | 'sls';

export interface NewKey {
  /** The whole key: shown once, never stored, never logged. */
  readonly key: string;
  readonly hash: string;
  readonly hint: string;
}

export function newApiKey(random?: Buffer): NewKey {
  return newKey('slc', random);
}

/** @param prefix `slf`: a registration token of gateways, which is none of the caller's. */
export function newKey(prefix: KeyPrefix | 'slf', random: Buffer = randomBytes(20)): NewKey {
  const secret = random.toString('hex');
  const key = `${prefix}_${secret}_${checksumOf(secret)}`;
  return { key, hash: hashOfKey(key), hint: `${prefix}_…${key.slice(-4)}` };
}

/** The prefix of a key that is whole, or undefined. Nothing of it is secret: the checksum proves only that it was not damaged. */
export function prefixOf(key: string): KeyPrefix | undefined {
  const [, prefix, secret = '', checksum] = /^(slc|slp|sls)_([0-9a-f]{40})_([0-9a-f]{8})$/.exec(key) ?? [];
  return checksum === checksumOf(secret) ? (prefix as KeyPrefix | undefined) : undefined;
}

export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function checksumOf(secret: string): string {
  return createHash('sha256').update(`sluice key ${secret}`).digest('hex').slice(0, 8);
}
