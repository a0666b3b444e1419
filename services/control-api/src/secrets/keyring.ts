// Seals the values of secrets before they go to the database, and opens what comes back: AES-256-GCM (NIST SP 800-38D), a fresh
// random nonce for each value, and the place of the secret authenticated with it, so that a row that was moved to another
// tenant, environment, name or version does not open. The first key seals; the others open what was sealed before.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Config } from '../config.js';
import { keyOfText } from './key-text.js';

/** Whose value it is. */
export interface SealedFor {
  readonly tenantId: string;
  readonly environmentId: string;
  readonly name: string;
  readonly version: number;
}

export interface Sealed {
  readonly keyId: string;
  /** Format, nonce, tag, then the value. */
  readonly sealed: Uint8Array<ArrayBuffer>;
}

const format = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + nonceBytes + tagBytes;

export class Keyring {
  /** By id, in the order of the configuration. */
  readonly #keys: ReadonlyMap<string, Buffer>;
  /** Of the key that seals. */
  readonly currentKeyId: string;

  constructor(keys: readonly Buffer[]) {
    this.#keys = new Map(keys.map((key) => [keyIdOf(key), key]));
    const [current] = this.#keys.keys();
    if (current === undefined) throw new Error('a keyring without a key');
    this.currentKeyId = current;
  }

  /** Of those that open what was sealed before. */
  get olderKeyIds(): string[] {
    return [...this.#keys.keys()].slice(1);
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  seal(place: SealedFor, value: string): Sealed {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key(this.currentKeyId), nonce).setAAD(boundTo(place));
    const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    const sealed = new Uint8Array(headBytes + text.length);
    sealed.set([format]);
    sealed.set(nonce, 1);
    sealed.set(cipher.getAuthTag(), 1 + nonceBytes);
    sealed.set(text, headBytes);
    return { keyId: this.currentKeyId, sealed };
  }

  /** Undefined: its key is not here, or it was damaged or moved. */
  open(
    place: SealedFor,
    { keyId, sealed }: { readonly keyId: string; readonly sealed: Uint8Array },
  ): string | undefined {
    if (!this.has(keyId) || sealed.length < headBytes || sealed[0] !== format) return undefined;
    const nonce = sealed.subarray(1, 1 + nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', this.#key(keyId), nonce)
      .setAAD(boundTo(place))
      .setAuthTag(sealed.subarray(1 + nonceBytes, headBytes));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()]).toString('utf8');
    } catch {
      return undefined; // the tag does not fit
    }
  }

  #key(keyId: string): Buffer {
    const key = this.#keys.get(keyId);
    if (key === undefined) throw new Error(`there is no key ${keyId}`);
    return key;
  }
}

const keyrings = new WeakMap<object, Keyring>();

/** The keys of SECRET_KEYS. */
export function keyringOf({ secrets }: Pick<Config, 'secrets'>): Keyring {
  const made = keyrings.get(secrets) ?? new Keyring(secrets.keys.flatMap((text) => keyOfText(text) ?? []));
  keyrings.set(secrets, made);
  return made;
}

/** Derived, so that it says which key without saying anything of it. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('sluice secret key id\0').update(key).digest('hex').slice(0, 16);
}

function boundTo({ tenantId, environmentId, name, version }: SealedFor): Buffer {
  return Buffer.from(JSON.stringify(['sluice secret', format, tenantId, environmentId, name, version]));
}
