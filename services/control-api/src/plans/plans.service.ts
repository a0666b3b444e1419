// Plans of an environment's draft. A plan offers APIs of the same environment, which must be there; one that somebody has
// subscribed to stays, because the subscription's limits are its limits.
import { Inject, Injectable } from '@nestjs/common';
import { limitSchema, tagsSchema, type Page, type Plan, type PlanSpec } from '@sluice/contracts';
import type { Database, Plan as PlanRow, Tx } from '@sluice/prisma';
import { z } from 'zod';
import { apisRepository } from '../apis/apis.repository.js';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { nameTaken, notFound, Refusal, stillInUse } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { databaseToken } from '../tokens.js';
import { plansRepository } from './plans.repository.js';

@Injectable()
export class PlansService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list({ tenantId }: Access, environmentName: string, query: PageQuery): Promise<Page<Plan>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const { id } = await findEnvironment(tenantId, tx, environmentName);
      return plansRepository.list(tenantId, tx, id, pageRequest(query));
    });
    return toPage(rows, query, planAnswer);
  }

  async create(
    { tenantId, caller }: Access,
    environmentName: string,
    { name, ...spec }: PlanSpec & { name: string },
    idempotency: Idempotency | undefined,
  ): Promise<Plan> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: false },
      async (tx) => {
        const { id } = await findEnvironment(tenantId, tx, environmentName);
        if ((await plansRepository.find(tenantId, tx, id, name)) !== null) throw nameTaken('/name', name);
        await expectApis(tenantId, tx, id, spec);
        return planAnswer(await plansRepository.create(tenantId, tx, id, name, spec));
      },
    );
  }

  async read({ tenantId }: Access, environmentName: string, name: string): Promise<Tagged<Plan>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const row = await findPlan(tenantId, tx, environmentName, name);
      return tagged(row, planAnswer(row));
    });
  }

  async replace(
    { tenantId }: Access,
    environmentName: string,
    name: string,
    spec: PlanSpec,
    ifMatch: string | undefined,
  ): Promise<Tagged<Plan>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const found = await findPlan(tenantId, tx, environmentName, name);
      await expectMatch(tx, 'plans', ifMatch, found);
      await expectApis(tenantId, tx, found.environmentId, spec);
      const row = await plansRepository.replace(tenantId, tx, found.id, spec);
      return tagged(row, planAnswer(row));
    });
  }

  async remove(
    { tenantId }: Access,
    environmentName: string,
    name: string,
    ifMatch: string | undefined,
  ): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const found = await findPlan(tenantId, tx, environmentName, name);
      await expectMatch(tx, 'plans', ifMatch, found);
      const subscriptions = await tx.subscription.findMany({
        where: { tenantId, planId: found.id },
        orderBy: { id: 'asc' },
        take: 20,
        select: { application: { select: { title: true } } },
      });
      if (subscriptions.length > 0)
        throw stillInUse(
          `The plan "${name}"`,
          subscriptions.map(({ application }) => `the application "${application.title}"`),
        );
      await plansRepository.remove(tenantId, tx, found.id);
    });
  }
}

async function findPlan(tenantId: string, tx: Tx, environmentName: string, name: string): Promise<PlanRow> {
  const { id } = await findEnvironment(tenantId, tx, environmentName);
  const row = await plansRepository.find(tenantId, tx, id, name);
  if (row === null) throw notFound('plan of this name');
  return row;
}

async function expectApis(tenantId: string, tx: Tx, environmentId: string, { apis }: PlanSpec): Promise<void> {
  const known = await apisRepository.lockNames(tenantId, tx, environmentId, apis);
  const errors = apis.flatMap((name, index) =>
    known.has(name)
      ? []
      : [
          {
            pointer: `/apis/${index}`,
            message: `there is no API "${name}"`,
            fix: 'create it first, or name one that exists',
          },
        ],
  );
  if (errors.length > 0) throw new Refusal('invalid_body', 'The plan offers an API that does not exist.', errors);
}

export function planLimits(row: Pick<PlanRow, 'limits'>): PlanSpec['limits'] {
  return z.array(limitSchema).parse(row.limits);
}

export function planAnswer(row: PlanRow): Plan {
  const { id, name, title, apis, tags, createdAt, updatedAt } = row;
  return {
    id,
    name,
    title,
    apis,
    limits: planLimits(row),
    ...(tags === null ? {} : { tags: tagsSchema.parse(tags) }),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
