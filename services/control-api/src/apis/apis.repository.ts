// The rows of an environment's APIs.
import { newId } from '@sluice/contracts';
import type { Api, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';

export type ApiRow = Api & { _count: { routes: number } };

const withCount = { _count: { select: { routes: true } } } as const;

export const apisRepository = {
  async list(tenantId: string, tx: Tx, environmentId: string, { after, take }: PageRequest): Promise<ApiRow[]> {
    return tx.api.findMany({
      where: { tenantId, environmentId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
      include: withCount,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, name: string): Promise<ApiRow | null> {
    return tx.api.findUnique({
      where: { tenantId_environmentId_name: { tenantId, environmentId, name } },
      include: withCount,
    });
  },

  async create(
    tenantId: string,
    tx: Tx,
    environmentId: string,
    api: { name: string; title: string; version: string },
  ): Promise<ApiRow> {
    return tx.api.create({ data: { id: newId('api'), tenantId, environmentId, ...api }, include: withCount });
  },

  async change(
    tenantId: string,
    tx: Tx,
    id: string,
    change: { title?: string | undefined; version?: string | undefined },
  ): Promise<ApiRow> {
    const data = {
      ...(change.title === undefined ? {} : { title: change.title }),
      ...(change.version === undefined ? {} : { version: change.version }),
    };
    return tx.api.update({ where: { tenantId_id: { tenantId, id } }, data, include: withCount });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.api.delete({ where: { tenantId_id: { tenantId, id } } });
  },

  /** Those of `names` that exist, locked against deletion until the transaction ends. */
  async lockNames(tenantId: string, tx: Tx, environmentId: string, names: readonly string[]): Promise<Set<string>> {
    const rows = await tx.$queryRaw<{ name: string }[]>`
      SELECT name FROM sluice.apis
      WHERE tenant_id = ${tenantId} AND environment_id = ${environmentId} AND name = ANY(${[...names]}) ORDER BY name FOR SHARE`;
    return new Set(rows.map(({ name }) => name));
  },
};
