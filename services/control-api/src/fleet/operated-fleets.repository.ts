// Gateways as the operator sees them. By the database's clock, like everything that tells who is alive.
import type { GatewayState } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';
import { goneMs, liveMs } from './fleets.repository.js';

export interface GatewayRow {
  readonly id: string;
  readonly state: GatewayState;
  readonly version: string;
  readonly boot_id: string;
  readonly position: bigint | null;
  readonly behind: bigint | null;
  readonly last_heartbeat_at: Date;
  readonly registered_at: Date | null;
  readonly registered_by: string | null;
  readonly drain_asked_at: Date | null;
  readonly revoked_at: Date | null;
}

/** How long a change may be on its way. */
const staleMs = 15_000;

export const operatedFleetsRepository = {
  /** In a transaction of the fleet, which sees its feed. */
  async gateways(tx: Tx, fleetId: string): Promise<GatewayRow[]> {
    return tx.$queryRaw<GatewayRow[]>`
      SELECT gateway.id, gateway.version, gateway.boot_id, gateway.last_heartbeat_at, gateway.registered_at,
        gateway.registered_by, gateway.drain_asked_at, gateway.revoked_at,
        CASE WHEN gateway.history_id = fleet.history_id THEN gateway.position END AS position,
        CASE WHEN gateway.history_id = fleet.history_id THEN fleet.position - gateway.position END AS behind,
        CASE
          WHEN gateway.revoked_at IS NOT NULL THEN 'revoked'
          WHEN gateway.last_heartbeat_at < clock_timestamp() - make_interval(secs => ${goneMs / 1000}) THEN 'gone'
          WHEN gateway.last_heartbeat_at < clock_timestamp() - make_interval(secs => ${liveMs / 1000})
            THEN CASE WHEN gateway.activity = 'serving' THEN 'silent' ELSE 'gone' END
          WHEN gateway.activity <> 'serving' THEN gateway.activity
          WHEN gateway.history_id IS DISTINCT FROM fleet.history_id THEN 'stale'
          WHEN EXISTS (
            SELECT FROM sluice.feed WHERE fleet_id = fleet.id AND position = gateway.position + 1
              AND created_at < clock_timestamp() - make_interval(secs => ${staleMs / 1000})) THEN 'stale'
          WHEN gateway.position < fleet.compacted_to THEN 'stale'
          ELSE 'live'
        END AS state
      FROM sluice.gateways gateway JOIN sluice.fleets fleet ON fleet.id = gateway.fleet_id
      WHERE fleet.id = ${fleetId} ORDER BY gateway.id`;
  },
};
