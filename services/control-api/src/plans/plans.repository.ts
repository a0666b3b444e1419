// The rows of an environment's plans.
import { newId, type PlanSpec } from '@sluice/contracts';
import type { Plan, Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';
import { asJson } from '../http/json.js';

export const plansRepository = {
  async list(tenantId: string, tx: Tx, environmentId: string, { after, take }: PageRequest): Promise<Plan[]> {
    return tx.plan.findMany({
      where: { tenantId, environmentId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, name: string): Promise<Plan | null> {
    return tx.plan.findUnique({ where: { tenantId_environmentId_name: { tenantId, environmentId, name } } });
  },

  async create(
    tenantId: string,
    tx: Tx,
    environmentId: string,
    name: string,
    { title, apis, limits }: PlanSpec,
  ): Promise<Plan> {
    return tx.plan.create({
      data: { id: newId('plan'), tenantId, environmentId, name, title, apis, limits: asJson(limits) },
    });
  },

  async replace(tenantId: string, tx: Tx, id: string, { title, apis, limits }: PlanSpec): Promise<Plan> {
    return tx.plan.update({ where: { tenantId_id: { tenantId, id } }, data: { title, apis, limits: asJson(limits) } });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.plan.delete({ where: { tenantId_id: { tenantId, id } } });
  },

  /** The plans that offer an API. */
  async offering(tenantId: string, tx: Tx, environmentId: string, apiName: string): Promise<Plan[]> {
    return tx.plan.findMany({ where: { tenantId, environmentId, apis: { has: apiName } }, orderBy: { id: 'asc' } });
  },
};
