// A person's access tokens. Made and revoked by the person, signed in: a token cannot make another that outlives it.
import { Inject, Injectable } from '@nestjs/common';
import type { Page, PersonalToken, PersonalTokenCreate, PersonalTokenWithSecret } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import { newKey } from '../credentials/api-key.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { invalidField, nameTaken, notFound, stateConflict } from '../http/refusal.js';
import { createOwnOnceIn } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import type { Caller } from '../identity/session.js';
import { findMembership } from '../members/find-membership.js';
import { databaseToken } from '../tokens.js';
import { PersonalTokensRepository, type PersonalTokenRow } from './personal-tokens.repository.js';
import { bindScope, expectKnownActions, readScope, type TokenScope } from './token-scope.js';

const mostTokens = 100;
const dayMs = 86_400_000;

@Injectable()
export class PersonalTokensService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(PersonalTokensRepository) private readonly tokens: PersonalTokensRepository,
  ) {}

  async list({ identityId }: Caller, query: PageQuery): Promise<Page<PersonalToken>> {
    return toPage(await this.tokens.list(identityId, pageRequest(query)), query, tokenAnswer);
  }

  async create(
    caller: Caller,
    body: PersonalTokenCreate,
    idempotency: Idempotency | undefined,
  ): Promise<PersonalTokenWithSecret> {
    expectKnownActions(body);
    // Before a connection is held: who waited for a second one while holding the first would shut everybody out.
    const scope = await this.bind(caller, body);
    if (idempotency === undefined) return this.make(caller, body, scope);
    // Tokens are rows of another role, so two transactions: a person has no two tokens of one name, whichever fails.
    return this.database.inNone(async (tx) =>
      createOwnOnceIn(tx, caller.identityId, idempotency, async () => this.make(caller, body, scope)),
    );
  }

  private async make(caller: Caller, body: PersonalTokenCreate, scope: TokenScope): Promise<PersonalTokenWithSecret> {
    if ((await this.tokens.count(caller.identityId)) >= mostTokens)
      throw stateConflict(`You have ${mostTokens} tokens, which is the most. Revoke those that are not used.`);
    const { key: token, hash, hint } = newKey('slp');
    const expiresAt = new Date(Date.now() + body.expiresInDays * dayMs);
    const row = await this.tokens.create(caller.identityId, { name: body.name, hash, hint, scope, expiresAt });
    if (row === undefined) throw nameTaken('/name', body.name);
    return { ...tokenAnswer(row), token };
  }

  private async bind(caller: Caller, body: PersonalTokenCreate): Promise<TokenScope> {
    if (body.tenant === undefined) return this.database.inNone(async (tx) => bindScope(tx, null, body));
    const membership = await findMembership(this.database, caller, body.tenant);
    if (membership === undefined)
      throw invalidField(
        '/tenant',
        `"${body.tenant}" is no tenant of yours`,
        'write the slug of one of GET /v1/tenants',
      );
    const { tenantId } = membership;
    return this.database.inTenant(tenantId, async (tx) => bindScope(tx, tenantId, body));
  }

  async revoke({ identityId }: Caller, tokenId: string): Promise<void> {
    if (!(await this.tokens.remove(identityId, tokenId))) throw notFound('token with this id');
  }
}

function tokenAnswer({ id, name, hint, scope, createdAt, expiresAt, lastUsedAt }: PersonalTokenRow): PersonalToken {
  const { tenant, actions, environments } = readScope(scope);
  return {
    id,
    name,
    hint,
    tenant,
    actions,
    environments,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
