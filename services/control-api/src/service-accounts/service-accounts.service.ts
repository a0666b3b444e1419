// Service accounts: programs that act for the tenant, and stay when the person who made them leaves. Their role is looked at
// on every request; deleting one ends its tokens with it.
import { Inject, Injectable } from '@nestjs/common';
import type {
  Page,
  ServiceAccount,
  ServiceAccountCreate,
  ServiceRole,
  ServiceToken,
  ServiceTokenCreate,
  ServiceTokenWithSecret,
} from '@sluice/contracts';
import type { Database, ServiceAccount as AccountRow, ServiceToken as TokenRow, Tx } from '@sluice/prisma';
import { bindScope, expectKnownActions, readScope } from '../access-tokens/token-scope.js';
import { newKey } from '../credentials/api-key.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { nameTaken, notFound, stateConflict } from '../http/refusal.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { databaseToken } from '../tokens.js';
import { serviceAccountsRepository, serviceTokensRepository } from './service-accounts.repository.js';

const mostTokens = 100;
const dayMs = 86_400_000;

@Injectable()
export class ServiceAccountsService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list({ tenantId }: Access, query: PageQuery): Promise<Page<ServiceAccount>> {
    const rows = await this.database.inTenant(tenantId, async (tx) =>
      serviceAccountsRepository.list(tenantId, tx, pageRequest(query)),
    );
    return toPage(rows, query, accountAnswer);
  }

  async create(
    { tenantId, caller }: Access,
    body: ServiceAccountCreate,
    idempotency: Idempotency | undefined,
  ): Promise<ServiceAccount> {
    const creator = { tenantId, identityId: caller.identityId };
    return createOnce(this.database, creator, idempotency, { holdsSecret: false }, async (tx) => {
      if ((await serviceAccountsRepository.findByName(tenantId, tx, body.name)) !== null)
        throw nameTaken('/name', body.name);
      return accountAnswer(await serviceAccountsRepository.create(tenantId, tx, body));
    });
  }

  async read({ tenantId }: Access, id: string): Promise<ServiceAccount> {
    return accountAnswer(await this.database.inTenant(tenantId, async (tx) => findAccount(tenantId, tx, id)));
  }

  async setRole({ tenantId }: Access, id: string, role: ServiceRole): Promise<ServiceAccount> {
    return this.database.inTenant(tenantId, async (tx) => {
      await findAccount(tenantId, tx, id);
      return accountAnswer(await serviceAccountsRepository.setRole(tenantId, tx, id, role));
    });
  }

  async remove({ tenantId }: Access, id: string): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      await findAccount(tenantId, tx, id);
      await serviceAccountsRepository.remove(tenantId, tx, id);
    });
  }

  async tokens({ tenantId }: Access, id: string, query: PageQuery): Promise<Page<ServiceToken>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      await findAccount(tenantId, tx, id);
      return serviceTokensRepository.list(tenantId, tx, id, pageRequest(query));
    });
    return toPage(rows, query, tokenAnswer);
  }

  async createToken(
    { tenantId, caller }: Access,
    id: string,
    body: ServiceTokenCreate,
    idempotency: Idempotency | undefined,
  ): Promise<ServiceTokenWithSecret> {
    expectKnownActions(body);
    const creator = { tenantId, identityId: caller.identityId };
    return createOnce(this.database, creator, idempotency, { holdsSecret: true }, async (tx) => {
      await findAccount(tenantId, tx, id);
      if ((await serviceTokensRepository.findByName(tenantId, tx, id, body.name)) !== null)
        throw nameTaken('/name', body.name);
      if ((await serviceTokensRepository.count(tenantId, tx, id)) >= mostTokens)
        throw stateConflict(`This service account has ${mostTokens} tokens, which is the most. Revoke unused ones.`);
      const { key: token, hash, hint } = newKey('sls');
      const expiresAt = new Date(Date.now() + body.expiresInDays * dayMs);
      const scope = await bindScope(tx, tenantId, body);
      const made = { name: body.name, hash, hint, scope, expiresAt };
      return { ...tokenAnswer(await serviceTokensRepository.create(tenantId, tx, id, made)), token };
    });
  }

  async revokeToken({ tenantId }: Access, id: string, tokenId: string): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      await findAccount(tenantId, tx, id);
      if ((await serviceTokensRepository.remove(tenantId, tx, id, tokenId)) === 0) throw notFound('token with this id');
    });
  }
}

async function findAccount(tenantId: string, tx: Tx, id: string): Promise<AccountRow> {
  const account = await serviceAccountsRepository.find(tenantId, tx, id);
  if (account === null) throw notFound('service account with this id');
  return account;
}

function accountAnswer({ id, name, role, createdAt }: AccountRow): ServiceAccount {
  if (role === 'owner') throw new Error(`the service account ${id} is an owner, which the database refuses`);
  return { id, name, role, createdAt: createdAt.toISOString() };
}

function tokenAnswer({ id, name, hint, scope, createdAt, expiresAt, lastUsedAt }: TokenRow): ServiceToken {
  const { actions, environments } = readScope(scope);
  return {
    id,
    name,
    hint,
    actions,
    environments,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
