// Plans: limits, for a set of APIs.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Post, Put, Query } from '@nestjs/common';
import {
  pageOf,
  pageQuerySchema,
  planCreateSchema,
  planPutSchema,
  planSchema,
  type Page,
  type Plan,
  type PlanSpec,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { PlansService } from './plans.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/plans')
export class PlansController {
  constructor(@Inject(PlansService) private readonly plans: PlansService) {}

  @Get()
  @Endpoint({ summary: 'List plans', access: 'configuration.read', answer: pageOf(planSchema, 'PlanPage') })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Plan>> {
    return this.plans.list(access, environment, query);
  }

  @Post()
  @Endpoint({
    summary: 'Create a plan',
    access: 'configuration.change',
    answer: planSchema,
    status: 201,
    problems: ['name_taken'],
    isIdempotent: true,
  })
  async create(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Body({ schema: planCreateSchema }) body: PlanSpec & { name: string },
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<Plan> {
    return this.plans.create(access, environment, body, idempotency);
  }

  @Get(':plan')
  @Endpoint({ summary: 'Read a plan', access: 'configuration.read', answer: planSchema, hasEtag: true })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('plan') name: string,
  ): Promise<Tagged<Plan>> {
    return this.plans.read(access, environment, name);
  }

  @Put(':plan')
  @Endpoint({
    summary: 'Replace a plan; its limits change for everybody on it with the next publication',
    access: 'configuration.change',
    answer: planSchema,
    hasEtag: true,
  })
  async replace(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('plan') name: string,
    @Body({ schema: planPutSchema }) body: PlanSpec,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Plan>> {
    return this.plans.replace(access, environment, name, body, ifMatch);
  }

  @Delete(':plan')
  @Endpoint({ summary: 'Delete a plan', access: 'configuration.change', problems: ['still_in_use'], hasEtag: true })
  async remove(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('plan') name: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.plans.remove(access, environment, name, ifMatch);
  }
}
