// What a handler knows of its caller, by the time it runs: the guard has looked up the session or token, and the membership.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from '@sluice/contracts';
import type { FastifyRequest } from 'fastify';
import { isForAction, isForEnvironment } from '../access-tokens/token-scope.js';
import type { Caller } from '../identity/session.js';
import { isPermitted, type Action } from '../permissions.js';

/** A member or service account of a tenant, who may do what the endpoint does. */
export interface Access {
  readonly caller: Caller;
  readonly tenantId: string;
  readonly tenantSlug: string;
  /** The service account's id, where it is one. */
  readonly memberId: string;
  readonly role: Role;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
    access?: Access;
  }
}

/**
 * Whether the role permits another action than the endpoint's own, and the token, if one was sent, was made for it.
 *
 * @param environment where it would be done, if that is another environment than the path's.
 */
export function mayAlso({ caller, role }: Access, action: Action, environment?: string): boolean {
  if (!isPermitted(role, action)) return false;
  if (caller.token === undefined) return true;
  const { scope } = caller.token;
  return isForAction(scope, action) && (environment === undefined || isForEnvironment(scope, environment));
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
