// What the operators of the platform did, for them to read and to prove.
import { Controller, Get, Inject, Query } from '@nestjs/common';
import {
  auditEntrySchema,
  auditQuerySchema,
  auditVerdictSchema,
  auditVerifyQuerySchema,
  pageOf,
  type AuditEntry,
  type AuditQuery,
  type AuditVerdict,
  type AuditVerifyQuery,
  type Page,
} from '@sluice/contracts';
import { AuditService } from '../audit/audit.service.js';
import { platformLog } from '../audit/platform-log.js';
import { Endpoint } from '../http/endpoint.js';

@Controller('v1/operator/audit-log')
export class PlatformLogController {
  constructor(@Inject(AuditService) private readonly audit: AuditService) {}

  @Get()
  @Endpoint({
    summary: 'Search what operators did, newest first',
    access: 'operator',
    answer: pageOf(auditEntrySchema, 'AuditEntryPage'),
  })
  async search(@Query({ schema: auditQuerySchema }) query: AuditQuery): Promise<Page<AuditEntry>> {
    return this.audit.search(platformLog, query);
  }

  @Get('verify')
  @Endpoint({
    summary: 'Walk the log of what operators did and name the first broken link, if there is one',
    access: 'operator',
    answer: auditVerdictSchema,
  })
  async verify(@Query({ schema: auditVerifyQuerySchema }) query: AuditVerifyQuery): Promise<AuditVerdict> {
    return this.audit.verify(platformLog, query);
  }
}
