// What gateways tell: that they are alive and how far they have come, their answers to revisions, and the health of targets.
import { Body, Controller, Inject, Post, UseGuards } from '@nestjs/common';
import {
  heartbeatAnswerSchema,
  heartbeatBodySchema,
  receiptsBodySchema,
  upstreamHealthBodySchema,
  type HeartbeatAnswer,
  type HeartbeatBody,
  type ReceiptsBody,
  type UpstreamHealthBody,
} from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import { Endpoint } from '../http/endpoint.js';
import { databaseToken } from '../tokens.js';
import { upstreamHealthRepository } from '../upstreams/upstream-health.repository.js';
import { CallingGateway, expectOwn, FleetGuard } from './fleet.guard.js';
import type { KnownGateway } from './gateway-identities.js';
import { fleetsRepository } from './fleets.repository.js';
import { receiptsRepository } from './receipts.repository.js';

@Controller('v1/fleet')
@UseGuards(FleetGuard)
export class FleetController {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  @Post('heartbeats')
  @Endpoint({
    summary: 'Say that a gateway is alive, and how far it has applied the feed',
    access: 'public',
    answer: heartbeatAnswerSchema,
    problems: ['fleet_token_invalid', 'gateway_revoked'],
  })
  async heartbeat(
    @CallingGateway() gateway: KnownGateway,
    @Body({ schema: heartbeatBodySchema }) body: HeartbeatBody,
  ): Promise<HeartbeatAnswer> {
    expectOwn(gateway, body.gatewayId);
    const { fleetId } = gateway;
    return this.database.inFleet(fleetId, (tx) => fleetsRepository.saveHeartbeat(tx, fleetId, body));
  }

  @Post('receipts')
  @Endpoint({
    summary: 'Answer revisions: applied, or refused with the object and the reason',
    access: 'public',
    problems: ['fleet_token_invalid', 'gateway_revoked'],
  })
  async receipts(
    @CallingGateway() gateway: KnownGateway,
    @Body({ schema: receiptsBodySchema }) { gatewayId, receipts }: ReceiptsBody,
  ): Promise<void> {
    expectOwn(gateway, gatewayId);
    const { fleetId } = gateway;
    await this.database.inFleet(fleetId, (tx) => receiptsRepository.save(tx, fleetId, gatewayId, receipts));
  }

  @Post('upstream-health')
  @Endpoint({
    summary: "Tell the health of environments' targets, whole, where something has changed",
    access: 'public',
    problems: ['fleet_token_invalid', 'gateway_revoked'],
  })
  async upstreamHealth(
    @CallingGateway() gateway: KnownGateway,
    @Body({ schema: upstreamHealthBodySchema }) { gatewayId, reports }: UpstreamHealthBody,
  ): Promise<void> {
    expectOwn(gateway, gatewayId);
    const { fleetId } = gateway;
    await this.database.inFleet(fleetId, (tx) => upstreamHealthRepository.save(tx, fleetId, gatewayId, reports));
  }
}
