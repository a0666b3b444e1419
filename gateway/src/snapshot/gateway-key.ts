// The key pair that this gateway proves itself with, kept in its data folder (0600), so that it is the same gateway after a
// restart without its registration token. Two generations that start at once end with one key.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayPublicKey } from '@sluice/contracts';
import { gatewayPublicKeySchema } from '@sluice/contracts';

export interface GatewayKey {
  readonly privateKey: KeyObject;
  readonly publicKey: GatewayPublicKey;
}

/** Makes it where there is none, or none that can be read. */
export async function gatewayKeyIn(directory: string): Promise<GatewayKey> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'gateway.key');
  const known = await readKey(file);
  if (known !== undefined) return known;
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
  const temporary = `${file}.${process.pid}.new`;
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(pem);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  // Whichever was renamed last is the one that lasts.
  return (await readKey(file)) ?? keyOf(pem);
}

async function readKey(file: string): Promise<GatewayKey | undefined> {
  let pem: Buffer;
  try {
    pem = await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error; // it may be there and good
  }
  try {
    return keyOf(pem);
  } catch {
    return undefined; // it is damaged: the gateway registers anew
  }
}

function keyOf(pem: string | Buffer): GatewayKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = gatewayPublicKeySchema.parse(createPublicKey(privateKey).export({ format: 'jwk' }));
  return { privateKey, publicKey };
}
