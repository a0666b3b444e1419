// Hosts of one's own, claimed for an environment.
import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import {
  hostClaimCreateSchema,
  hostClaimSchema,
  hostClaimVerifySchema,
  pageOf,
  pageQuerySchema,
  type HostClaim,
  type HostClaimCreate,
  type Page,
} from '@sluice/contracts';
import { AccessParam, type Access } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import { HostsService } from './hosts.service.js';

@Controller('v1/tenants/:tenant/environments/:environment/hosts')
export class HostsController {
  constructor(@Inject(HostsService) private readonly hosts: HostsService) {}

  @Get()
  @Endpoint({
    summary: "List the hosts that an environment claims, beside those that are given to it, with each one's proof",
    access: 'environment.read',
    answer: pageOf(hostClaimSchema, 'HostClaimPage'),
  })
  async list(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<HostClaim>> {
    return this.hosts.list(access, environment, query);
  }

  @Post()
  @Endpoint({
    summary: 'Claim a host; the answer names the TXT record that proves it',
    access: 'host.change',
    answer: hostClaimSchema,
    status: 201,
    problems: ['name_taken', 'state_conflict'],
    isIdempotent: true,
  })
  async claim(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Body({ schema: hostClaimCreateSchema }) { host }: HostClaimCreate,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<HostClaim> {
    return this.hosts.claim(access, environment, host, idempotency);
  }

  @Get(':host')
  @Endpoint({ summary: 'Read a claim', access: 'environment.read', answer: hostClaimSchema })
  async read(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('host') host: string,
  ): Promise<HostClaim> {
    return this.hosts.read(access, environment, host);
  }

  @Post(':host/verify')
  @Endpoint({
    summary: 'Look for the record of a claim now',
    access: 'host.change',
    answer: hostClaimSchema,
    problems: ['too_many_attempts'],
  })
  async verify(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('host') host: string,
    @Body({ schema: hostClaimVerifySchema }) _body: object,
  ): Promise<HostClaim> {
    return this.hosts.verify(access, environment, host);
  }

  @Delete(':host')
  @Endpoint({
    summary: 'Release a host: the gateways stop answering at it, and another environment can prove it',
    access: 'host.change',
  })
  async release(
    @AccessParam() access: Access,
    @Param('environment') environment: string,
    @Param('host') host: string,
  ): Promise<void> {
    await this.hosts.release(access, environment, host);
  }
}
