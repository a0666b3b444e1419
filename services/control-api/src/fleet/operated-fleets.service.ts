// What the operator sees of fleets, and does to them. Each act stands in the platform's audit log.
import { Inject, Injectable } from '@nestjs/common';
import {
  gatewayStates,
  newId,
  type Fleet,
  type FleetGateway,
  type FleetGatewayPatch,
  type FleetGateways,
  type Fleets,
  type Page,
  type RegistrationToken,
  type RegistrationTokenCreate,
  type RegistrationTokenWithSecret,
} from '@sluice/contracts';
import type { Database, Fleet as FleetRow, RegistrationToken as TokenRow, Tx } from '@sluice/prisma';
import { notePlatformChange, platformLog } from '../audit/platform-log.js';
import { newKey } from '../credentials/api-key.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { notFound } from '../http/refusal.js';
import { createOwnOnceIn } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import type { Caller } from '../identity/session.js';
import { databaseToken } from '../tokens.js';
import { hashToken } from './ensure-fleet.js';
import { operatedFleetsRepository, type GatewayRow } from './operated-fleets.repository.js';

const hourMs = 3_600_000;

@Injectable()
export class OperatedFleetsService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async fleets(): Promise<Fleets> {
    const rows = await this.database.inNone((tx) => tx.fleet.findMany({ orderBy: { createdAt: 'asc' } }));
    const items: Fleet[] = [];
    for (const { id } of rows) {
      const { head, items: gateways } = await this.gateways(id);
      const counts = gatewayStates.map((state) => [state, gateways.filter((one) => one.state === state).length]);
      items.push({ id, head, gateways: Object.fromEntries(counts) as Fleet['gateways'] });
    }
    return { items };
  }

  async gateways(fleetId: string): Promise<FleetGateways> {
    return this.database.inFleet(fleetId, async (tx) => {
      const fleet = await findFleet(tx, fleetId);
      const rows = await operatedFleetsRepository.gateways(tx, fleetId);
      const rank = ({ state }: FleetGateway): number => gatewayStates.indexOf(state);
      const items = rows.map(gatewayAnswer).sort((one, other) => rank(one) - rank(other));
      return { head: Number(fleet.position), items };
    });
  }

  async change(fleetId: string, id: string, patch: FleetGatewayPatch): Promise<FleetGateway> {
    const { isDrainAsked, isRevoked } = patch;
    await this.database.inTenant(platformLog.tenantId, async (tx) => {
      const where = { fleetId_id: { fleetId, id } };
      const before = await tx.gateway.findUnique({ where });
      if (before === null) throw notFound('gateway of this name in the fleet');
      const { drainAskedAt, revokedAt } = before;
      const data = {
        ...(isDrainAsked === undefined ? {} : { drainAskedAt: isDrainAsked ? (drainAskedAt ?? new Date()) : null }),
        ...(isRevoked === undefined ? {} : { revokedAt: isRevoked ? (revokedAt ?? new Date()) : null }),
      };
      await tx.gateway.update({ where, data });
      await notePlatformChange(tx, {
        table: 'gateways',
        before: { id, is_drain_asked: drainAskedAt !== null, is_revoked: revokedAt !== null },
        after: {
          id,
          is_drain_asked: isDrainAsked ?? drainAskedAt !== null,
          is_revoked: isRevoked ?? revokedAt !== null,
        },
      });
    });
    const gateway = (await this.gateways(fleetId)).items.find((one) => one.id === id);
    if (gateway === undefined) throw notFound('gateway of this name in the fleet');
    return gateway;
  }

  /** It may register anew at any time, where something lets it in. */
  async forget(fleetId: string, id: string): Promise<void> {
    await this.database.inTenant(platformLog.tenantId, async (tx) => {
      const { count } = await tx.gateway.deleteMany({ where: { fleetId, id } });
      if (count === 0) throw notFound('gateway of this name in the fleet');
      await notePlatformChange(tx, { table: 'gateways', before: { id, fleet_id: fleetId }, after: null });
    });
  }

  async tokens(fleetId: string, query: PageQuery): Promise<Page<RegistrationToken>> {
    const { after, take } = pageRequest(query);
    const rows = await this.database.inNone(async (tx) => {
      await findFleet(tx, fleetId);
      const where = { fleetId, ...(after === undefined ? {} : { id: { gt: after } }) };
      return tx.registrationToken.findMany({ where, orderBy: { id: 'asc' }, take });
    });
    return toPage(rows, query, tokenAnswer);
  }

  async createToken(
    { identityId, email: createdBy }: Caller,
    fleetId: string,
    { title, mostUses, expiresInHours }: RegistrationTokenCreate,
    idempotency: Idempotency | undefined,
  ): Promise<RegistrationTokenWithSecret> {
    return this.database.inTenant(platformLog.tenantId, async (tx) => {
      const create = async (): Promise<RegistrationTokenWithSecret> => {
        await findFleet(tx, fleetId);
        const { key: token } = newKey('slf');
        const id = newId('registrationToken');
        const expiresAt = new Date(Date.now() + expiresInHours * hourMs);
        const data = { id, fleetId, title, hash: hashToken(token), mostUses, expiresAt, createdBy };
        const row = await tx.registrationToken.create({ data });
        await notePlatformChange(tx, { table: 'registration_tokens', before: null, after: loggedToken(row) });
        return { ...tokenAnswer(row), token };
      };
      return idempotency === undefined ? create() : createOwnOnceIn(tx, identityId, idempotency, create);
    });
  }

  /** Gateways that it has let in stay. */
  async revokeToken(fleetId: string, id: string): Promise<void> {
    await this.database.inTenant(platformLog.tenantId, async (tx) => {
      const before = await tx.registrationToken.findUnique({ where: { id, fleetId } });
      if (before === null) throw notFound('registration token with this id');
      if (before.revokedAt !== null) return;
      const after = await tx.registrationToken.update({ where: { id }, data: { revokedAt: new Date() } });
      const [was, is] = [loggedToken(before), loggedToken(after)];
      await notePlatformChange(tx, { table: 'registration_tokens', before: was, after: is });
    });
  }
}

async function findFleet(tx: Tx, id: string): Promise<FleetRow> {
  const fleet = await tx.fleet.findUnique({ where: { id } });
  if (fleet === null) throw notFound('fleet of this name');
  return fleet;
}

function gatewayAnswer(row: GatewayRow): FleetGateway {
  return {
    id: row.id,
    state: row.state,
    version: row.version,
    bootId: row.boot_id,
    position: row.position === null ? null : Number(row.position),
    behind: row.behind === null ? null : Number(row.behind),
    lastHeardAt: row.last_heartbeat_at.toISOString(),
    registeredAt: row.registered_at?.toISOString() ?? null,
    registrationTokenId: row.registered_by,
    drainAskedAt: row.drain_asked_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}

function tokenAnswer({
  id,
  title,
  uses,
  mostUses,
  expiresAt,
  revokedAt,
  createdBy,
  createdAt,
}: TokenRow): RegistrationToken {
  return {
    id,
    title,
    uses,
    mostUses,
    expiresAt: expiresAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
    createdBy,
    createdAt: createdAt.toISOString(),
  };
}

function loggedToken({ id, title, mostUses, expiresAt, revokedAt }: TokenRow): Record<string, unknown> {
  return {
    id,
    title,
    most_uses: mostUses,
    expires_at: expiresAt.toISOString(),
    revoked_at: revokedAt?.toISOString() ?? null,
  };
}
