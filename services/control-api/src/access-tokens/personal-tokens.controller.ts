// A person's own access tokens.
import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  pageOf,
  pageQuerySchema,
  personalTokenCreateSchema,
  personalTokenSchema,
  personalTokenWithSecretSchema,
  type Page,
  type PersonalToken,
  type PersonalTokenCreate,
  type PersonalTokenWithSecret,
} from '@sluice/contracts';
import { CallerParam } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import type { Caller } from '../identity/session.js';
import { PersonalTokensService } from './personal-tokens.service.js';

@Controller('v1/me/tokens')
export class PersonalTokensController {
  constructor(@Inject(PersonalTokensService) private readonly tokens: PersonalTokensService) {}

  @Get()
  @Endpoint({
    summary: 'List your access tokens, expired ones too',
    access: 'session',
    answer: pageOf(personalTokenSchema, 'PersonalTokenPage'),
  })
  async list(
    @CallerParam() caller: Caller,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<PersonalToken>> {
    return this.tokens.list(caller, query);
  }

  @Post()
  @Endpoint({
    summary: 'Create an access token: shown in this answer, and never again',
    access: 'session',
    answer: personalTokenWithSecretSchema,
    status: 201,
    problems: ['name_taken', 'state_conflict'],
    isIdempotent: true,
  })
  async create(
    @CallerParam() caller: Caller,
    @Body({ schema: personalTokenCreateSchema }) body: PersonalTokenCreate,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<PersonalTokenWithSecret> {
    return this.tokens.create(caller, body, idempotency);
  }

  @Delete(':personalToken')
  @Endpoint({ summary: 'Revoke an access token: the next request with it is refused', access: 'session' })
  async revoke(@CallerParam() caller: Caller, @Param('personalToken') tokenId: string): Promise<void> {
    await this.tokens.revoke(caller, tokenId);
  }
}
