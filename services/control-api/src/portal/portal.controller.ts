// The developer portal's endpoints: the offer is public, the rest is each developer's own.
import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  applicationPatchSchema,
  credentialWithKeySchema,
  ownCredentialCreateSchema,
  pageOf,
  pageQuerySchema,
  portalApplicationSchema,
  portalSchema,
  quickStartBodySchema,
  quickStartSchema,
  rotatedCredentialSchema,
  rotationBodySchema,
  tryCredentialBodySchema,
  tryCredentialSchema,
  usageSchema,
  type CredentialWithKey,
  type Page,
  type Portal,
  type PortalApplication,
  type QuickStart,
  type RotatedCredential,
  type Rotation,
  type TryCredential,
  type Usage,
} from '@sluice/contracts';
import { usageQuerySchema, type Range } from '../analytics/range.js';
import { CallerParam } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import type { Caller } from '../identity/session.js';
import { PortalService } from './portal.service.js';

@Controller('v1/portal/:tenant')
export class PortalController {
  constructor(@Inject(PortalService) private readonly portal: PortalService) {}

  @Get()
  @Endpoint({
    summary: 'What a tenant has on offer: the APIs and plans that are live',
    access: 'public',
    answer: portalSchema,
  })
  async offer(@Param('tenant') slug: string): Promise<Portal> {
    return this.portal.offer(slug);
  }

  @Post('quick-start')
  @Endpoint({
    summary: 'An application, a subscription and a key at once; asked for again, what there is, without a key',
    access: 'session',
    answer: quickStartSchema,
    status: 201,
  })
  async quickStart(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Body({ schema: quickStartBodySchema }) body: { plan: string },
  ): Promise<QuickStart> {
    return this.portal.quickStart(slug, caller, body.plan);
  }

  @Get('applications')
  @Endpoint({
    summary: 'List your applications at this tenant',
    access: 'session',
    answer: pageOf(portalApplicationSchema, 'PortalApplicationPage'),
  })
  async applications(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<PortalApplication>> {
    return this.portal.applications(slug, caller, query);
  }

  @Get('applications/:application')
  @Endpoint({ summary: 'Read an application of yours', access: 'session', answer: portalApplicationSchema })
  async application(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Param('application') id: string,
  ): Promise<PortalApplication> {
    return this.portal.application(slug, caller, id);
  }

  @Patch('applications/:application')
  @Endpoint({
    summary: 'Change the title of an application of yours',
    access: 'session',
    answer: portalApplicationSchema,
  })
  async rename(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Param('application') id: string,
    @Body({ schema: applicationPatchSchema }) body: { title: string },
  ): Promise<PortalApplication> {
    return this.portal.rename(slug, caller, id, body.title);
  }

  @Post('subscriptions/:subscription/credentials')
  @Endpoint({
    summary: 'Create a key of yours: shown in this answer, and never again',
    access: 'session',
    answer: credentialWithKeySchema,
    status: 201,
    problems: ['state_conflict'],
    isIdempotent: true,
  })
  async createKey(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Param('subscription') subscriptionId: string,
    @Body({ schema: ownCredentialCreateSchema }) body: { name: string; expiresAt?: string | undefined },
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<CredentialWithKey> {
    return this.portal.createKey(slug, caller, subscriptionId, body, idempotency);
  }

  @Post('subscriptions/:subscription/try-credential')
  @Endpoint({
    summary: 'A key of 15 minutes to try the API with: shown in this answer, and in no list',
    access: 'session',
    answer: tryCredentialSchema,
    status: 201,
    problems: ['state_conflict', 'too_many_attempts'],
    isIdempotent: true,
  })
  async createTryKey(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Param('subscription') subscriptionId: string,
    @Body({ schema: tryCredentialBodySchema }) _body: object,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<TryCredential> {
    return this.portal.createTryKey(slug, caller, subscriptionId, idempotency);
  }

  @Post('credentials/:credential/rotate')
  @Endpoint({
    summary: 'Replace a key of yours: the new one is shown in this answer, the old one goes on for overlapMs',
    access: 'session',
    answer: rotatedCredentialSchema,
    status: 201,
    problems: ['state_conflict'],
    isIdempotent: true,
  })
  async rotateKey(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Param('credential') credentialId: string,
    @Body({ schema: rotationBodySchema }) body: Rotation,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<RotatedCredential> {
    return this.portal.rotateKey(slug, caller, credentialId, body, idempotency);
  }

  @Delete('credentials/:credential')
  @Endpoint({ summary: 'Revoke a key of yours, for good', access: 'session' })
  async revokeKey(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Param('credential') credentialId: string,
  ): Promise<void> {
    await this.portal.revokeKey(slug, caller, credentialId);
  }

  @Get('applications/:application/usage')
  @Endpoint({
    summary: 'What an application of yours has used; the last 30 days unless a range is given',
    access: 'session',
    answer: usageSchema,
    problems: ['analytics_unavailable'],
  })
  async usage(
    @CallerParam() caller: Caller,
    @Param('tenant') slug: string,
    @Param('application') id: string,
    @Query({ schema: usageQuerySchema }) query: Partial<Range>,
  ): Promise<Usage> {
    return this.portal.usage(slug, caller, id, query);
  }
}
