// The rows of an environment's plans.
import { newId, type PlanSpec } from '@sluice/contracts';
import { Prisma, type Plan, type Tx } from '@sluice/prisma';
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

  async create(tenantId: string, tx: Tx, environmentId: string, name: string, spec: PlanSpec): Promise<Plan> {
    return tx.plan.create({ data: { id: newId('plan'), tenantId, environmentId, name, ...asColumns(spec) } });
  },

  async replace(tenantId: string, tx: Tx, id: string, spec: PlanSpec): Promise<Plan> {
    return tx.plan.update({ where: { tenantId_id: { tenantId, id } }, data: asColumns(spec) });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.plan.delete({ where: { tenantId_id: { tenantId, id } } });
  },

  /** The plans that offer an API. */
  async offering(tenantId: string, tx: Tx, environmentId: string, apiName: string): Promise<Plan[]> {
    return tx.plan.findMany({ where: { tenantId, environmentId, apis: { has: apiName } }, orderBy: { id: 'asc' } });
  },
};

function asColumns({
  title,
  apis,
  limits,
  tags,
}: PlanSpec): Pick<PlanSpec, 'title' | 'apis'> & Required<Pick<Prisma.PlanUncheckedCreateInput, 'limits' | 'tags'>> {
  return { title, apis, limits: asJson(limits), tags: tags === undefined ? Prisma.DbNull : asJson(tags) };
}
