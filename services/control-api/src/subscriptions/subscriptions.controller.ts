// Subscriptions: limits belong to them, not to their keys.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  pageOf,
  pageQuerySchema,
  subscriptionCreateSchema,
  subscriptionPatchSchema,
  subscriptionSchema,
  type Page,
  type Subscription,
} from '@sluice/contracts';
import type { z } from 'zod';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { SubscriptionsService } from './subscriptions.service.js';

@Controller('v1/tenants/:tenant/environments/:environment')
export class SubscriptionsController {
  constructor(@Inject(SubscriptionsService) private readonly subscriptions: SubscriptionsService) {}

  @Get('applications/:application/subscriptions')
  @Endpoint({
    summary: "List an application's subscriptions",
    access: 'consumer.read',
    answer: pageOf(subscriptionSchema, 'SubscriptionPage'),
  })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('application') applicationId: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Subscription>> {
    return this.subscriptions.list(access, environment, applicationId, query);
  }

  @Post('applications/:application/subscriptions')
  @Endpoint({
    summary: 'Subscribe an application to a plan',
    access: 'consumer.change',
    answer: subscriptionSchema,
    status: 201,
    problems: ['state_conflict'],
    isIdempotent: true,
  })
  async create(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('application') applicationId: string,
    @Body({ schema: subscriptionCreateSchema }) body: z.infer<typeof subscriptionCreateSchema>,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<Subscription> {
    return this.subscriptions.create(access, environment, applicationId, body, idempotency);
  }

  @Get('subscriptions/:subscription')
  @Endpoint({ summary: 'Read a subscription', access: 'consumer.read', answer: subscriptionSchema, hasEtag: true })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('subscription') subscriptionId: string,
  ): Promise<Tagged<Subscription>> {
    return this.subscriptions.read(access, environment, subscriptionId);
  }

  @Patch('subscriptions/:subscription')
  @Endpoint({
    summary: 'Move a subscription to another plan, or suspend, resume or cancel it',
    access: 'consumer.change',
    answer: subscriptionSchema,
    problems: ['state_conflict'],
    hasEtag: true,
  })
  async change(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('subscription') subscriptionId: string,
    @Body({ schema: subscriptionPatchSchema }) body: z.infer<typeof subscriptionPatchSchema>,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Subscription>> {
    return this.subscriptions.change(access, environment, subscriptionId, body, ifMatch);
  }

  @Delete('subscriptions/:subscription')
  @Endpoint({
    summary: 'Delete a subscription; its keys stop working at once',
    access: 'consumer.change',
    hasEtag: true,
  })
  async remove(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('subscription') subscriptionId: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.subscriptions.remove(access, environment, subscriptionId, ifMatch);
  }
}
