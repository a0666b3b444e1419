// For tests: registers gateways, as gateways do, and keeps what each was given.
import { generateKeyPairSync } from 'node:crypto';
import { gatewayIdentitySchema, gatewayPublicKeySchema, type GatewayPublicKey } from '@sluice/contracts';

const tokens = new Map<string, Promise<string>>();

/** The identity of a gateway of this control plane: the same at each call. */
export async function identityOf(url: string, registrationToken: string, gatewayId: string): Promise<string> {
  const name = `${gatewayId} at ${url} by ${registrationToken}`;
  const known = tokens.get(name) ?? register(url, registrationToken, gatewayId);
  tokens.set(name, known);
  return known;
}

/** As what the gateway does when it is not known any more. */
export async function identityAnew(url: string, registrationToken: string, gatewayId: string): Promise<string> {
  tokens.delete(`${gatewayId} at ${url} by ${registrationToken}`);
  return identityOf(url, registrationToken, gatewayId);
}

export function newPublicKey(): GatewayPublicKey {
  return gatewayPublicKeySchema.parse(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }));
}

async function register(url: string, registrationToken: string, gatewayId: string): Promise<string> {
  const res = await fetch(`${url}/v1/fleet/gateways`, {
    method: 'POST',
    headers: { authorization: `Bearer ${registrationToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ gatewayId, bootId: `boot-of-${gatewayId}`, version: '0.1.0', publicKey: newPublicKey() }),
  });
  if (res.status !== 200)
    throw new Error(`the registration of ${gatewayId} was answered ${res.status} ${await res.text()}`);
  return gatewayIdentitySchema.parse(await res.json()).token;
}
