// What a handler knows of its caller, by the time it runs: the guard has looked up the session and the membership.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from '@sluice/contracts';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../identity/session.js';

/** A member of a tenant, whose role permits what the endpoint does. */
export interface Access {
  readonly caller: Caller;
  readonly tenantId: string;
  readonly tenantSlug: string;
  readonly memberId: string;
  readonly role: Role;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
    access?: Access;
  }
}

export const CallerParam = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = requestOf(context);
  if (caller === undefined) throw new Error('an endpoint without a session asks for its caller');
  return caller;
});

export const AccessParam = createParamDecorator((_: unknown, context: ExecutionContext): Access => {
  const { access } = requestOf(context);
  if (access === undefined) throw new Error('an endpoint without an action asks for access');
  return access;
});

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}
