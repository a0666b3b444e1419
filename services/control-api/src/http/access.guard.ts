// Lets a request through to its handler, or says why not, in this order: too many (by whoever it is that asks), nobody
// (unauthenticated, or a token that does not work), not a member of the tenant in the path (not_found: the same as for a
// tenant that is not), a role that may not (forbidden), a token that was made for something else
// (access_token_scope_missing). Where a request carries a token, its cookies count for nothing: so it needs no proof of
// where it comes from. An endpoint without a spec is a defect, and refused.
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database, Pool } from '@sluice/prisma';
import { bearerOf } from '../access-tokens/bearer.js';
import { TokenCallers } from '../access-tokens/token-callers.js';
import { expectInScope, withNamesOfNow } from '../access-tokens/token-scope.js';
import type { Config } from '../config.js';
import type { Auth } from '../identity/auth.js';
import { createSessionLookup, type SessionLookup } from '../identity/session-lookup.js';
import { callerOf, type Caller } from '../identity/session.js';
import { findMembership, type Membership } from '../members/find-membership.js';
import { isPermitted, permissions, type Action } from '../permissions.js';
import { authPoolToken, authToken, configToken, databaseToken, requestBoundsToken } from '../tokens.js';
import type { Access } from './access.js';
import { clientAddress } from './client-address.js';
import { endpointKey, isForGateways, type EndpointSpec } from './endpoint.js';
import { notFound, Refusal, tenantDeleted, tenantSuspended } from './refusal.js';
import type { RequestBounds } from './request-bounds.js';

type Request = FastifyRequest<{ Params: Record<string, string> }>;

@Injectable()
export class AccessGuard implements CanActivate {
  private readonly sessionOf: SessionLookup;

  constructor(
    @Inject(authToken) private readonly auth: Auth,
    @Inject(authPoolToken) authPool: Pool,
    @Inject(databaseToken) private readonly database: Database,
    @Inject(TokenCallers) private readonly tokens: TokenCallers,
    @Inject(configToken) private readonly config: Config,
    @Inject(requestBoundsToken) private readonly bounds: RequestBounds,
  ) {
    this.sessionOf = createSessionLookup(config, authPool);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const spec = Reflect.getMetadata(endpointKey, context.getHandler()) as EndpointSpec | undefined;
    if (spec === undefined) throw new Error(`${context.getClass().name}.${context.getHandler().name} has no @Endpoint`);
    const { access } = spec;
    if (isForGateways(spec)) return true;
    const http = context.switchToHttp();
    const [req, reply] = [http.getRequest<Request>(), http.getResponse<FastifyReply>()];
    if (access === 'public') {
      this.bounds.take(req, reply, undefined, spec.units);
      return true;
    }
    const bearer = bearerOf(req);
    const caller = await this.callerOf(bearer, req, reply);
    this.bounds.take(req, reply, caller, spec.units);
    if (caller === undefined) throw await this.unknownCaller(bearer, req);
    req.caller = caller;
    if (access === 'token') expectToken(caller);
    else if (access === 'session') expectSession(caller);
    else if (access === 'person') expectPerson(caller);
    else if (access === 'operator') this.expectOperator(caller);
    else req.access = await this.accessOf(caller, req, access, spec);
    return true;
  }

  // To everybody else the operator's endpoints do not exist.
  private expectOperator(caller: Caller): void {
    if (!this.config.operators.includes(caller.email.toLowerCase())) throw notFound('endpoint');
    expectSession(caller);
  }

  private async callerOf(bearer: string | undefined, req: Request, reply: FastifyReply): Promise<Caller | undefined> {
    if (bearer !== undefined) return this.tokens.find(bearer);
    return (await this.sessionOf(req.headers.cookie)) ?? (await callerOf(this.auth, req, reply));
  }

  private async unknownCaller(bearer: string | undefined, req: Request): Promise<Refusal> {
    if (bearer !== undefined) return this.tokens.refusal(clientAddress(req));
    return new Refusal(
      'unauthenticated',
      'Sign in first: there is no session with this request, or it has ended. Programs send "Authorization: Bearer <access token>".',
    );
  }

  private async accessOf(
    caller: Caller,
    req: Request,
    action: Action,
    { isForPeople = false, isForDeleted = false }: EndpointSpec,
  ): Promise<Access> {
    const tenantSlug = req.params['tenant'] ?? '';
    const found = await this.membershipOf(caller, tenantSlug);
    if (found === undefined) throw notFound('tenant of this name');
    const { isSuspended, purgeAt, ...membership } = found;
    if (!isPermitted(membership.role, action)) {
      throw new Refusal(
        'forbidden',
        `You are ${membership.role} here; this takes ${permissions[action].join(' or ')}. Ask an owner or admin of the tenant.`,
      );
    }
    if (purgeAt !== null && isChange(action) && !isForDeleted) throw tenantDeleted(purgeAt);
    if (isSuspended && isChange(action)) throw tenantSuspended();
    if (isForPeople) expectSession(caller);
    const bound = await this.withScopeOfNow(caller, membership.tenantId);
    if (bound.token !== undefined) expectInScope(bound.token, action, req.params['environment']);
    return { caller: bound, tenantSlug, ...membership };
  }

  private async withScopeOfNow(caller: Caller, tenantId: string): Promise<Caller> {
    const { token } = caller;
    if (token === undefined || token.scope.environmentIds === null) return caller;
    return { ...caller, token: await this.database.inTenant(tenantId, (tx) => withNamesOfNow(tx, tenantId, token)) };
  }

  private async membershipOf(caller: Caller, slug: string): Promise<Membership | undefined> {
    const { serviceAccount, token } = caller;
    const reached = serviceAccount?.tenantSlug ?? token?.scope.tenant ?? slug;
    if (reached !== slug) return undefined;
    if (serviceAccount === undefined) {
      const found = await findMembership(this.database, caller, slug);
      // Another tenant may have the name by now.
      return (token?.scope.tenantId ?? found?.tenantId) === found?.tenantId ? found : undefined;
    }
    const { tenantId, role, isSuspended, purgeAt } = serviceAccount;
    return { tenantId, memberId: caller.identityId, role, isSuspended, purgeAt };
  }
}

// Who is no longer served may still look at what is there, and leave.
function isChange(action: Action): boolean {
  return !action.endsWith('.read') && action !== 'member.leave';
}

function expectSession({ token }: Caller): void {
  if (token === undefined) return;
  throw new Refusal(
    'access_token_scope_missing',
    'This takes a person who has signed in; no access token reaches it. Use the console, or send the session instead.',
  );
}

function expectPerson({ serviceAccount }: Caller): void {
  if (serviceAccount === undefined) return;
  throw new Refusal(
    'access_token_scope_missing',
    'This is about a person, and a service account is none. GET /v1/token says what it is, and in which tenant.',
  );
}

function expectToken({ token }: Caller): void {
  if (token !== undefined) return;
  throw new Refusal(
    'unauthenticated',
    'This is about an access token: send one as "Authorization: Bearer <token>". A session has none.',
  );
}
