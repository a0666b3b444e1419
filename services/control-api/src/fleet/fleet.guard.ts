// Lets gateways in by their fleet's token, which is looked up by its hash.
import { createParamDecorator, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Database } from '@sluice/prisma';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../http/refusal.js';
import { databaseToken } from '../tokens.js';
import { hashToken } from './ensure-fleet.js';
import { fleetsRepository } from './fleets.repository.js';

declare module 'fastify' {
  interface FastifyRequest {
    fleetId?: string;
  }
}

@Injectable()
export class FleetGuard implements CanActivate {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<FastifyRequest>();
    const token = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
    const fleet =
      token === undefined ? null : await this.database.inNone((tx) => fleetsRepository.ofToken(tx, hashToken(token)));
    if (fleet === null) {
      throw new Refusal(
        'fleet_token_invalid',
        token === undefined
          ? 'Send the fleet token as "Authorization: Bearer <token>": the value of FLEET_TOKEN, the same at the gateways and at control-api.'
          : 'This is not the token of any fleet. Set FLEET_TOKEN at the gateway to the value that control-api has.',
        undefined,
        { 'www-authenticate': 'Bearer' },
      );
    }
    req.fleetId = fleet.id;
    return true;
  }
}

export const FleetId = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { fleetId } = context.switchToHttp().getRequest<FastifyRequest>();
  if (fleetId === undefined) throw new Error('an endpoint without the fleet guard asks for its fleet');
  return fleetId;
});
