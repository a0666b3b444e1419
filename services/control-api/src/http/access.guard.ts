// Lets a request through to its handler, or says why not, in this order: no session (unauthenticated), not a member of the
// tenant in the path (not_found: the same as for a tenant that is not), a role that may not (forbidden). An endpoint
// without a spec is a defect, and refused.
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '@sluice/prisma';
import type { Auth } from '../identity/auth.js';
import { callerOf, type Caller } from '../identity/session.js';
import { findMembership } from '../members/find-membership.js';
import { isPermitted, permissions, type Action } from '../permissions.js';
import { authToken, databaseToken } from '../tokens.js';
import type { Access } from './access.js';
import { endpointKey, type EndpointSpec } from './endpoint.js';
import { notFound, Refusal } from './refusal.js';

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(authToken) private readonly auth: Auth,
    @Inject(databaseToken) private readonly database: Database,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const spec = Reflect.getMetadata(endpointKey, context.getHandler()) as EndpointSpec | undefined;
    if (spec === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} has no @Endpoint`);
    if (spec.access === 'public') return true;
    const http = context.switchToHttp();
    const req = http.getRequest<FastifyRequest<{ Params: Record<string, string> }>>();
    const caller = await callerOf(this.auth, req, http.getResponse<FastifyReply>());
    if (caller === undefined)
      throw new Refusal('unauthenticated', 'Sign in first: there is no session with this request, or it has ended.');
    req.caller = caller;
    if (spec.access === 'session') return true;
    req.access = await this.accessOf(caller, req.params['tenant'] ?? '', spec.access);
    return true;
  }

  private async accessOf(caller: Caller, tenantSlug: string, action: Action): Promise<Access> {
    const membership = await findMembership(this.database, caller, tenantSlug);
    if (membership === undefined) throw notFound('tenant of this name');
    if (!isPermitted(membership.role, action)) {
      throw new Refusal(
        'forbidden',
        `You are ${membership.role} here; this takes ${permissions[action].join(' or ')}. Ask an owner or admin of the tenant.`,
      );
    }
    return { caller, tenantSlug, ...membership };
  }
}
