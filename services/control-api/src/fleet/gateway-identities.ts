// Short-lived identities of gateways: tokens signed with EdDSA, by a key that every control-api derives from AUTH_SECRET. A new
// secret makes all of them void at once, and costs nothing but a renewal: a gateway gets its next one by its own key, whose
// public half the database has. Each use looks at the gateway's row, so that a revoked gateway is cut off at once.
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { gatewayIdSchema, gatewayPublicKeySchema, proofAudience, type GatewayIdentity } from '@sluice/contracts';
import type { Database, Gateway } from '@sluice/prisma';
import { decodeJwt, errors, importJWK, jwtVerify, SignJWT } from 'jose';
import type { Config } from '../config.js';
import { configToken, databaseToken } from '../tokens.js';

const issuer = 'sluice-control-api';
const audience = 'sluice-fleet';
const algorithm = 'EdDSA';
const lifeMs = 900_000;
const clockToleranceS = 60;
/** A proof is made for the request that it comes with. */
const maxProofAgeS = 300;
/** What DER says before the 32 bytes of a private key for Ed25519 (RFC 8410, section 7). */
const derOfEd25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface KnownGateway {
  readonly fleetId: string;
  readonly gatewayId: string;
  /** `x` of its public key. */
  readonly key: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

@Injectable()
export class GatewayIdentities {
  private readonly privateKey: KeyObject;
  private readonly publicKey: KeyObject;

  constructor(
    @Inject(configToken) config: Config,
    @Inject(databaseToken) private readonly database: Database,
  ) {
    const seed = Buffer.from(hkdfSync('sha256', config.auth.secret, '', 'sluice identities of gateways', 32));
    this.privateKey = createPrivateKey({ key: Buffer.concat([derOfEd25519, seed]), format: 'der', type: 'pkcs8' });
    this.publicKey = createPublicKey(this.privateKey);
  }

  /** @param key the `x` of its public key. */
  async issue(fleetId: string, gatewayId: string, key: string): Promise<GatewayIdentity> {
    const token = await new SignJWT({ fleet: fleetId, key })
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(gatewayId)
      .setIssuedAt()
      .setExpirationTime(new Date(Date.now() + lifeMs))
      .sign(this.privateKey);
    return { token, expiresInMs: lifeMs, fleetId };
  }

  /** Undefined: it is none, or has expired, or its gateway is not known by it any more. */
  async read(token: string): Promise<KnownGateway | 'revoked' | undefined> {
    const claims = await verified(token, this.publicKey, { issuer, audience });
    if (claims === undefined) return undefined;
    const { sub, fleet, key, exp } = claims;
    if (sub === undefined || typeof fleet !== 'string' || typeof key !== 'string' || exp === undefined)
      return undefined;
    const known = { fleetId: fleet, gatewayId: sub, key, expiresAt: exp * 1000 };
    const row = await this.find(fleet, sub);
    if (row?.revokedAt instanceof Date) return 'revoked';
    return row !== null && keyOf(row) === key ? known : undefined;
  }

  /** Whether one that was read before still counts: a stream goes on for longer than the request that it began with. */
  async isStillValid({ fleetId, gatewayId, key, expiresAt }: KnownGateway): Promise<boolean> {
    if (Date.now() >= expiresAt) return false;
    const row = await this.find(fleetId, gatewayId);
    return row !== null && row.revokedAt === null && keyOf(row) === key;
  }

  /** The gateway that has signed the proof, also one that was revoked; undefined: it proves nothing. */
  async proven(proof: string): Promise<Gateway | undefined> {
    const { sub, key } = decoded(proof);
    const id = gatewayIdSchema.safeParse(sub).data;
    if (id === undefined || typeof key !== 'string') return undefined;
    const row = await this.findByKey(id, key);
    const publicKey = gatewayPublicKeySchema.safeParse(row?.publicKey).data;
    if (row === null || publicKey === undefined) return undefined;
    const claims = await verified(proof, await importJWK(publicKey, algorithm), {
      audience: proofAudience,
      maxTokenAge: maxProofAgeS,
    });
    return claims === undefined ? undefined : row;
  }

  /** No two gateways have one key, whichever their fleets. */
  private async findByKey(id: string, key: string): Promise<Gateway | null> {
    return this.database.inNone(async (tx) => {
      const fleets = await tx.fleet.findMany({ select: { id: true } });
      const rows = await tx.gateway.findMany({ where: { id, fleetId: { in: fleets.map((fleet) => fleet.id) } } });
      return rows.find((row) => keyOf(row) === key) ?? null;
    });
  }

  private async find(fleetId: string, id: string): Promise<Gateway | null> {
    return this.database.inNone((tx) => tx.gateway.findUnique({ where: { fleetId_id: { fleetId, id } } }));
  }
}

/** The `x` of its public key. */
export function keyOf({ publicKey }: Gateway): string | undefined {
  return gatewayPublicKeySchema.safeParse(publicKey).data?.x;
}

async function verified(
  token: string,
  key: Parameters<typeof jwtVerify>[1],
  wanted: { issuer?: string; audience: string; maxTokenAge?: number },
) {
  try {
    const options = { ...wanted, algorithms: [algorithm], clockTolerance: clockToleranceS };
    return (await jwtVerify(token, key, options)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** What it says, by whomever, and of whatever kind. */
function decoded(token: string): { sub?: unknown; key?: unknown } {
  try {
    return decodeJwt<{ key?: unknown }>(token);
  } catch {
    return {}; // no JWT
  }
}
