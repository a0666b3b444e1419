// The current weights of routes whose weights somebody has set.
import { Prisma, type RouteWeights, type Tx } from '@sluice/prisma';
import { asJson } from '../http/json.js';

export interface WeightsKey {
  readonly environmentId: string;
  /** The routeKey: api/route. */
  readonly route: string;
}

export interface NewWeights {
  readonly version: number;
  readonly weights: Readonly<Record<string, number>>;
  readonly setBy: string;
  readonly setAt: Date;
  /** 0 until the feed has given one out. */
  readonly position: bigint;
}

export const weightsRepository = {
  async find(tenantId: string, tx: Tx, { environmentId, route }: WeightsKey): Promise<RouteWeights | null> {
    return tx.routeWeights.findUnique({ where: { tenantId_environmentId_route: { tenantId, environmentId, route } } });
  },

  async save(
    tenantId: string,
    tx: Tx,
    { environmentId, route }: WeightsKey,
    weights: NewWeights,
  ): Promise<RouteWeights> {
    return tx.routeWeights.upsert({
      where: { tenantId_environmentId_route: { tenantId, environmentId, route } },
      create: { tenantId, environmentId, route, ...weights },
      update: { ...weights, forgotten: Prisma.DbNull },
    });
  },

  async ofEnvironment(tenantId: string, tx: Tx, environmentId: string): Promise<RouteWeights[]> {
    return tx.routeWeights.findMany({ where: { tenantId, environmentId }, orderBy: { route: 'asc' } });
  },

  /** Nobody's weights any more; the version goes on, so that what is set later is newer than all that gateways have seen. */
  async forget(tenantId: string, tx: Tx, { environmentId, route, weights }: RouteWeights): Promise<RouteWeights> {
    return tx.routeWeights.update({
      where: { tenantId_environmentId_route: { tenantId, environmentId, route } },
      data: { weights: {}, forgotten: asJson(weights), version: { increment: 1 } },
    });
  },

  /** They are in force again, as a newer version. */
  async remember(tenantId: string, tx: Tx, { environmentId, route, forgotten }: RouteWeights): Promise<RouteWeights> {
    return tx.routeWeights.update({
      where: { tenantId_environmentId_route: { tenantId, environmentId, route } },
      data: { weights: asJson(forgotten), forgotten: Prisma.DbNull, version: { increment: 1 } },
    });
  },

  async savePosition(tenantId: string, tx: Tx, { environmentId, route }: WeightsKey, position: number): Promise<void> {
    await tx.routeWeights.update({
      where: { tenantId_environmentId_route: { tenantId, environmentId, route } },
      data: { position },
    });
  },
};
