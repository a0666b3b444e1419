// API keys. A key is answered once, by what made it; afterwards nobody can read it, and revoking it is for good.
import { Inject, Injectable } from '@nestjs/common';
import type { Credential, CredentialWithKey, Page } from '@sluice/contracts';
import type { Credential as CredentialDbRow, Database, Environment, Tx } from '@sluice/prisma';
import { findEnvironment } from '../environments/find-environment.js';
import { appendToFeed } from '../fleet/append-to-feed.js';
import { credentialChange } from '../fleet/changes.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { notFound, stateConflict } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { findSubscription } from '../subscriptions/subscriptions.service.js';
import { databaseToken } from '../tokens.js';
import { newApiKey } from './api-key.js';
import { credentialsRepository } from './credentials.repository.js';

@Injectable()
export class CredentialsService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list(
    { tenantId }: Access,
    environmentName: string,
    subscriptionId: string,
    query: PageQuery,
  ): Promise<Page<Credential>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const { row } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
      return credentialsRepository.list(tenantId, tx, row.id, pageRequest(query));
    });
    return toPage(rows, query, credentialAnswer);
  }

  async create(
    { tenantId, caller }: Access,
    environmentName: string,
    subscriptionId: string,
    name: string,
    idempotency: Idempotency | undefined,
  ): Promise<CredentialWithKey> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: true },
      async (tx) => {
        const { row, environment } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
        if (row.state === 'cancelled')
          throw stateConflict(
            'This subscription was cancelled: a key of it would never work. Make a new subscription.',
          );
        return issueKey(tenantId, tx, environment, row.id, name);
      },
    );
  }

  async read({ tenantId }: Access, environmentName: string, credentialId: string): Promise<Tagged<Credential>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { row } = await findCredential(tenantId, tx, environmentName, credentialId);
      return tagged(row, credentialAnswer(row));
    });
  }

  async rename(
    { tenantId }: Access,
    environmentName: string,
    credentialId: string,
    name: string,
    ifMatch: string | undefined,
  ): Promise<Tagged<Credential>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { row: found } = await findCredential(tenantId, tx, environmentName, credentialId);
      await expectMatch(tx, 'credentials', ifMatch, found);
      const row = await credentialsRepository.rename(tenantId, tx, credentialId, name);
      return tagged(row, credentialAnswer(row));
    });
  }

  async revoke({ tenantId }: Access, environmentName: string, credentialId: string): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const { row, environment } = await findCredential(tenantId, tx, environmentName, credentialId);
      await revokeKey(tenantId, tx, environment, row);
    });
  }
}

/** A new key, announced to the gateways. The answer holds it in clear: it must not be stored or logged. */
export async function issueKey(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  subscriptionId: string,
  name: string,
): Promise<CredentialWithKey> {
  const { key, hash, hint } = newApiKey();
  const row = await credentialsRepository.create(tenantId, tx, { subscriptionId, name, hash, hint });
  const position = await appendToFeed(tx, environment.fleetId, tenantId, environment.id, [credentialChange(row)]);
  return { ...credentialAnswer(row), key, position };
}

/** Revoking twice is once: the gateways know it already. */
export async function revokeKey(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  credential: CredentialDbRow,
): Promise<void> {
  if (credential.state === 'revoked') return;
  const revoked = await credentialsRepository.revoke(tenantId, tx, credential.id, new Date());
  await appendToFeed(tx, environment.fleetId, tenantId, environment.id, [credentialChange(revoked)]);
}

async function findCredential(
  tenantId: string,
  tx: Tx,
  environmentName: string,
  credentialId: string,
): Promise<{ row: CredentialDbRow; environment: Environment }> {
  const environment = await findEnvironment(tenantId, tx, environmentName);
  const row = await credentialsRepository.find(tenantId, tx, environment.id, credentialId);
  if (row === null) throw notFound('credential with this id');
  return { row, environment };
}

export function credentialAnswer({ id, name, hint, state, createdAt, revokedAt }: CredentialDbRow): Credential {
  return { id, name, hint, state, createdAt: createdAt.toISOString(), revokedAt: revokedAt?.toISOString() ?? null };
}
