// Routes: how a request is recognised, and what is applied to it.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Post, Put, Query } from '@nestjs/common';
import {
  pageOf,
  pageQuerySchema,
  routeCreateSchema,
  routePutSchema,
  routeSchema,
  type Page,
  type RouteSpec,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { RoutesService, type Route } from './routes.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/apis/:api/routes')
export class RoutesController {
  constructor(@Inject(RoutesService) private readonly routes: RoutesService) {}

  @Get()
  @Endpoint({ summary: "List an API's routes", access: 'configuration.read', answer: pageOf(routeSchema, 'RoutePage') })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') api: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Route>> {
    return this.routes.list(access, environment, api, query);
  }

  @Post()
  @Endpoint({
    summary: 'Create a route',
    access: 'configuration.change',
    answer: routeSchema,
    status: 201,
    problems: ['name_taken'],
    isIdempotent: true,
  })
  async create(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') api: string,
    @Body({ schema: routeCreateSchema }) body: RouteSpec,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<Route> {
    return this.routes.create(access, environment, api, body, idempotency);
  }

  @Get(':route')
  @Endpoint({ summary: 'Read a route', access: 'configuration.read', answer: routeSchema, hasEtag: true })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') api: string,
    @Param('route') name: string,
  ): Promise<Tagged<Route>> {
    return this.routes.read(access, environment, api, name);
  }

  @Put(':route')
  @Endpoint({ summary: 'Replace a route', access: 'configuration.change', answer: routeSchema, hasEtag: true })
  async replace(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') api: string,
    @Param('route') name: string,
    @Body({ schema: routePutSchema }) body: Omit<RouteSpec, 'name'>,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Route>> {
    return this.routes.replace(access, environment, api, name, body, ifMatch);
  }

  @Delete(':route')
  @Endpoint({ summary: 'Delete a route', access: 'configuration.change', hasEtag: true })
  async remove(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('api') api: string,
    @Param('route') name: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.routes.remove(access, environment, api, name, ifMatch);
  }
}
