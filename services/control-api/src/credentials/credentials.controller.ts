// API keys of subscriptions.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  credentialCreateSchema,
  credentialPatchSchema,
  credentialSchema,
  credentialWithKeySchema,
  pageOf,
  pageQuerySchema,
  rotatedCredentialSchema,
  rotationBodySchema,
  type Credential,
  type CredentialCreate,
  type CredentialPatch,
  type CredentialWithKey,
  type Page,
  type RotatedCredential,
  type Rotation,
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
    @Body({ schema: credentialCreateSchema }) body: CredentialCreate,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<CredentialWithKey> {
    return this.credentials.create(access, environment, subscriptionId, body, idempotency);
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
  @Endpoint({
    summary: 'Rename a key, or change its scopes or its expiry',
    access: 'consumer.change',
    answer: credentialSchema,
    problems: ['state_conflict'],
    hasEtag: true,
  })
  async change(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('credential') credentialId: string,
    @Body({ schema: credentialPatchSchema }) body: CredentialPatch,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Credential>> {
    return this.credentials.change(access, environment, credentialId, body, ifMatch);
  }

  @Post('credentials/:credential/rotate')
  @Endpoint({
    summary: 'Replace a key: the new one is shown in this answer, the old one goes on for overlapMs',
    access: 'consumer.change',
    answer: rotatedCredentialSchema,
    status: 201,
    problems: ['state_conflict'],
    isIdempotent: true,
  })
  async rotate(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('credential') credentialId: string,
    @Body({ schema: rotationBodySchema }) body: Rotation,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<RotatedCredential> {
    return this.credentials.rotate(access, environment, credentialId, body, idempotency);
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
