// Developers: the people who call a tenant's APIs. They register by themselves, in the portal.
import { Controller, Delete, Get, Inject, Param, Query } from '@nestjs/common';
import { developerSchema, pageOf, pageQuerySchema, type Developer, type Page } from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import { DevelopersService } from './developers.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/developers')
export class DevelopersController {
  constructor(@Inject(DevelopersService) private readonly developers: DevelopersService) {}

  @Get()
  @Endpoint({ summary: 'List developers', access: 'consumer.read', answer: pageOf(developerSchema, 'DeveloperPage') })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<Developer>> {
    return this.developers.list(access, environment, query);
  }

  @Get(':developer')
  @Endpoint({ summary: 'Read a developer', access: 'consumer.read', answer: developerSchema })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('developer') developerId: string,
  ): Promise<Developer> {
    return this.developers.read(access, environment, developerId);
  }

  @Delete(':developer')
  @Endpoint({
    summary: 'Remove a developer who has no applications',
    access: 'consumer.remove',
    problems: ['still_in_use'],
  })
  async remove(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('developer') developerId: string,
  ): Promise<void> {
    await this.developers.remove(access, environment, developerId);
  }
}
