// Lets gateways in by their identity, which names one gateway of one fleet.
import { createParamDecorator, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { bearerOf } from '../access-tokens/bearer.js';
import { Refusal } from '../http/refusal.js';
import { GatewayIdentities, type KnownGateway } from './gateway-identities.js';

declare module 'fastify' {
  interface FastifyRequest {
    gateway?: KnownGateway;
  }
}

@Injectable()
export class FleetGuard implements CanActivate {
  constructor(@Inject(GatewayIdentities) private readonly identities: GatewayIdentities) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerOf(req);
    const gateway = token === undefined ? undefined : await this.identities.read(token);
    if (gateway === 'revoked') throw gatewayRevoked();
    if (gateway === undefined)
      throw fleetTokenInvalid(
        'This takes the identity of a gateway, as "Authorization: Bearer <identity>", and there is none, or it has expired. A gateway gets one at POST /v1/fleet/gateways, with the FLEET_TOKEN of its fleet.',
      );
    req.gateway = gateway;
    return true;
  }
}

export function fleetTokenInvalid(detail: string): Refusal {
  return new Refusal('fleet_token_invalid', detail, undefined, { 'www-authenticate': 'Bearer' });
}

export function gatewayRevoked(): Refusal {
  return new Refusal(
    'gateway_revoked',
    'The operator of the platform has revoked this gateway. To let it in again, forget it at DELETE /v1/operator/fleets/{fleet}/gateways/{gateway}, and start it anew.',
  );
}

export const CallingGateway = createParamDecorator((_: unknown, context: ExecutionContext): KnownGateway => {
  const { gateway } = context.switchToHttp().getRequest<FastifyRequest>();
  if (gateway === undefined) throw new Error('an endpoint without the fleet guard asks for its gateway');
  return gateway;
});

/** One gateway cannot speak for another. */
export function expectOwn({ gatewayId }: KnownGateway, named: string): void {
  if (named === gatewayId) return;
  throw fleetTokenInvalid(
    `The identity is that of the gateway ${gatewayId}, and the body speaks for another. Send the id of the gateway that asks.`,
  );
}
