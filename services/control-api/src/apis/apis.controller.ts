// APIs: what a tenant offers.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  apiCreateSchema,
  apiPatchSchema,
  apiSchema,
  pageOf,
  pageQuerySchema,
  type Api,
  type Page,
} from '@sluice/contracts';
import type { z } from 'zod';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { ApisService } from './apis.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/apis')
export class ApisController {
  constructor(@Inject(ApisService) private readonly apis: ApisService) {}

  @Get()
  @Endpoint({ summary: 'List APIs', access: 'configuration.read', answer: pageOf(apiSchema, 'ApiPage') })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Api>> {
    return this.apis.list(access, environment, query);
  }

  @Post()
  @Endpoint({
    summary: 'Create an API',
    access: 'configuration.change',
    answer: apiSchema,
    status: 201,
    problems: ['name_taken'],
    isIdempotent: true,
  })
  async create(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Body({ schema: apiCreateSchema }) body: z.infer<typeof apiCreateSchema>,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<Api> {
    return this.apis.create(access, environment, body, idempotency);
  }

  @Get(':api')
  @Endpoint({ summary: 'Read an API', access: 'configuration.read', answer: apiSchema, hasEtag: true })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') name: string,
  ): Promise<Tagged<Api>> {
    return this.apis.read(access, environment, name);
  }

  @Patch(':api')
  @Endpoint({
    summary: "Change an API's title, version, versioning or policies",
    access: 'configuration.change',
    answer: apiSchema,
    hasEtag: true,
  })
  async change(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') name: string,
    @Body({ schema: apiPatchSchema }) body: z.infer<typeof apiPatchSchema>,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Api>> {
    return this.apis.change(access, environment, name, body, ifMatch);
  }

  @Delete(':api')
  @Endpoint({
    summary: 'Delete an API with its routes',
    access: 'configuration.change',
    problems: ['still_in_use'],
    hasEtag: true,
  })
  async remove(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') name: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.apis.remove(access, environment, name, ifMatch);
  }
}
