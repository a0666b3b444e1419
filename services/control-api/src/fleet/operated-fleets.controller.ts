// The operator's endpoints for fleets.
import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  fleetGatewayPatchSchema,
  fleetGatewaySchema,
  fleetGatewaysSchema,
  fleetsSchema,
  pageOf,
  pageQuerySchema,
  registrationTokenCreateSchema,
  registrationTokenSchema,
  registrationTokenWithSecretSchema,
  type FleetGateway,
  type FleetGatewayPatch,
  type FleetGateways,
  type Fleets,
  type Page,
  type RegistrationToken,
  type RegistrationTokenCreate,
  type RegistrationTokenWithSecret,
} from '@sluice/contracts';
import { CallerParam } from '../http/access.js';
import type { PageQuery } from '../http/cursor.js';
import { Endpoint } from '../http/endpoint.js';
import { IdempotencyParam, type Idempotency } from '../idempotency/idempotency-key.js';
import type { Caller } from '../identity/session.js';
import { OperatedFleetsService } from './operated-fleets.service.js';

@Controller('v1/operator/fleets')
export class OperatedFleetsController {
  constructor(@Inject(OperatedFleetsService) private readonly fleets: OperatedFleetsService) {}

  @Get()
  @Endpoint({ summary: 'List the fleets, and how their gateways are', access: 'operator', answer: fleetsSchema })
  async list(): Promise<Fleets> {
    return this.fleets.fleets();
  }

  @Get(':fleet/gateways')
  @Endpoint({
    summary: 'List the gateways of a fleet, those first that need somebody',
    access: 'operator',
    answer: fleetGatewaysSchema,
  })
  async gateways(@Param('fleet') fleetId: string): Promise<FleetGateways> {
    return this.fleets.gateways(fleetId);
  }

  @Patch(':fleet/gateways/:gateway')
  @Endpoint({
    summary: 'Drain a gateway, or revoke it; and take either back',
    access: 'operator',
    answer: fleetGatewaySchema,
  })
  async change(
    @Param('fleet') fleetId: string,
    @Param('gateway') id: string,
    @Body({ schema: fleetGatewayPatchSchema }) body: FleetGatewayPatch,
  ): Promise<FleetGateway> {
    return this.fleets.change(fleetId, id, body);
  }

  @Delete(':fleet/gateways/:gateway')
  @Endpoint({ summary: 'Forget a gateway, also one that was revoked; it may register anew', access: 'operator' })
  async forget(@Param('fleet') fleetId: string, @Param('gateway') id: string): Promise<void> {
    await this.fleets.forget(fleetId, id);
  }

  @Get(':fleet/registration-tokens')
  @Endpoint({
    summary: 'List the registration tokens of a fleet, expired and revoked ones too',
    access: 'operator',
    answer: pageOf(registrationTokenSchema, 'RegistrationTokenPage'),
  })
  async tokens(
    @Param('fleet') fleetId: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<RegistrationToken>> {
    return this.fleets.tokens(fleetId, query);
  }

  @Post(':fleet/registration-tokens')
  @Endpoint({
    summary: 'Create a registration token for gateways: shown in this answer, and never again',
    access: 'operator',
    answer: registrationTokenWithSecretSchema,
    status: 201,
    isIdempotent: true,
  })
  async createToken(
    @CallerParam() caller: Caller,
    @Param('fleet') fleetId: string,
    @Body({ schema: registrationTokenCreateSchema }) body: RegistrationTokenCreate,
    @IdempotencyParam() idempotency: Idempotency | undefined,
  ): Promise<RegistrationTokenWithSecret> {
    return this.fleets.createToken(caller, fleetId, body, idempotency);
  }

  @Delete(':fleet/registration-tokens/:registrationToken')
  @Endpoint({ summary: 'Revoke a registration token; gateways that it has let in stay', access: 'operator' })
  async revokeToken(@Param('fleet') fleetId: string, @Param('registrationToken') id: string): Promise<void> {
    await this.fleets.revokeToken(fleetId, id);
  }
}
