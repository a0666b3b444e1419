// Environments: each has its own draft, revisions, hosts, subscriptions and credentials.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  environmentCreateSchema,
  environmentPatchSchema,
  environmentSchema,
  pageOf,
  pageQuerySchema,
  type Environment,
  type Page,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { EnvironmentsService } from './environments.service.js';

@Controller('v1/tenants/:tenant/environments')
export class EnvironmentsController {
  constructor(@Inject(EnvironmentsService) private readonly environments: EnvironmentsService) {}

  @Get()
  @Endpoint({
    summary: 'List environments',
    access: 'environment.read',
    answer: pageOf(environmentSchema, 'EnvironmentPage'),
  })
  async list(
    @AccessParam() access: Access,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Environment>> {
    return this.environments.list(access, query);
  }

  @Post()
  @Endpoint({
    summary: 'Create an environment',
    access: 'environment.change',
    answer: environmentSchema,
    status: 201,
    problems: ['name_taken'],
    isIdempotent: true,
  })
  async create(
    @AccessParam() access: Access,
    @Body({ schema: environmentCreateSchema }) body: { name: string },
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<Environment> {
    return this.environments.create(access, body.name, idempotency);
  }

  @Get(':environment')
  @Endpoint({ summary: 'Read an environment', access: 'environment.read', answer: environmentSchema, hasEtag: true })
  async read(@AccessParam() access: Access, @Param('environment') name: string): Promise<Tagged<Environment>> {
    return this.environments.read(access, name);
  }

  @Patch(':environment')
  @Endpoint({
    summary: 'Rename an environment; its hosts change with it',
    access: 'environment.change',
    answer: environmentSchema,
    problems: ['name_taken', 'state_conflict'],
    hasEtag: true,
  })
  async rename(
    @AccessParam() access: Access,
    @Param('environment') name: string,
    @Body({ schema: environmentPatchSchema }) body: { name: string },
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Environment>> {
    return this.environments.rename(access, name, body.name, ifMatch);
  }

  @Delete(':environment')
  @Endpoint({
    summary: 'Delete an environment with everything in it',
    access: 'environment.change',
    problems: ['state_conflict'],
    hasEtag: true,
  })
  async remove(
    @AccessParam() access: Access,
    @Param('environment') name: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.environments.remove(access, name, ifMatch);
  }
}
