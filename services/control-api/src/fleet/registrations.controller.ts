// Where gateways become known, and get the identities that they go by.
import { Body, Controller, Inject, Post, UseGuards } from '@nestjs/common';
import {
  gatewayIdentitySchema,
  gatewayRegistrationSchema,
  gatewayRenewalSchema,
  type GatewayIdentity,
  type GatewayRegistration,
  type GatewayRenewal,
} from '@sluice/contracts';
import type { Database, Gateway } from '@sluice/prisma';
import { Endpoint } from '../http/endpoint.js';
import { stateConflict } from '../http/refusal.js';
import { databaseToken } from '../tokens.js';
import { fleetTokenInvalid, gatewayRevoked } from './fleet.guard.js';
import { GatewayIdentities, keyOf } from './gateway-identities.js';
import { ProofGuard, ProvenGateway } from './proof.guard.js';
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
  @UseGuards(ProofGuard)
  @Endpoint({
    summary: "Renew a gateway's identity; the bearer is a proof that the gateway has signed with its key",
    access: 'public',
    answer: gatewayIdentitySchema,
    problems: ['fleet_token_invalid', 'gateway_revoked'],
  })
  async renew(
    @ProvenGateway() gateway: Gateway,
    @Body({ schema: gatewayRenewalSchema }) { version }: GatewayRenewal,
  ): Promise<GatewayIdentity> {
    const { fleetId, id } = gateway;
    await this.database.inNone((tx) => tx.gateway.updateMany({ where: { fleetId, id }, data: { version } }));
    return this.identities.issue(fleetId, id, keyOf(gateway) ?? '');
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
