// The token that the request itself carries: programs ask what it is, and end it when they are done or it has leaked.
import { Controller, Delete, Get, Inject } from '@nestjs/common';
import { presentedTokenSchema, type PresentedToken } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import { CallerParam } from '../http/access.js';
import { Endpoint } from '../http/endpoint.js';
import type { Caller } from '../identity/session.js';
import { databaseToken } from '../tokens.js';
import { PersonalTokensRepository } from './personal-tokens.repository.js';
import type { TokenInUse } from './token-scope.js';

@Controller('v1/token')
export class PresentedTokenController {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(PersonalTokensRepository) private readonly personal: PersonalTokensRepository,
  ) {}

  @Get()
  @Endpoint({ summary: 'What the token of this request is, and may', access: 'token', answer: presentedTokenSchema })
  read(@CallerParam() caller: Caller): PresentedToken {
    const { kind, id, name, hint, scope, expiresAt } = tokenOf(caller);
    const { identityId, email, serviceAccount } = caller;
    return {
      kind,
      id,
      name,
      hint,
      holder: { id: identityId, name: caller.name, email: serviceAccount === undefined ? email : null },
      role: serviceAccount?.role ?? null,
      tenant: serviceAccount?.tenantSlug ?? scope.tenant,
      actions: scope.actions,
      environments: scope.environments,
      expiresAt: expiresAt.toISOString(),
    };
  }

  @Delete()
  @Endpoint({ summary: 'Revoke the token of this request', access: 'token' })
  async revoke(@CallerParam() caller: Caller): Promise<void> {
    const { id } = tokenOf(caller);
    const { identityId, serviceAccount } = caller;
    if (serviceAccount === undefined) await this.personal.remove(identityId, id);
    else {
      const { tenantId } = serviceAccount;
      await this.database.inTenant(tenantId, async (tx) => tx.serviceToken.deleteMany({ where: { tenantId, id } }));
    }
  }
}

function tokenOf({ token }: Caller): TokenInUse {
  if (token === undefined) throw new Error('an endpoint for tokens was reached without one');
  return token;
}
