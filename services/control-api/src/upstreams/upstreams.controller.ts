// Upstreams: where requests go.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Post, Put, Query } from '@nestjs/common';
import {
  pageOf,
  pageQuerySchema,
  upstreamCreateSchema,
  upstreamPutSchema,
  upstreamSchema,
  type Page,
  type Upstream,
  type UpstreamSpec,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { UpstreamsService } from './upstreams.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/upstreams')
export class UpstreamsController {
  constructor(@Inject(UpstreamsService) private readonly upstreams: UpstreamsService) {}

  @Get()
  @Endpoint({ summary: 'List upstreams', access: 'configuration.read', answer: pageOf(upstreamSchema, 'UpstreamPage') })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Upstream>> {
    return this.upstreams.list(access, environment, query);
  }

  @Post()
  @Endpoint({
    summary: 'Create an upstream',
    access: 'configuration.change',
    answer: upstreamSchema,
    status: 201,
    problems: ['name_taken'],
    isIdempotent: true,
  })
  async create(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Body({ schema: upstreamCreateSchema }) body: UpstreamSpec & { name: string },
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<Upstream> {
    return this.upstreams.create(access, environment, body, idempotency);
  }

  @Get(':upstream')
  @Endpoint({ summary: 'Read an upstream', access: 'configuration.read', answer: upstreamSchema, hasEtag: true })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('upstream') name: string,
  ): Promise<Tagged<Upstream>> {
    return this.upstreams.read(access, environment, name);
  }

  @Put(':upstream')
  @Endpoint({ summary: 'Replace an upstream', access: 'configuration.change', answer: upstreamSchema, hasEtag: true })
  async replace(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('upstream') name: string,
    @Body({ schema: upstreamPutSchema }) body: UpstreamSpec,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Upstream>> {
    return this.upstreams.replace(access, environment, name, body, ifMatch);
  }

  @Delete(':upstream')
  @Endpoint({
    summary: 'Delete an upstream',
    access: 'configuration.change',
    problems: ['still_in_use'],
    hasEtag: true,
  })
  async remove(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('upstream') name: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.upstreams.remove(access, environment, name, ifMatch);
  }
}
