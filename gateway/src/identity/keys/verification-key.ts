// A key that signatures are checked with. It serves only algorithms of its own kind (RFC 8725, section 3.1): an RSA key
// never becomes the secret of an HMAC, whatever a token's header says. What a key set says about a key (`alg`, `use`,
// `key_ops`) is kept to; private parts and keys too short to trust are not taken.
import { createPublicKey } from 'node:crypto';
import type { SigningAlgorithm } from '@sluice/engine';
import { importJWK } from 'jose';
import type { CryptoKey, JWK } from 'jose';

/** NIST SP 800-131A: shorter RSA keys can be broken. Longer ones than this make each signature dear. */
const leastRsaBytes = 256;
const mostRsaBytes = 1024;
const mostExponentBytes = 8;
const longestText = 2048;

interface Kind {
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'oct';
  readonly crv?: string;
}
const rsa: Kind = { kty: 'RSA' };
const secret: Kind = { kty: 'oct' };
const kinds: Readonly<Record<SigningAlgorithm, Kind>> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  HS256: secret,
  HS384: secret,
  HS512: secret,
};

export class VerificationKey {
  readonly #imported = new Map<SigningAlgorithm, Promise<CryptoKey | Uint8Array>>();

  private constructor(
    readonly kid: string | undefined,
    /** Public parts alone, or a secret. */
    private readonly jwk: JWK,
  ) {}

  /** Undefined: nothing that signatures can be checked with. `mayBeSecret`: of keys that the tenant wrote down, not fetched ones. */
  static ofJwk(
    jwk: Readonly<Record<string, unknown>>,
    kid: string | undefined,
    mayBeSecret: boolean,
  ): VerificationKey | undefined {
    const text = (name: string): string | undefined => {
      const value = jwk[name];
      return typeof value === 'string' && value.length <= longestText ? value : undefined;
    };
    const use = text('use');
    const operations = jwk['key_ops'];
    if (use !== undefined && use !== 'sig') return undefined;
    if (Array.isArray(operations) && !operations.includes('verify')) return undefined;
    const alg = text('alg');
    const kept = publicParts(jwk['kty'], text, mayBeSecret);
    if (kept === undefined) return undefined;
    return new VerificationKey(kid ?? text('kid'), alg === undefined ? kept : { ...kept, alg });
  }

  /** @param pem a public key (SPKI, PKCS #1) or a certificate, whose dates are not looked at. */
  static ofPem(pem: string, kid: string | undefined): VerificationKey | undefined {
    try {
      const jwk = createPublicKey(pem).export({ format: 'jwk' });
      return VerificationKey.ofJwk({ ...jwk }, kid, false);
    } catch {
      return undefined; // no key, or of a kind that no algorithm of ours uses
    }
  }

  /** All that it is, on one line. */
  get text(): string {
    return JSON.stringify([this.kid, this.jwk]);
  }

  fits(algorithm: SigningAlgorithm): boolean {
    const { kty, crv } = kinds[algorithm];
    if (this.jwk.kty !== kty || (crv !== undefined && this.jwk.crv !== crv)) return false;
    const { alg } = this.jwk;
    // RFC 9864 names Ed25519 by itself.
    return alg === undefined || alg === algorithm || (algorithm === 'EdDSA' && alg === 'Ed25519');
  }

  /** Rejects when the key's numbers are no key. */
  async for(algorithm: SigningAlgorithm): Promise<CryptoKey | Uint8Array> {
    let key = this.#imported.get(algorithm);
    if (key === undefined) {
      key = importJWK({ ...this.jwk, alg: algorithm }, algorithm);
      this.#imported.set(algorithm, key);
    }
    return key;
  }
}

function publicParts(kty: unknown, text: (name: string) => string | undefined, mayBeSecret: boolean): JWK | undefined {
  const [n, e, crv, x, y, k] = ['n', 'e', 'crv', 'x', 'y', 'k'].map(text);
  if (kty === 'RSA' && n !== undefined && e !== undefined)
    return isUsableRsa(Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')) ? { kty, n, e } : undefined;
  if (kty === 'EC' && crv !== undefined && x !== undefined && y !== undefined) return { kty, crv, x, y };
  if (kty === 'OKP' && crv !== undefined && x !== undefined) return { kty, crv, x };
  if (kty === 'oct' && mayBeSecret && k !== undefined) return { kty, k };
  return undefined;
}

function isUsableRsa(modulus: Buffer, exponent: Buffer): boolean {
  return modulus.length >= leastRsaBytes && modulus.length <= mostRsaBytes && exponent.length <= mostExponentBytes;
}
