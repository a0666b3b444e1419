// The rows of claims. `standing` is written as the tenant where it changes what is served or what the tenant is told in its audit
// log, and as the fleet where a look has found nothing new.
import { newId } from '@sluice/contracts';
import type { Environment, HostClaim, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';
import { isHeldIn, newStanding, type Standing } from './claim-states.js';
import { newChallenge } from './challenge.js';

/** How long a look that was begun keeps others from beginning one. Longer than any look takes. */
const leaseMs = 120_000;
/** Of one tenant in a batch: no tenant with many silent name servers keeps the others waiting. */
const mostOfTenant = 5;

export interface DueClaim {
  readonly id: string;
  readonly tenantId: string;
}

export const hostsRepository = {
  async list(
    tenantId: string,
    tx: Tx,
    { id: environmentId, fleetId }: Environment,
    { after, take }: PageRequest,
  ): Promise<HostClaim[]> {
    return tx.hostClaim.findMany({
      where: { tenantId, environmentId, fleetId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async count(tenantId: string, tx: Tx, environmentId: string): Promise<number> {
    return tx.hostClaim.count({ where: { tenantId, environmentId } });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, host: string): Promise<HostClaim | null> {
    return tx.hostClaim.findUnique({
      where: { tenantId_environmentId_host: { tenantId, environmentId, host } },
    });
  },

  async findById(tenantId: string, tx: Tx, id: string): Promise<HostClaim | null> {
    return tx.hostClaim.findUnique({ where: { tenantId_id: { tenantId, id } } });
  },

  async held(tenantId: string, tx: Tx, environmentId: string): Promise<string[]> {
    const rows = await tx.hostClaim.findMany({
      where: { tenantId, environmentId, heldHost: { not: null } },
      select: { host: true },
      orderBy: { host: 'asc' },
    });
    return rows.map(({ host }) => host);
  },

  async create(
    tenantId: string,
    tx: Tx,
    { id: environmentId, fleetId }: Environment,
    host: string,
    now: Date,
  ): Promise<HostClaim> {
    const identity = { id: newId('hostClaim'), tenantId, environmentId, fleetId, host };
    return tx.hostClaim.create({ data: { ...identity, challenge: newChallenge(), ...newStanding(now) } });
  },

  /** Fails with P2002 when another environment of the fleet holds the host. */
  async save(tenantId: string, tx: Tx, { id, host }: HostClaim, standing: Standing): Promise<HostClaim> {
    return tx.hostClaim.update({
      where: { tenantId_id: { tenantId, id } },
      data: { ...standing, heldHost: isHeldIn(standing.state) ? host : null },
    });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.hostClaim.delete({ where: { tenantId_id: { tenantId, id } } });
  },

  /** In a transaction of the fleet: the claims that are to be looked for now, each given to one caller alone. */
  async takeDue(tx: Tx, fleetId: string, most: number): Promise<DueClaim[]> {
    return tx.$queryRaw<DueClaim[]>`
      UPDATE sluice.host_claims SET next_check_at = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
      WHERE fleet_id = ${fleetId} AND next_check_at <= clock_timestamp() AND id IN (
        SELECT id FROM (
          SELECT id, next_check_at, row_number() OVER (PARTITION BY tenant_id ORDER BY next_check_at) AS nth
          FROM sluice.host_claims WHERE fleet_id = ${fleetId} AND next_check_at <= clock_timestamp()
        ) AS due WHERE nth <= ${mostOfTenant} ORDER BY next_check_at LIMIT ${most}
      )
      RETURNING id, tenant_id AS "tenantId"`;
  },

  /** In a transaction of the fleet: the state is what it was. */
  async note(tx: Tx, fleetId: string, { id, state }: HostClaim, standing: Standing): Promise<void> {
    const { problem, misses, checkedAt, nextCheckAt } = standing;
    await tx.hostClaim.updateMany({
      where: { fleetId, id, state },
      data: { problem, misses, checkedAt, nextCheckAt },
    });
  },
};
