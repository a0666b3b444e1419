// The rows of an environment's upstreams.
import { newId, type UpstreamSpec } from '@sluice/contracts';
import type { Tx, Upstream } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';
import { asJson } from '../http/json.js';

export const upstreamsRepository = {
  async list(tenantId: string, tx: Tx, environmentId: string, { after, take }: PageRequest): Promise<Upstream[]> {
    return tx.upstream.findMany({
      where: { tenantId, environmentId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, name: string): Promise<Upstream | null> {
    return tx.upstream.findUnique({ where: { tenantId_environmentId_name: { tenantId, environmentId, name } } });
  },

  async create(tenantId: string, tx: Tx, environmentId: string, name: string, spec: UpstreamSpec): Promise<Upstream> {
    return tx.upstream.create({ data: { id: newId('upstream'), tenantId, environmentId, name, spec: asJson(spec) } });
  },

  async replace(tenantId: string, tx: Tx, id: string, spec: UpstreamSpec): Promise<Upstream> {
    return tx.upstream.update({ where: { tenantId_id: { tenantId, id } }, data: { spec: asJson(spec) } });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.upstream.delete({ where: { tenantId_id: { tenantId, id } } });
  },

  /** Those of `names` that exist, locked against deletion until the transaction ends. */
  async lockNames(tenantId: string, tx: Tx, environmentId: string, names: readonly string[]): Promise<Set<string>> {
    const rows = await tx.$queryRaw<{ name: string }[]>`
      SELECT name FROM sluice.upstreams
      WHERE tenant_id = ${tenantId} AND environment_id = ${environmentId} AND name = ANY(${[...names]}) ORDER BY name FOR SHARE`;
    return new Set(rows.map(({ name }) => name));
  },
};
