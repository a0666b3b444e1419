// The keys that a document writes out, each with the algorithms it is made for. A public key never verifies HMAC, and a
// secret nothing else: that is what "HS/RS confusion" would need.
import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import type { SigningAlgorithm, StaticKey } from '../../questions.js';
import type { KeySettings } from './schema.js';

export type CompiledKey =
  | { readonly ok: true; readonly key: StaticKey; readonly algorithms: readonly SigningAlgorithm[] }
  | { readonly ok: false; readonly at: keyof KeySettings; readonly detail: string; readonly fix: string };

const leastRsaBits = 2048;
// What verifying one signature costs grows with the square.
const mostRsaBits = 8192;

export function compileKey({ kid, pem, jwk, secret, encoding }: KeySettings): CompiledKey {
  if (secret !== undefined) return compileSecret(kid, secret, encoding ?? 'text');
  if (jwk?.['kty'] === 'oct') return compileOct(kid, jwk);
  const at = pem === undefined ? 'jwk' : 'pem';
  if (pem?.includes('PRIVATE KEY') === true || Object.hasOwn(jwk ?? {}, 'd'))
    return {
      ok: false,
      at,
      detail: 'this is a private key',
      fix: 'write the public key, and replace the pair: it was seen',
    };
  const key = publicKeyOf(pem, jwk);
  if (key === undefined)
    return {
      ok: false,
      at,
      detail: 'this is no public key',
      fix: `write a public key as ${at === 'pem' ? 'PEM' : 'JWK'}`,
    };
  const bits = key.asymmetricKeyDetails?.modulusLength ?? leastRsaBits;
  if (bits < leastRsaBits || bits > mostRsaBits)
    return {
      ok: false,
      at,
      detail: `the RSA key is too ${bits < leastRsaBits ? 'short' : 'long'}`,
      fix: `use one of ${leastRsaBits} to ${mostRsaBits} bits`,
    };
  const algorithms = algorithmsOf(key).filter((one) => jwk?.['alg'] === undefined || jwk['alg'] === one);
  if (algorithms.length === 0)
    return {
      ok: false,
      at,
      detail: 'keys of this kind verify no algorithm that is known here',
      fix: 'use an RSA key, an EC key on P-256, P-384 or P-521, or an Ed25519 key',
    };
  return { ok: true, key: { kid: kid ?? kidOf(jwk), jwk: { ...key.export({ format: 'jwk' }) } }, algorithms };
}

type StaticJwk = Readonly<Record<string, unknown>>;

// RFC 7518, section 3.2: a secret is at least as long as the hash.
const leastSecretBytes = { HS256: 32, HS384: 48, HS512: 64 } as const;

function compileSecret(kid: string | undefined, secret: string, encoding: 'text' | 'base64url'): CompiledKey {
  if (secret.includes('-----BEGIN'))
    return { ok: false, at: 'secret', detail: 'this is a key in PEM, not a secret', fix: 'write it as pem' };
  const bytes = Buffer.from(secret, encoding === 'text' ? 'utf8' : 'base64url');
  if (encoding === 'base64url' && bytes.toString('base64url') !== secret)
    return { ok: false, at: 'secret', detail: 'this is not base64url', fix: 'write base64url without padding' };
  return secretOf(kid, bytes, 'secret');
}

function compileOct(kid: string | undefined, jwk: StaticJwk): CompiledKey {
  const { k } = jwk;
  const bytes = Buffer.from(typeof k === 'string' ? k : '', 'base64url');
  return secretOf(kid ?? kidOf(jwk), bytes, 'jwk');
}

function secretOf(kid: string | undefined, bytes: Buffer, at: 'secret' | 'jwk'): CompiledKey {
  const algorithms = (Object.keys(leastSecretBytes) as (keyof typeof leastSecretBytes)[]).filter(
    (algorithm) => bytes.length >= leastSecretBytes[algorithm],
  );
  if (algorithms.length === 0)
    return { ok: false, at, detail: 'the secret is too short to sign with', fix: 'use 32 random bytes or more' };
  return { ok: true, key: { kid, jwk: { kty: 'oct', k: bytes.toString('base64url') } }, algorithms };
}

function kidOf(jwk: StaticJwk | undefined): string | undefined {
  return typeof jwk?.['kid'] === 'string' ? jwk['kid'] : undefined;
}

function publicKeyOf(pem: string | undefined, jwk: StaticJwk | undefined): KeyObject | undefined {
  try {
    return pem === undefined ? createPublicKey({ key: { ...jwk }, format: 'jwk' }) : createPublicKey(pem);
  } catch {
    return undefined;
  }
}

const ofCurve: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

function algorithmsOf(key: KeyObject): readonly SigningAlgorithm[] {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
    case 'ec':
      return [ofCurve[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? []].flat();
    case 'ed25519':
      return ['EdDSA'];
    default:
      return [];
  }
}
