// The rows of APIs' routes.
import { newId, routeSpecSchema, type RouteSpec } from '@sluice/contracts';
import type { Route, Tx } from '@sluice/prisma';
import { readStored } from '../database/read-stored.js';
import type { PageRequest } from '../http/cursor.js';
import { asJson } from '../http/json.js';

export interface NamedRoute {
  readonly api: string;
  readonly spec: RouteSpec;
}

export const routesRepository = {
  async list(tenantId: string, tx: Tx, apiId: string, { after, take }: PageRequest): Promise<Route[]> {
    return tx.route.findMany({
      where: { tenantId, apiId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async find(tenantId: string, tx: Tx, apiId: string, name: string): Promise<Route | null> {
    return tx.route.findUnique({ where: { tenantId_apiId_name: { tenantId, apiId, name } } });
  },

  async create(tenantId: string, tx: Tx, apiId: string, { name, ...spec }: RouteSpec): Promise<Route> {
    return tx.route.create({ data: { id: newId('route'), tenantId, apiId, name, spec: asJson(spec) } });
  },

  async replace(tenantId: string, tx: Tx, id: string, spec: Omit<RouteSpec, 'name'>): Promise<Route> {
    return tx.route.update({ where: { tenantId_id: { tenantId, id } }, data: { spec: asJson(spec) } });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.route.delete({ where: { tenantId_id: { tenantId, id } } });
  },

  /** Every route of the environment's draft. */
  async ofEnvironment(tenantId: string, tx: Tx, environmentId: string): Promise<NamedRoute[]> {
    const rows = await tx.route.findMany({
      where: { tenantId, api: { environmentId } },
      orderBy: { id: 'asc' },
      include: { api: { select: { name: true } } },
    });
    return rows.map((row) => ({ api: row.api.name, spec: routeSpec(row) }));
  },
};

export function routeSpec({ name, spec }: Pick<Route, 'name' | 'spec'>): RouteSpec {
  return readStored(routeSpecSchema, { ...(spec as object), name });
}
