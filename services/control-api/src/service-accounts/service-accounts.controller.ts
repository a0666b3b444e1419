// Service accounts of a tenant, and their tokens. What makes or ends them takes a person: a token that could mint tokens would
// outlive its own expiry and scope.
import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  pageOf,
  pageQuerySchema,
  serviceAccountCreateSchema,
  serviceAccountPatchSchema,
  serviceAccountSchema,
  serviceTokenCreateSchema,
  serviceTokenSchema,
  serviceTokenWithSecretSchema,
  type Page,
  type ServiceAccount,
  type ServiceAccountCreate,
  type ServiceRole,
  type ServiceToken,
  type ServiceTokenCreate,
  type ServiceTokenWithSecret,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { ServiceAccountsService } from './service-accounts.service.js';

@Controller('v1/tenants/:tenant/service-accounts')
export class ServiceAccountsController {
  constructor(@Inject(ServiceAccountsService) private readonly accounts: ServiceAccountsService) {}

  @Get()
  @Endpoint({
    summary: 'List service accounts',
    access: 'service-account.read',
    answer: pageOf(serviceAccountSchema, 'ServiceAccountPage'),
  })
  async list(
    @AccessParam() access: Access,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<ServiceAccount>> {
    return this.accounts.list(access, query);
  }

  @Post()
  @Endpoint({
    summary: 'Create a service account',
    access: 'service-account.change',
    isForPeople: true,
    answer: serviceAccountSchema,
    status: 201,
    problems: ['name_taken'],
    isIdempotent: true,
  })
  async create(
    @AccessParam() access: Access,
    @Body({ schema: serviceAccountCreateSchema }) body: ServiceAccountCreate,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<ServiceAccount> {
    return this.accounts.create(access, body, idempotency);
  }

  @Get(':account')
  @Endpoint({ summary: 'Read a service account', access: 'service-account.read', answer: serviceAccountSchema })
  async read(@AccessParam() access: Access, @Param('account') accountId: string): Promise<ServiceAccount> {
    return this.accounts.read(access, accountId);
  }

  @Patch(':account')
  @Endpoint({
    summary: "Change a service account's role, for all of its tokens from the next request on",
    access: 'service-account.change',
    isForPeople: true,
    answer: serviceAccountSchema,
  })
  async setRole(
    @AccessParam() access: Access,
    @Param('account') accountId: string,
    @Body({ schema: serviceAccountPatchSchema }) body: { role: ServiceRole },
  ): Promise<ServiceAccount> {
    return this.accounts.setRole(access, accountId, body.role);
  }

  @Delete(':account')
  @Endpoint({
    summary: 'Delete a service account with all of its tokens',
    access: 'service-account.change',
    isForPeople: true,
  })
  async remove(@AccessParam() access: Access, @Param('account') accountId: string): Promise<void> {
    await this.accounts.remove(access, accountId);
  }

  @Get(':account/tokens')
  @Endpoint({
    summary: "List a service account's tokens, expired ones too",
    access: 'service-account.read',
    answer: pageOf(serviceTokenSchema, 'ServiceTokenPage'),
  })
  async tokens(
    @AccessParam() access: Access,
    @Param('account') accountId: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<ServiceToken>> {
    return this.accounts.tokens(access, accountId, query);
  }

  @Post(':account/tokens')
  @Endpoint({
    summary: 'Create a token: shown in this answer, and never again',
    access: 'service-account.change',
    isForPeople: true,
    answer: serviceTokenWithSecretSchema,
    status: 201,
    problems: ['name_taken', 'state_conflict'],
    isIdempotent: true,
  })
  async createToken(
    @AccessParam() access: Access,
    @Param('account') accountId: string,
    @Body({ schema: serviceTokenCreateSchema }) body: ServiceTokenCreate,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<ServiceTokenWithSecret> {
    return this.accounts.createToken(access, accountId, body, idempotency);
  }

  @Delete(':account/tokens/:serviceToken')
  @Endpoint({
    summary: 'Revoke a token: the next request with it is refused',
    access: 'service-account.change',
    isForPeople: true,
  })
  async revokeToken(
    @AccessParam() access: Access,
    @Param('account') accountId: string,
    @Param('serviceToken') tokenId: string,
  ): Promise<void> {
    await this.accounts.revokeToken(access, accountId, tokenId);
  }
}
