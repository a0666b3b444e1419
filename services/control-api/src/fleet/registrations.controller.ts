// Where gateways become known, and get the identities that they go by.
import { Body, Controller, Inject, Post, Req, UseGuards } from '@nestjs/common';
import {
  gatewayIdentitySchema,
  gatewayRegistrationSchema,
  type GatewayIdentity,
  type GatewayRegistration,
} from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import type { FastifyRequest } from 'fastify';
import { bearerOf } from '../access-tokens/bearer.js';
import { Endpoint } from '../http/endpoint.js';
import { stateConflict } from '../http/refusal.js';
import { databaseToken } from '../tokens.js';
import { fleetTokenInvalid, gatewayRevoked } from './fleet.guard.js';
import { GatewayIdentities } from './gateway-identities.js';
import { AdmittedBy, RegistrationGuard } from './registration.guard.js';
import { registrationsRepository, type Admission, type Registered } from './registrations.repository.js';

@Controller('v1/fleet')
export class RegistrationsController {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(GatewayIdentities) private readonly identities: GatewayIdentities,
  ) {}

  @Post('gateways')
  @UseGuards(RegistrationGuard)
  @Endpoint({
    summary: 'Register a gateway by a registration token; it is answered with its first identity',
    access: 'public',
    answer: gatewayIdentitySchema,
    problems: ['fleet_token_invalid', 'gateway_revoked', 'state_conflict'],
  })
  async register(
    @AdmittedBy() admission: Admission,
    @Body({ schema: gatewayRegistrationSchema }) body: GatewayRegistration,
  ): Promise<GatewayIdentity> {
    await this.database.inNone(async (tx) =>
      expectRegistered(await registrationsRepository.register(tx, admission, body), body.gatewayId),
    );
    return this.identities.issue(admission.fleetId, body.gatewayId, body.publicKey.x);
  }

  @Post('identities')
  @Endpoint({
    summary: "Renew a gateway's identity; the bearer is a proof that the gateway has signed with its key",
    access: 'public',
    answer: gatewayIdentitySchema,
    problems: ['fleet_token_invalid', 'gateway_revoked'],
  })
  async renew(@Req() req: FastifyRequest): Promise<GatewayIdentity> {
    const identity = await this.identities.renew(bearerOf(req) ?? '');
    if (identity === 'revoked') throw gatewayRevoked();
    if (identity === undefined)
      throw fleetTokenInvalid(
        'This is no proof of a gateway that is registered: its key is not known, or its clock is minutes off. Register at POST /v1/fleet/gateways.',
      );
    return identity;
  }
}

function expectRegistered(outcome: Registered, gatewayId: string): void {
  if (outcome === 'revoked') throw gatewayRevoked();
  if (outcome === 'taken')
    throw stateConflict(
      `Another gateway with the id ${gatewayId} is alive in this fleet. Give each a GATEWAY_ID of its own; one that has lost its data folder is let in 15 s after its end.`,
    );
  if (outcome === 'used_up')
    throw fleetTokenInvalid(
      'This registration token has let in as many gateways as it may. Make another at POST /v1/operator/fleets/{fleet}/registration-tokens.',
    );
}
