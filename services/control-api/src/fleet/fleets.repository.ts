// Fleets and their gateways: what belongs to no tenant.
import type { HeartbeatAnswer, HeartbeatBody } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';

export interface LiveGateway {
  readonly id: string;
  /** How far it has applied the feed; -1 when it has read none of it, or that of another history. */
  readonly position: number;
}

/** A gateway counts as live for this long after it was last heard of, then as silent. They speak every 5 s. */
export const liveMs = 15_000;
/** A gateway that is silent for as long is gone: nobody waits for it any more. */
export const goneMs = 86_400_000;

export const fleetsRepository = {
  /**
   * In a transaction of the fleet. By the database's clock, so that several control planes agree on who is live. A gateway that
   * has what this database has not - it has lost commits - counts as one that has read nothing: it is about to get a snapshot.
   */
  async saveHeartbeat(
    tx: Tx,
    fleetId: string,
    { gatewayId, bootId, version, historyId, position, mark, activity = 'serving' }: HeartbeatBody,
  ): Promise<HeartbeatAnswer> {
    const [row] = await tx.$queryRaw<{ is_drain_asked: boolean }[]>`
      INSERT INTO sluice.gateways AS gateway (fleet_id, id, boot_id, version, history_id, position, last_heartbeat_at, activity)
      SELECT fleet.id, ${gatewayId}, ${bootId}, ${version}, CASE WHEN ${position} <= fleet.position AND (${mark ?? null}::text IS NULL
          OR (fleet.position = ${position} AND fleet.mark::text = ${mark ?? null})
          OR EXISTS (SELECT FROM sluice.feed WHERE fleet_id = fleet.id AND position = ${position}::bigint + 1 AND previous::text = ${mark ?? null}))
        THEN ${historyId}::text END, ${position}, clock_timestamp(), ${activity}
      FROM sluice.fleets fleet WHERE fleet.id = ${fleetId}
      ON CONFLICT (fleet_id, id) DO UPDATE SET
        boot_id = EXCLUDED.boot_id, version = EXCLUDED.version, history_id = EXCLUDED.history_id,
        position = EXCLUDED.position, last_heartbeat_at = EXCLUDED.last_heartbeat_at, activity = EXCLUDED.activity
      RETURNING gateway.drain_asked_at IS NOT NULL AS is_drain_asked`;
    return { isDrainAsked: row?.is_drain_asked === true };
  },

  async forgetGone(tx: Tx, fleetId: string, silentMs: number): Promise<void> {
    await tx.$executeRaw`
      DELETE FROM sluice.gateways WHERE fleet_id = ${fleetId} AND revoked_at IS NULL
        AND last_heartbeat_at < clock_timestamp() - make_interval(secs => ${silentMs / 1000})`;
  },

  async liveGateways(tx: Tx, fleetId: string): Promise<LiveGateway[]> {
    const rows = await tx.$queryRaw<{ id: string; position: bigint }[]>`
      SELECT gateway.id, CASE WHEN gateway.history_id = fleet.history_id THEN gateway.position ELSE -1 END AS position
      FROM sluice.gateways gateway JOIN sluice.fleets fleet ON fleet.id = gateway.fleet_id
      WHERE fleet.id = ${fleetId} AND gateway.revoked_at IS NULL AND gateway.last_heartbeat_at > clock_timestamp() - make_interval(secs => ${liveMs / 1000})
      ORDER BY gateway.id`;
    return rows.map(({ id, position }) => ({ id, position: Number(position) }));
  },
};
