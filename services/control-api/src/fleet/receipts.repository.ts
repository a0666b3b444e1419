// Gateways' answers to revisions: one row for each gateway and revision, its newest answer.
import type { GatewayReceipt, Receipt } from '@sluice/contracts';
import type { Receipt as ReceiptRow, Tx } from '@sluice/prisma';

export const receiptsChannel = 'sluice_receipts';

export const receiptsRepository = {
  /**
   * In a transaction of the fleet. Receipts for what is gone, or belongs to another fleet, are left out: the gateway has
   * nothing to mend. Returns how many were kept.
   */
  async save(tx: Tx, fleetId: string, gatewayId: string, receipts: readonly Receipt[]): Promise<number> {
    // One statement cannot update a row twice: of two answers to one revision the later counts.
    const newest = [
      ...new Map(receipts.map((receipt) => [`${receipt.environmentId}/${receipt.revision}`, receipt])).values(),
    ];
    const saved = await tx.$queryRaw<{ environment_id: string }[]>`
      INSERT INTO sluice.receipts (tenant_id, environment_id, revision, fleet_id, gateway_id, state, refusals, at)
      SELECT revision.tenant_id, revision.environment_id, revision.number, ${fleetId}, ${gatewayId},
        said.state::sluice.receipt_state, said.refusals, clock_timestamp()
      FROM jsonb_to_recordset(${JSON.stringify(newest)}::jsonb)
        AS said("tenantId" text, "environmentId" text, "revisionId" text, state text, refusals jsonb)
      JOIN sluice.revisions revision
        ON revision.id = said."revisionId" AND revision.tenant_id = said."tenantId" AND revision.environment_id = said."environmentId"
      ON CONFLICT (tenant_id, environment_id, revision, fleet_id, gateway_id)
        DO UPDATE SET state = EXCLUDED.state, refusals = EXCLUDED.refusals, at = EXCLUDED.at
      RETURNING environment_id`;
    const environments = [...new Set(saved.map((row) => row.environment_id))];
    if (environments.length > 0)
      await tx.$executeRaw`SELECT pg_notify(${receiptsChannel}, id) FROM unnest(${environments}::text[]) id`;
    return saved.length;
  },

  async ofRevisions(
    tenantId: string,
    tx: Tx,
    environmentId: string,
    revisions: readonly number[],
  ): Promise<Map<number, GatewayReceipt[]>> {
    const rows = await tx.receipt.findMany({
      where: { tenantId, environmentId, revision: { in: [...revisions] } },
      orderBy: { gatewayId: 'asc' },
    });
    const byRevision = Map.groupBy(rows, ({ revision }) => revision);
    return new Map(revisions.map((revision) => [revision, (byRevision.get(revision) ?? []).map(receiptAnswer)]));
  },
};

function receiptAnswer({ gatewayId, state, refusals, at }: ReceiptRow): GatewayReceipt {
  return { gatewayId, state, refusals: refusals as GatewayReceipt['refusals'], at: at.toISOString() };
}
