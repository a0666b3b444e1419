// Lets in who has a registration token of a fleet: FLEET_TOKEN, or one that the operator has made.
import { createParamDecorator, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Database } from '@sluice/prisma';
import type { FastifyRequest } from 'fastify';
import { bearerOf } from '../access-tokens/bearer.js';
import { databaseToken } from '../tokens.js';
import { hashToken } from './ensure-fleet.js';
import { fleetTokenInvalid } from './fleet.guard.js';
import { registrationsRepository, type Admission } from './registrations.repository.js';

declare module 'fastify' {
  interface FastifyRequest {
    admission?: Admission;
  }
}

@Injectable()
export class RegistrationGuard implements CanActivate {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const req = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerOf(req);
    if (token === undefined)
      throw fleetTokenInvalid(
        'Send the token of the fleet as "Authorization: Bearer <token>": the value of FLEET_TOKEN at control-api, or a registration token of the operator\'s.',
      );
    const admission = await this.database.inNone((tx) => registrationsRepository.admissionOf(tx, hashToken(token)));
    if (admission === undefined)
      throw fleetTokenInvalid(
        'This token lets into no fleet, or does so no longer. Set FLEET_TOKEN at the gateway to the value that control-api has, or to a registration token that has not expired.',
      );
    req.admission = admission;
    return true;
  }
}

export const AdmittedBy = createParamDecorator((_: unknown, context: ExecutionContext): Admission => {
  const { admission } = context.switchToHttp().getRequest<FastifyRequest>();
  if (admission === undefined) throw new Error('an endpoint without the registration guard asks who admits');
  return admission;
});
