// Applications: what a developer or a member calls the APIs with.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  applicationCreateSchema,
  applicationPatchSchema,
  applicationSchema,
  pageOf,
  pageQuerySchema,
  type Application,
  type Page,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { ApplicationsService } from './applications.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/applications')
export class ApplicationsController {
  constructor(@Inject(ApplicationsService) private readonly applications: ApplicationsService) {}

  @Get()
  @Endpoint({
    summary: 'List applications',
    access: 'consumer.read',
    answer: pageOf(applicationSchema, 'ApplicationPage'),
  })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Application>> {
    return this.applications.list(access, environment, query);
  }

  @Post()
  @Endpoint({
    summary: 'Create an application of your own',
    access: 'consumer.change',
    answer: applicationSchema,
    status: 201,
    isIdempotent: true,
  })
  async create(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Body({ schema: applicationCreateSchema }) body: { title: string },
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<Application> {
    return this.applications.create(access, environment, body.title, idempotency);
  }

  @Get(':application')
  @Endpoint({ summary: 'Read an application', access: 'consumer.read', answer: applicationSchema, hasEtag: true })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('application') applicationId: string,
  ): Promise<Tagged<Application>> {
    return this.applications.read(access, environment, applicationId);
  }

  @Patch(':application')
  @Endpoint({
    summary: 'Change the title of an application',
    access: 'consumer.change',
    answer: applicationSchema,
    hasEtag: true,
  })
  async rename(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('application') applicationId: string,
    @Body({ schema: applicationPatchSchema }) body: { title: string },
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Application>> {
    return this.applications.rename(access, environment, applicationId, body.title, ifMatch);
  }

  @Delete(':application')
  @Endpoint({
    summary: 'Delete an application; its keys stop working at once',
    access: 'consumer.change',
    hasEtag: true,
  })
  async remove(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('application') applicationId: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.applications.remove(access, environment, applicationId, ifMatch);
  }
}
