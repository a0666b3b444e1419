// The operator's endpoints, and what a tenant sees of its platform plan.
import { Body, Controller, Get, Inject, Param, Patch, Put, Query } from '@nestjs/common';
import {
  objectNameSchema,
  operatedTenantPatchSchema,
  operatedTenantSchema,
  operatedTenantWithUseSchema,
  pageOf,
  pageQuerySchema,
  platformPlanPutSchema,
  platformPlanSchema,
  platformPlansSchema,
  tenantPlatformPlanSchema,
  type OperatedTenant,
  type OperatedTenantPatch,
  type OperatedTenantWithUse,
  type Page,
  type PlatformBounds,
  type PlatformPlan,
  type PlatformPlans,
  type TenantPlatformPlan,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import { notFound } from '../http/refusal.js';
import { OperatorService } from './operator.service.js';

@Controller('v1')
export class OperatorController {
  constructor(@Inject(OperatorService) private readonly operator: OperatorService) {}

  @Get('operator/tenants')
  @Endpoint({
    summary: 'List the tenants of the platform',
    access: 'operator',
    answer: pageOf(operatedTenantSchema, 'OperatedTenantPage'),
  })
  async tenants(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<OperatedTenant>> {
    return this.operator.tenants(query);
  }

  @Get('operator/tenants/:tenant')
  @Endpoint({
    summary: 'Read a tenant, with what it uses of its platform plan',
    access: 'operator',
    answer: operatedTenantWithUseSchema,
  })
  async tenant(@Param('tenant') slug: string): Promise<OperatedTenantWithUse> {
    return this.operator.tenant(slug);
  }

  @Patch('operator/tenants/:tenant')
  @Endpoint({
    summary: 'Put a tenant on another platform plan, suspend it, or let it go on as it was',
    access: 'operator',
    answer: operatedTenantWithUseSchema,
  })
  async change(
    @Param('tenant') slug: string,
    @Body({ schema: operatedTenantPatchSchema }) body: OperatedTenantPatch,
  ): Promise<OperatedTenantWithUse> {
    return this.operator.change(slug, body);
  }

  @Get('operator/platform-plans')
  @Endpoint({ summary: 'List the platform plans', access: 'operator', answer: platformPlansSchema })
  async plans(): Promise<PlatformPlans> {
    return this.operator.plans();
  }

  @Put('operator/platform-plans/:platformPlan')
  @Endpoint({
    summary: 'Make or change a platform plan, for all tenants that are on it; `standard` is that of new ones',
    access: 'operator',
    answer: platformPlanSchema,
  })
  async putPlan(
    @Param('platformPlan') name: string,
    @Body({ schema: platformPlanPutSchema }) body: { title: string; bounds: PlatformBounds },
  ): Promise<PlatformPlan> {
    if (!objectNameSchema.safeParse(name).success) throw notFound('platform plan that could have this name');
    return this.operator.putPlan(name, body);
  }

  @Get('tenants/:tenant/platform-plan')
  @Endpoint({
    summary: 'What the tenant may use at most, and uses',
    access: 'tenant.read',
    answer: tenantPlatformPlanSchema,
  })
  async planOf(@AccessParam() access: Access): Promise<TenantPlatformPlan> {
    return this.operator.planOf(access);
  }
}
