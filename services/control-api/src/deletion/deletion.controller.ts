// What an owner does about the deletion of a tenant after it, and all that the operator does about it.
import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  confirmQuerySchema,
  operatorRestoreSchema,
  pageOf,
  pageQuerySchema,
  purgeSchema,
  tenantRestoreSchema,
  tenantSchema,
  type OperatorRestore,
  type Page,
  type Purge,
  type Tenant,
} from '@sluice/contracts';
import { AccessParam, CallerParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import type { Caller } from '../identity/session.js';
import { OperatorService } from '../operator/operator.service.js';
import { DeletionService } from './deletion.service.js';

@Controller('v1')
export class DeletionController {
  constructor(
    @Inject(DeletionService) private readonly deletion: DeletionService,
    @Inject(OperatorService) private readonly operator: OperatorService,
  ) {}

  @Post('tenants/:tenant/restore')
  @Endpoint({
    summary: 'Restore a deleted tenant as it was, before it is purged',
    access: 'tenant.delete',
    isForDeleted: true,
    answer: tenantSchema,
    problems: ['state_conflict'],
    hasEtag: true,
  })
  async restore(
    @AccessParam() { tenantId }: Access,
    @Body({ schema: tenantRestoreSchema }) _body: object,
  ): Promise<Tagged<Tenant>> {
    return this.deletion.restore(tenantId);
  }

  @Delete('operator/tenants/:tenant')
  @Endpoint({
    summary: 'Delete a tenant: it is served nowhere, and purged after the days of grace',
    access: 'operator',
    answer: tenantSchema,
    problems: ['state_conflict'],
  })
  async operatorRemove(
    @Param('tenant') slug: string,
    @Query({ schema: confirmQuerySchema }) { confirm }: { confirm: string },
  ): Promise<Tagged<Tenant>> {
    const { id } = await this.operator.find(slug);
    return this.deletion.remove(id, { slug, confirm });
  }

  @Post('operator/tenants/:tenant/restore')
  @Endpoint({
    summary: 'Restore a deleted tenant as it was, before it is purged; one that nobody owns any more is given an owner',
    access: 'operator',
    answer: tenantSchema,
    problems: ['state_conflict'],
  })
  async operatorRestore(
    @Param('tenant') slug: string,
    @Body({ schema: operatorRestoreSchema }) { owner }: OperatorRestore,
    @CallerParam() { email }: Caller,
  ): Promise<Tagged<Tenant>> {
    const { id } = await this.operator.find(slug);
    return this.deletion.restore(id, { email, owner });
  }

  @Get('operator/purges')
  @Endpoint({
    summary: 'List what was purged, and what was taken where',
    access: 'operator',
    answer: pageOf(purgeSchema, 'PurgePage'),
  })
  async purges(@Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Purge>> {
    return this.deletion.purges(query);
  }
}
