// API keys of subscriptions.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  credentialCreateSchema,
  credentialPatchSchema,
  credentialSchema,
  credentialWithKeySchema,
  pageOf,
  pageQuerySchema,
  type Credential,
  type CredentialWithKey,
  type Page,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { CredentialsService } from './credentials.service.js';

@Controller('v1/tenants/:tenant/environments/:environment')
export class CredentialsController {
  constructor(@Inject(CredentialsService) private readonly credentials: CredentialsService) {}

  @Get('subscriptions/:subscription/credentials')
  @Endpoint({
    summary: "List a subscription's keys, revoked ones too",
    access: 'consumer.read',
    answer: pageOf(credentialSchema, 'CredentialPage'),
  })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('subscription') subscriptionId: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Credential>> {
    return this.credentials.list(access, environment, subscriptionId, query);
  }

  @Post('subscriptions/:subscription/credentials')
  @Endpoint({
    summary: 'Create a key: shown in this answer, and never again',
    access: 'consumer.change',
    answer: credentialWithKeySchema,
    status: 201,
    problems: ['state_conflict'],
    isIdempotent: true,
  })
  async create(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('subscription') subscriptionId: string,
    @Body({ schema: credentialCreateSchema }) body: { name: string },
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<CredentialWithKey> {
    return this.credentials.create(access, environment, subscriptionId, body.name, idempotency);
  }

  @Get('credentials/:credential')
  @Endpoint({ summary: 'Read what is kept of a key', access: 'consumer.read', answer: credentialSchema, hasEtag: true })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('credential') credentialId: string,
  ): Promise<Tagged<Credential>> {
    return this.credentials.read(access, environment, credentialId);
  }

  @Patch('credentials/:credential')
  @Endpoint({ summary: 'Rename a key', access: 'consumer.change', answer: credentialSchema, hasEtag: true })
  async rename(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('credential') credentialId: string,
    @Body({ schema: credentialPatchSchema }) body: { name: string },
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Credential>> {
    return this.credentials.rename(access, environment, credentialId, body.name, ifMatch);
  }

  @Delete('credentials/:credential')
  @Endpoint({
    summary: 'Revoke a key, for good: requests with it are refused within a second',
    access: 'consumer.change',
  })
  async revoke(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('credential') credentialId: string,
  ): Promise<void> {
    await this.credentials.revoke(access, environment, credentialId);
  }
}
