// Lets in a gateway that proves by its key to be one that was registered: for its next identity.
import { createParamDecorator, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Gateway } from '@sluice/prisma';
import type { FastifyRequest } from 'fastify';
import { bearerOf } from '../access-tokens/bearer.js';
import { fleetTokenInvalid, gatewayRevoked } from './fleet.guard.js';
import { GatewayIdentities } from './gateway-identities.js';

declare module 'fastify' {
  interface FastifyRequest {
    provenGateway?: Gateway;
  }
}

@Injectable()
export class ProofGuard implements CanActivate {
  constructor(@Inject(GatewayIdentities) private readonly identities: GatewayIdentities) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<FastifyRequest>();
    const gateway = await this.identities.proven(bearerOf(req) ?? '');
    if (gateway === undefined)
      throw fleetTokenInvalid(
        'This is no proof of a gateway that is registered: its key is not known, or its clock is minutes off. Register at POST /v1/fleet/gateways.',
      );
    if (gateway.revokedAt !== null) throw gatewayRevoked();
    req.provenGateway = gateway;
    return true;
  }
}

export const ProvenGateway = createParamDecorator((_: unknown, context: ExecutionContext): Gateway => {
  const { provenGateway } = context.switchToHttp().getRequest<FastifyRequest>();
  if (provenGateway === undefined) throw new Error('an endpoint without the proof guard asks who has proven itself');
  return provenGateway;
});
