// Which gateways serve an environment, and which of them are behind or have not been heard of. One that drained before it
// fell silent has ended, and is missed by nobody.
import type { EnvironmentGateway } from '@sluice/contracts';
import type { Environment, Tx } from '@sluice/prisma';
import { goneMs, liveMs } from '../fleet/fleets.repository.js';

/** How long a revision may be on its way. */
const staleMs = 15_000;
const mostGateways = 1000;

interface Row {
  readonly id: string;
  readonly version: string;
  readonly heard: Date;
  readonly is_live: boolean;
  readonly is_stale: boolean;
  readonly revision: number | null;
}

/** By the database's clock, as those who count live gateways do. */
export async function environmentGateways(
  tenantId: string,
  tx: Tx,
  { id, fleetId, liveRevision }: Environment,
): Promise<EnvironmentGateway[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT gateway.id, gateway.version, gateway.last_heartbeat_at AS heard, answered.revision,
      gateway.last_heartbeat_at > clock_timestamp() - make_interval(secs => ${liveMs / 1000}) AS is_live,
      coalesce(answered.revision, 0) < ${liveRevision} AND coalesce(live.created_at < clock_timestamp() - make_interval(secs => ${staleMs / 1000}), false) AS is_stale
    FROM sluice.gateways gateway
    LEFT JOIN LATERAL (
      SELECT max(receipt.revision) AS revision FROM sluice.receipts receipt
      WHERE receipt.tenant_id = ${tenantId} AND receipt.environment_id = ${id}
        AND receipt.fleet_id = gateway.fleet_id AND receipt.gateway_id = gateway.id
    ) answered ON true
    LEFT JOIN sluice.revisions live
      ON live.tenant_id = ${tenantId} AND live.environment_id = ${id} AND live.number = ${liveRevision}
    WHERE gateway.fleet_id = ${fleetId} AND gateway.revoked_at IS NULL
      AND gateway.last_heartbeat_at > clock_timestamp() - make_interval(secs => ${goneMs / 1000})
      AND (gateway.activity = 'serving' OR gateway.last_heartbeat_at > clock_timestamp() - make_interval(secs => ${liveMs / 1000}))
    ORDER BY gateway.id LIMIT ${mostGateways}`;
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    state: row.is_live ? (row.is_stale ? 'stale' : 'live') : 'silent',
    revision: row.revision,
    lastHeardAt: row.heard.toISOString(),
  }));
}
