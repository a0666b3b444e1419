// The key that this gateway signs its word for upstreams with: given by the operator (then all gateways sign with the
// same), or made anew at each start. Upstreams read its public half as a key set on the ops port.
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';

export interface SigningKey {
  readonly algorithm: 'EdDSA' | 'ES256';
  readonly kid: string;
  /** Plain data, for the threads. */
  readonly privateJwk: JWK;
  /** Of RFC 7517: the public half alone. */
  readonly jwks: { readonly keys: readonly JWK[] };
}

/** Whether a text is a private JWK for Ed25519 or P-256. */
export function isSigningKey(text: string): boolean {
  return read(text) !== undefined;
}

/** @param given a private JWK, as text, that passed `isSigningKey`; undefined: a new key is made. */
export async function signingKeyOf(given: string | undefined): Promise<SigningKey> {
  const privateJwk = given === undefined ? await newKey() : read(given);
  const algorithm = algorithmOf(privateJwk);
  if (privateJwk === undefined || algorithm === undefined)
    throw new Error('the signing key is no private JWK for Ed25519 or P-256');
  const publicJwk = createPublicKey(privateKeyOf(privateJwk)).export({ format: 'jwk' }) as JWK;
  const kid = privateJwk.kid ?? (await calculateJwkThumbprint(publicJwk));
  return { algorithm, kid, privateJwk, jwks: { keys: [{ ...publicJwk, kid, alg: algorithm, use: 'sig' }] } };
}

export function privateKeyOf(jwk: JWK): KeyObject {
  return createPrivateKey({ key: { ...jwk }, format: 'jwk' });
}

async function newKey(): Promise<JWK> {
  return exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey);
}

function algorithmOf(jwk: JWK | undefined): SigningKey['algorithm'] | undefined {
  if (jwk?.kty === 'OKP' && jwk.crv === 'Ed25519') return 'EdDSA';
  return jwk?.kty === 'EC' && jwk.crv === 'P-256' ? 'ES256' : undefined;
}

function read(text: string): JWK | undefined {
  try {
    const jwk = JSON.parse(text) as JWK;
    const key = privateKeyOf(jwk);
    const algorithm = algorithmOf(jwk);
    if (algorithm === undefined) return undefined;
    sign(algorithm === 'EdDSA' ? null : 'sha256', Buffer.from('x'), key);
    return jwk;
  } catch {
    return undefined; // no JSON, no key, or not a private one
  }
}
