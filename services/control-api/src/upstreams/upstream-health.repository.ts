// What gateways last told of the health of targets: one row for each gateway and environment, replaced whole.
import type { UpstreamHealthReport } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';

export interface GatewayHealth {
  readonly gatewayId: string;
  readonly upstreams: UpstreamHealthReport['upstreams'];
}

export const upstreamHealthRepository = {
  /** In a transaction of the fleet. Reports of environments that are gone, or belong to another fleet, are left out. */
  async save(tx: Tx, fleetId: string, gatewayId: string, reports: readonly UpstreamHealthReport[]): Promise<void> {
    // One statement cannot update a row twice: of two reports the later counts.
    const newest = [...new Map(reports.map((report) => [report.environmentId, report])).values()];
    await tx.$executeRaw`
      INSERT INTO sluice.upstream_health (tenant_id, environment_id, fleet_id, gateway_id, upstreams, at)
      SELECT environment.tenant_id, environment.id, ${fleetId}, ${gatewayId}, said.upstreams, clock_timestamp()
      FROM jsonb_to_recordset(${JSON.stringify(newest)}::jsonb)
        AS said("tenantId" text, "environmentId" text, upstreams jsonb)
      JOIN sluice.environments environment
        ON environment.id = said."environmentId" AND environment.tenant_id = said."tenantId" AND environment.fleet_id = ${fleetId}
      ON CONFLICT (tenant_id, environment_id, fleet_id, gateway_id)
        DO UPDATE SET upstreams = EXCLUDED.upstreams, at = EXCLUDED.at`;
  },

  async ofGateways(
    tenantId: string,
    tx: Tx,
    environmentId: string,
    gatewayIds: readonly string[],
  ): Promise<GatewayHealth[]> {
    const rows = await tx.upstreamHealth.findMany({
      where: { tenantId, environmentId, gatewayId: { in: [...gatewayIds] } },
      orderBy: { gatewayId: 'asc' },
    });
    return rows.map(({ gatewayId, upstreams }) => ({
      gatewayId,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was checked when it came
      upstreams: upstreams as unknown as GatewayHealth['upstreams'],
    }));
  },

  /** Rows of gateways that have been silent for so long. Returns how many were deleted. */
  async forget(tx: Tx, fleetId: string, olderThanMs: number): Promise<number> {
    return tx.$executeRaw`
      DELETE FROM sluice.upstream_health health WHERE health.fleet_id = ${fleetId} AND NOT EXISTS (
        SELECT FROM sluice.gateways gateway WHERE gateway.fleet_id = health.fleet_id AND gateway.id = health.gateway_id
          AND gateway.last_heartbeat_at > clock_timestamp() - make_interval(secs => ${olderThanMs / 1000})
      )`;
  },
};
