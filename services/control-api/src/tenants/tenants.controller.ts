// Tenants.
import { Body, Controller, Delete, Get, Headers, Inject, Patch, Post, Query } from '@nestjs/common';
import {
  confirmQuerySchema,
  pageOf,
  pageQuerySchema,
  tenantCreateSchema,
  tenantPatchSchema,
  tenantSchema,
  type Page,
  type Tenant,
  type TenantCreate,
} from '@sluice/contracts';
import { DeletionService } from '../deletion/deletion.service.js';
import { AccessParam, CallerParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import type { Caller } from '../identity/session.js';
import { TenantsService } from './tenants.service.js';

@Controller('v1/tenants')
export class TenantsController {
  constructor(
    @Inject(TenantsService) private readonly tenants: TenantsService,
    @Inject(DeletionService) private readonly deletion: DeletionService,
  ) {}

  @Get()
  @Endpoint({ summary: 'List your tenants', access: 'person', answer: pageOf(tenantSchema, 'TenantPage') })
  async list(
    @CallerParam() caller: Caller,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Tenant>> {
    return this.tenants.list(caller, query);
  }

  @Post()
  @Endpoint({
    summary: 'Create a tenant, with the environment `production`; you are its owner',
    access: 'session',
    answer: tenantSchema,
    status: 201,
    problems: ['name_taken'],
    isIdempotent: true,
  })
  async create(
    @CallerParam() caller: Caller,
    @Body({ schema: tenantCreateSchema }) body: TenantCreate,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<Tenant> {
    return this.tenants.create(caller, body, idempotency);
  }

  @Get(':tenant')
  @Endpoint({ summary: 'Read a tenant', access: 'tenant.read', answer: tenantSchema, hasEtag: true })
  async read(@AccessParam() access: Access): Promise<Tagged<Tenant>> {
    return this.tenants.read(access);
  }

  @Patch(':tenant')
  @Endpoint({ summary: 'Change the title of a tenant', access: 'tenant.change', answer: tenantSchema, hasEtag: true })
  async rename(
    @AccessParam() access: Access,
    @Body({ schema: tenantPatchSchema }) body: { title: string },
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Tenant>> {
    return this.tenants.rename(access, body.title, ifMatch);
  }

  @Delete(':tenant')
  @Endpoint({
    summary:
      'Delete a tenant with everything in it: its hosts stop answering at once, and it is gone for good after the days of grace',
    access: 'tenant.delete',
    answer: tenantSchema,
    problems: ['state_conflict'],
    hasEtag: true,
  })
  async remove(
    @AccessParam() { tenantId, tenantSlug: slug }: Access,
    @Query({ schema: confirmQuerySchema }) { confirm }: { confirm: string },
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Tenant>> {
    return this.deletion.remove(tenantId, { slug, confirm }, ifMatch);
  }
}
