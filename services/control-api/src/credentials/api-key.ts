// API keys: `slc_`, 40 hex digits of randomness (160 bits), `_`, and a checksum of 8 hex digits, by which a key that was cut off
// or mistyped is told from one that is unknown without asking a database. Only the SHA-256 of the whole is kept: with
// 160 random bits there is nothing to guess, so a slow hash would buy nothing and cost every request.
import { createHash, randomBytes } from 'node:crypto';

export interface NewKey {
  /** The whole key: shown once, never stored, never logged. */
  readonly key: string;
  readonly hash: string;
  readonly hint: string;
}

export function newApiKey(random: Buffer = randomBytes(20)): NewKey {
  const secret = random.toString('hex');
  const key = `slc_${secret}_${checksumOf(secret)}`;
  return { key, hash: createHash('sha256').update(key).digest('hex'), hint: `slc_…${key.slice(-4)}` };
}

function checksumOf(secret: string): string {
  return createHash('sha256').update(`sluice key ${secret}`).digest('hex').slice(0, 8);
}
