// The audit log of a tenant, and that of the platform: what its operators did, for them to read and to prove.
import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
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
import type { Logger } from '@sluice/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { loggableError } from '../database/loggable-error.js';
import { AccessParam, type Access } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import { loggerToken } from '../tokens.js';
import { AuditService } from './audit.service.js';
import { platformLog } from './platform-log.js';

const entryPageSchema = pageOf(auditEntrySchema, 'AuditEntryPage');

@Controller('v1/tenants/:tenant/audit-log')
export class AuditController {
  constructor(
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(loggerToken) private readonly logger: Logger,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Search the audit log, newest first',
    access: 'audit.read',
    answer: entryPageSchema,
  })
  async search(
    @AccessParam() access: Access,
    @Query({ schema: auditQuerySchema }) query: AuditQuery,
  ): Promise<Page<AuditEntry>> {
    return this.audit.search(access, query);
  }

  @Get('export')
  @Endpoint({
    summary: 'Export the whole audit log, oldest first, as lines of JSON',
    access: 'audit.read',
    lines: auditEntrySchema,
  })
  async export(@AccessParam() access: Access, @Req() req: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const entries = this.audit.export(access);
    // Asked for before the answer begins, so that a database that is away still answers with a problem.
    const first = await entries.next();
    const stream = Readable.from(asLines(first, entries), { objectMode: false, highWaterMark: 64 * 1024 });
    stream.on('error', (error) =>
      this.logger.warn({ error: loggableError(error), requestId: req.id }, 'an export of the audit log broke off'),
    );
    void reply.code(200).headers({ 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' }).send(stream);
  }

  @Get('verify')
  @Endpoint({
    summary: 'Walk the audit log and name the first broken link, if there is one',
    access: 'audit.read',
    answer: auditVerdictSchema,
  })
  async verify(
    @AccessParam() access: Access,
    @Query({ schema: auditVerifyQuerySchema }) query: AuditVerifyQuery,
  ): Promise<AuditVerdict> {
    return this.audit.verify(access, query);
  }
}

@Controller('v1/operator/audit-log')
export class PlatformLogController {
  constructor(@Inject(AuditService) private readonly audit: AuditService) {}

  @Get()
  @Endpoint({
    summary: 'Search what operators did, newest first',
    access: 'operator',
    answer: entryPageSchema,
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

async function* asLines<T>(first: IteratorResult<T, unknown>, rest: AsyncGenerator<T>): AsyncGenerator<string> {
  try {
    for (let line = first; line.done !== true; line = await rest.next()) yield `${JSON.stringify(line.value)}\n`;
  } finally {
    await rest.return(undefined);
  }
}
