// The gateways that serve an environment.
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { environmentGatewaysSchema, type EnvironmentGateway } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import { findEnvironment } from '../environments/find-environment.js';
import { AccessParam, type Access } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import { databaseToken } from '../tokens.js';
import { environmentGateways } from './environment-gateways.js';

@Controller('v1/tenants/:tenant/environments/:environment/gateways')
export class EnvironmentGatewaysController {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  @Get()
  @Endpoint({
    summary: 'List the gateways that serve an environment, with those that are behind or silent',
    access: 'configuration.read',
    answer: environmentGatewaysSchema,
  })
  async list(
    @AccessParam() { tenantId }: Access,
    @Param('environment') environmentName: string,
  ): Promise<{ items: EnvironmentGateway[] }> {
    const items = await this.database.inTenant(tenantId, async (tx) =>
      environmentGateways(tenantId, tx, await findEnvironment(tenantId, tx, environmentName)),
    );
    return { items };
  }
}
