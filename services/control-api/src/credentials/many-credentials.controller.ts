// Many keys at once.
import { Body, Controller, Delete, Inject, Param, Post } from '@nestjs/common';
import {
  importBodySchema,
  importSchema,
  revocationBodySchema,
  revocationSchema,
  type CredentialImport,
  type ImportedKey,
  type Revocation,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { ManyCredentialsService } from './many-credentials.service.js';

@Controller('v1/tenants/:tenant/environments/:environment')
export class ManyCredentialsController {
  constructor(@Inject(ManyCredentialsService) private readonly credentials: ManyCredentialsService) {}

  @Post('credentials/revoke')
  @Endpoint({
    summary: 'Revoke the keys of a list, for good: all of them, or none when one is not there',
    access: 'consumer.change',
    answer: revocationSchema,
  })
  async revokeListed(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Body({ schema: revocationBodySchema }) body: { credentials: string[] },
  ): Promise<Revocation> {
    return this.credentials.revokeListed(access, environment, body.credentials);
  }

  @Delete('subscriptions/:subscription/credentials')
  @Endpoint({
    summary: "Revoke all of a subscription's keys, for good",
    access: 'consumer.change',
    answer: revocationSchema,
  })
  async revokeOfSubscription(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('subscription') subscriptionId: string,
  ): Promise<Revocation> {
    return this.credentials.revokeOfSubscription(access, environment, subscriptionId);
  }

  @Delete('applications/:application/credentials')
  @Endpoint({
    summary: "Revoke all of an application's keys, for good",
    access: 'consumer.change',
    answer: revocationSchema,
  })
  async revokeOfApplication(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('application') applicationId: string,
  ): Promise<Revocation> {
    return this.credentials.revokeOfApplication(access, environment, applicationId);
  }

  @Post('subscriptions/:subscription/credentials/import')
  @Endpoint({
    summary: 'Take over keys of another system by their SHA-256: all of them, or none',
    access: 'consumer.change',
    answer: importSchema,
    status: 201,
    problems: ['state_conflict'],
    isIdempotent: true,
  })
  async import(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('subscription') subscriptionId: string,
    @Body({ schema: importBodySchema }) body: { credentials: ImportedKey[] },
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<CredentialImport> {
    return this.credentials.import(access, environment, subscriptionId, body.credentials, idempotency);
  }
}
