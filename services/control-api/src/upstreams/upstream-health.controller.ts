// The health of upstreams' targets.
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { environmentHealthSchema, type EnvironmentHealth } from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import { UpstreamHealthService } from './upstream-health.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/upstream-health')
export class UpstreamHealthController {
  constructor(@Inject(UpstreamHealthService) private readonly health: UpstreamHealthService) {}

  @Get()
  @Endpoint({
    summary: 'Read the health of upstreams as the gateways see it',
    access: 'configuration.read',
    answer: environmentHealthSchema,
  })
  async read(@AccessParam() access: Access, @Param('environment') environment: string): Promise<EnvironmentHealth> {
    return this.health.read(access, environment);
  }
}
