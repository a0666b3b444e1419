// Secrets: values that documents refer to as `secret:<name>`. They go in, and never come out.
import { Body, Controller, Delete, Get, Headers, Inject, Param, Put, Query } from '@nestjs/common';
import {
  pageOf,
  pageQuerySchema,
  secretPutSchema,
  secretSchema,
  type Page,
  type Secret,
  type SecretPut,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { compilingUnits, Endpoint } from '../http/endpoint.js';
import type { Tagged } from '../http/tagged.js';
import { SecretsService } from './secrets.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/secrets')
export class SecretsController {
  constructor(@Inject(SecretsService) private readonly secrets: SecretsService) {}

  @Get()
  @Endpoint({
    summary: 'List secrets: names and versions, never values',
    access: 'secret.read',
    answer: pageOf(secretSchema, 'SecretPage'),
  })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Secret>> {
    return this.secrets.list(access, environment, query);
  }

  @Get(':secret')
  @Endpoint({
    summary: 'Read what is known of a secret, but its value',
    access: 'secret.read',
    answer: secretSchema,
    hasEtag: true,
  })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('secret') name: string,
  ): Promise<Tagged<Secret>> {
    return this.secrets.read(access, environment, name);
  }

  @Put(':secret')
  @Endpoint({
    summary: 'Set the value of a secret; the gateways have it at once, without publishing',
    access: 'secret.change',
    answer: secretSchema,
    problems: ['state_conflict'],
    hasEtag: true,
    units: compilingUnits,
  })
  async set(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('secret') name: string,
    @Body({ schema: secretPutSchema }) { value }: SecretPut,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Tagged<Secret>> {
    return this.secrets.set(access, environment, name, value, ifMatch);
  }

  @Delete(':secret')
  @Endpoint({
    summary: 'Delete a secret that nothing refers to',
    access: 'secret.change',
    problems: ['still_in_use'],
    hasEtag: true,
  })
  async remove(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('secret') name: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.secrets.remove(access, environment, name, ifMatch);
  }
}
