// What the operator of the platform sees and sets. Tenants are found across the platform; what is in one is counted as that
// tenant, and what is changed of one stands in that tenant's audit log. Suspending takes a tenant's hosts off every
// gateway and keeps everything else, so that it comes back as it was.
import { Inject, Injectable } from '@nestjs/common';
import {
  platformBoundsSchema,
  type OperatedTenant,
  type OperatedTenantPatch,
  type OperatedTenantWithUse,
  type Page,
  type PlatformBounds,
  type PlatformPlan,
  type PlatformPlans,
  type PlatformUse,
  type TenantPlatformPlan,
} from '@sluice/contracts';
import { platformLimitNames, platformLimits } from '@sluice/engine';
import type { Database, PlatformPlan as PlanRow, Tenant, Tx } from '@sluice/prisma';
import { notePlatformChange, platformLog } from '../audit/platform-log.js';
import type { Config } from '../config.js';
import type { LimitBudgets } from '../explain/limit-budgets.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { invalidField, notFound } from '../http/refusal.js';
import { announceTenant } from '../publish/environment-changes.js';
import { later, platformBoundsIn } from '../publish/platform-bounds.js';
import { deletionOf } from '../tenants/tenant-answer.js';
import { configToken, databaseToken, limitBudgetsToken } from '../tokens.js';
import { BoundsRollout } from './bounds-rollout.js';
import { platformUse } from './expect-room.js';

@Injectable()
export class OperatorService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(configToken) private readonly config: Config,
    @Inject(BoundsRollout) private readonly rollout: BoundsRollout,
    @Inject(limitBudgetsToken) private readonly budgets: LimitBudgets,
  ) {}

  async tenants(query: PageQuery): Promise<Page<OperatedTenant>> {
    const { after, take } = pageRequest(query);
    const rows = await this.database.inOperator(async (tx) =>
      tx.tenant.findMany({ where: after === undefined ? {} : { id: { gt: after } }, orderBy: { id: 'asc' }, take }),
    );
    return toPage(rows, query, tenantAnswer);
  }

  async tenant(slug: string): Promise<OperatedTenantWithUse> {
    const { id } = await this.find(slug);
    const [row, counted] = await this.database.inTenant(id, async (tx) => [
      await tx.tenant.findUniqueOrThrow({ where: { id } }),
      await count(id, tx),
    ]);
    return { ...tenantAnswer(row), use: await this.useOf(id, counted) };
  }

  async change(slug: string, { platformPlan, isSuspended }: OperatedTenantPatch): Promise<OperatedTenantWithUse> {
    const { id } = await this.find(slug);
    const [row, counted] = await this.database.inTenant(id, async (tx) => {
      const plan = platformPlan === undefined ? undefined : await findPlan(tx, platformPlan);
      if (plan === null)
        throw invalidField('/platformPlan', `there is no platform plan "${platformPlan}"`, 'name one that exists');
      // Of two changes at once the later one sees the earlier: what gateways are told last is what the row says.
      await tx.$queryRaw`SELECT FROM sluice.tenants WHERE id = ${id} FOR UPDATE`;
      const before = await tx.tenant.findUniqueOrThrow({ where: { id }, include: { plan: true } });
      const isMoved = plan !== undefined && plan.name !== before.platformPlan;
      const suspendedAt = isSuspended === true ? (before.suspendedAt ?? new Date()) : null;
      const after = await tx.tenant.update({
        where: { id },
        data: {
          ...(isMoved
            ? { platformPlan: plan.name, updatedAt: later(before.updatedAt, before.plan.updatedAt, plan.updatedAt) }
            : {}),
          ...(isSuspended === undefined ? {} : { suspendedAt }),
        },
      });
      const use = await count(id, tx);
      const isChanged = isSuspended !== undefined && isSuspended !== (before.suspendedAt !== null);
      if (isChanged || (isMoved && !hasSameTraffic(plan, before.plan.bounds)))
        await announceTenant(tx, this.config, after);
      return [after, use];
    });
    return { ...tenantAnswer(row), use: await this.useOf(id, counted) };
  }

  async plans(): Promise<PlatformPlans> {
    const rows = await this.database.inNone(async (tx) => tx.platformPlan.findMany({ orderBy: { name: 'asc' } }));
    return { items: rows.map(planAnswer) };
  }

  async putPlan(name: string, { title, bounds }: { title: string; bounds: PlatformBounds }): Promise<PlatformPlan> {
    const answer = await this.database.inTenant(platformLog.tenantId, async (tx) => {
      await tx.$queryRaw`SELECT FROM sluice.platform_plans WHERE name = ${name} FOR UPDATE`;
      const before = await findPlan(tx, name);
      const row = await tx.platformPlan.upsert({
        where: { name },
        create: { name, title, bounds },
        update: {
          title,
          bounds,
          updatedAt: later(...(before === null ? [] : [before.updatedAt])),
          ...(before === null || hasSameTraffic(before, bounds) ? {} : { untoldSince: new Date() }),
        },
      });
      const after = planAnswer(row);
      await notePlatformChange(tx, {
        table: 'platform_plans',
        before: before === null ? null : { ...planAnswer(before) },
        after: { ...after },
      });
      return after;
    });
    this.rollout.wake();
    return answer;
  }

  /** What a tenant is told of its own. */
  async planOf({ tenantId }: Access): Promise<TenantPlatformPlan> {
    const [{ plan }, counted] = await this.database.inTenant(tenantId, async (tx) => [
      await tx.tenant.findUniqueOrThrow({ where: { id: tenantId }, include: { plan: true } }),
      await count(tenantId, tx),
    ]);
    return { ...planAnswer(plan), use: await this.useOf(tenantId, counted) };
  }

  async find(slug: string): Promise<Tenant> {
    const tenant = await this.database.inOperator(async (tx) => tx.tenant.findUnique({ where: { slug } }));
    if (tenant === null) throw notFound('tenant of this name');
    return tenant;
  }

  /** Asks Redis: when the transaction has ended, so that neither its connection nor its locks wait for that. */
  private async useOf(tenantId: string, { platform, made }: Counted): Promise<PlatformUse> {
    const limits = platformLimits(tenantId, platform);
    const left = await this.budgets.read(limits);
    const usedOf = (name: string): number | null => {
      const at = limits.findIndex((limit) => limit.name === name);
      const [limit, known] = [limits[at], left[at]];
      return limit === undefined || known === undefined ? null : Math.max(0, Math.ceil(limit.units - known.left));
    };
    return {
      ...made,
      requestsPerSecond: usedOf(platformLimitNames.requestsPerSecond),
      recordsPerDay: usedOf(platformLimitNames.recordsPerDay),
    };
  }
}

type Counted = Awaited<ReturnType<typeof count>>;

async function count(tenantId: string, tx: Tx) {
  const { platform } = await platformBoundsIn(tx, tenantId);
  return { platform, made: await platformUse(tenantId, tx) };
}

/** Whether gateways would enforce the same by both. */
function hasSameTraffic({ bounds }: PlanRow, others: unknown): boolean {
  const [one, other] = [platformBoundsSchema.parse(bounds), platformBoundsSchema.parse(others)];
  return (['requestsPerSecond', 'recordsPerDay'] as const).every(
    (name) => (one[name] ?? null) === (other[name] ?? null),
  );
}

async function findPlan(tx: Tx, name: string): Promise<PlanRow | null> {
  return tx.platformPlan.findUnique({ where: { name } });
}

function planAnswer({ name, title, bounds }: PlanRow): PlatformPlan {
  return { name, title, bounds: platformBoundsSchema.parse(bounds) };
}

function tenantAnswer(row: Tenant): OperatedTenant {
  const { id, slug, title, platformPlan, suspendedAt, createdAt } = row;
  return {
    id,
    slug,
    title,
    platformPlan,
    suspendedAt: suspendedAt?.toISOString() ?? null,
    deletion: deletionOf(row),
    createdAt: createdAt.toISOString(),
  };
}
