// Looks for the record of a claim, and writes what that comes to: who asks for it and upkeep do the same. The DNS is asked outside
// of any transaction. A host that becomes held, or is given up, reaches the gateways with the transaction that says so.
import { Inject, Injectable } from '@nestjs/common';
import type { Database, HostClaim, Tx } from '@sluice/prisma';
import type { Config } from '../config.js';
import { announceIn } from '../publish/environment-changes.js';
import { configToken, databaseToken, proofResolverToken } from '../tokens.js';
import { lookAt } from './challenge.js';
import { afterLook, isHeldIn, type Look, type Standing } from './claim-states.js';
import { recordNameOf } from './host-name.js';
import { hostsRepository } from './hosts.repository.js';
import type { ProofResolver } from './proof-resolver.js';

interface Named {
  readonly tenantId: string;
  readonly id: string;
}

@Injectable()
export class HostChecks {
  constructor(
    @Inject(configToken) private readonly config: Config,
    @Inject(databaseToken) private readonly database: Database,
    @Inject(proofResolverToken) private readonly resolver: ProofResolver,
  ) {}

  /**
   * Null when the claim is gone.
   *
   * @param isAsked by somebody, whose asking stands in the audit log. Upkeep leaves an entry when something has changed.
   */
  async check({ tenantId, id }: Named, isAsked: boolean, now = new Date()): Promise<HostClaim | null> {
    const claim = await this.database.inTenant(tenantId, async (tx) => hostsRepository.findById(tenantId, tx, id));
    if (claim === null) return null;
    const look = await this.look(claim);
    const standing = afterLook(claim, claim.createdAt, look, now);
    if (!isAsked && standing.state === claim.state) {
      await this.database.inFleet(claim.fleetId, async (tx) =>
        hostsRepository.note(tx, claim.fleetId, claim, standing),
      );
      return claim;
    }
    try {
      return await this.write(claim, look, now);
    } catch (error) {
      if (!isTaken(error) || !look.found) throw error;
      return this.write(claim, { found: true, isHeld: true }, now);
    }
  }

  private async look({ host, challenge }: HostClaim): Promise<Look> {
    if (this.config.hosts.proof === 'none') return { found: true, isHeld: false };
    return lookAt(await this.resolver.txt(recordNameOf(host)), challenge);
  }

  // The environment's row is locked first, as publishing does: of two changes of its hosts, or a change and a publication, the
  // later one on the feed knows the earlier.
  private async write({ tenantId, id, environmentId }: HostClaim, look: Look, now: Date): Promise<HostClaim | null> {
    return this.database.inTenant(tenantId, async (tx) => {
      await lockEnvironmentById(tenantId, tx, environmentId);
      const claim = await hostsRepository.findById(tenantId, tx, id);
      if (claim === null) return null;
      const standing: Standing = afterLook(claim, claim.createdAt, look, now);
      const saved = await hostsRepository.save(tenantId, tx, claim, standing);
      if (isHeldIn(claim.state) !== isHeldIn(saved.state)) await this.announce(tx, saved);
      return saved;
    });
  }

  // A tenant that is suspended or deleted is on no host. When it comes back, what it holds then is announced.
  private async announce(tx: Tx, { tenantId, environmentId }: HostClaim): Promise<void> {
    const tenant = await tx.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    if (tenant.suspendedAt !== null || tenant.deletedAt !== null) return;
    const environment = await tx.environment.findUniqueOrThrow({
      where: { tenantId_id: { tenantId, id: environmentId } },
    });
    await announceIn(tx, this.config, { tenantId, tenantSlug: tenant.slug }, environment);
  }
}

export async function lockEnvironmentById(tenantId: string, tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM sluice.environments WHERE tenant_id = ${tenantId} AND id = ${id} FOR NO KEY UPDATE`;
}

// The unique index over the hosts that are held in a fleet: no other column of it is written here.
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'P2002';
}
