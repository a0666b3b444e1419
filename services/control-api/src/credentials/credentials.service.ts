// API keys, as the provider sees them. A key is answered once, by what made it; afterwards nobody can read it, and revoking it is
// for good.
import { Inject, Injectable } from '@nestjs/common';
import type {
  Credential,
  CredentialCreate,
  CredentialPatch,
  CredentialWithKey,
  Page,
  RotatedCredential,
  Rotation,
} from '@sluice/contracts';
import type { Credential as CredentialRow, Database, Environment, Tx } from '@sluice/prisma';
import { AnalyticsService } from '../analytics/analytics.service.js';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { notFound, stateConflict } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { findSubscription } from '../subscriptions/subscriptions.service.js';
import { databaseToken } from '../tokens.js';
import { credentialAnswer } from './credential-answer.js';
import { credentialsRepository } from './credentials.repository.js';
import { announce, futureTime, issueKey, revokeKeys, rotateKey } from './life-cycle.js';

@Injectable()
export class CredentialsService {
  constructor(
    @Inject(databaseToken) private readonly database: Database,
    @Inject(AnalyticsService) private readonly analytics: AnalyticsService,
  ) {}

  async list(
    { tenantId }: Access,
    environmentName: string,
    subscriptionId: string,
    query: PageQuery,
  ): Promise<Page<Credential>> {
    const { rows, environmentId } = await this.database.inTenant(tenantId, async (tx) => {
      const { row } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
      return {
        rows: await credentialsRepository.list(tenantId, tx, row.id, pageRequest(query)),
        environmentId: row.environmentId,
      };
    });
    const page = toPage(rows, query, (row) => credentialAnswer(row));
    return { ...page, items: await this.analytics.withLastUse(tenantId, environmentId, page.items) };
  }

  async create(
    { tenantId, caller }: Access,
    environmentName: string,
    subscriptionId: string,
    terms: CredentialCreate,
    idempotency: Idempotency | undefined,
  ): Promise<CredentialWithKey> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: true },
      async (tx) => {
        const { row, environment } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
        expectNotCancelled(row);
        return issueKey(tenantId, tx, environment, row.id, terms);
      },
    );
  }

  async read({ tenantId }: Access, environmentName: string, credentialId: string): Promise<Tagged<Credential>> {
    const { row, environment } = await this.database.inTenant(tenantId, async (tx) =>
      findCredential(tenantId, tx, environmentName, credentialId),
    );
    const [answer] = await this.analytics.withLastUse(tenantId, environment.id, [credentialAnswer(row)]);
    return tagged(row, answer ?? credentialAnswer(row));
  }

  async change(
    { tenantId }: Access,
    environmentName: string,
    credentialId: string,
    { name, scopes, expiresAt }: CredentialPatch,
    ifMatch: string | undefined,
  ): Promise<Tagged<Credential>> {
    return this.database.inTenant(tenantId, async (tx) => {
      await credentialsRepository.lock(tenantId, tx, [credentialId]);
      const { row: found, environment } = await findCredential(tenantId, tx, environmentName, credentialId);
      await expectMatch(tx, 'credentials', ifMatch, found);
      const isEnforced = scopes !== undefined || expiresAt !== undefined;
      if (isEnforced && found.state === 'revoked')
        throw stateConflict('This key was revoked, for good: what it may do cannot be changed.');
      const row = await credentialsRepository.change(tenantId, tx, credentialId, {
        ...(name === undefined ? {} : { name }),
        ...(scopes === undefined ? {} : { scopes }),
        ...(expiresAt === undefined ? {} : { expiresAt: futureTime(expiresAt, '/expiresAt') }),
      });
      if (isEnforced) await announce(tenantId, tx, environment, [row]);
      return tagged(row, credentialAnswer(row));
    });
  }

  async rotate(
    { tenantId, caller }: Access,
    environmentName: string,
    credentialId: string,
    rotation: Rotation,
    idempotency: Idempotency | undefined,
  ): Promise<RotatedCredential> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: true },
      async (tx) => {
        await credentialsRepository.lock(tenantId, tx, [credentialId]);
        const { row, environment } = await findCredential(tenantId, tx, environmentName, credentialId);
        expectNotCancelled((await findSubscription(tenantId, tx, environmentName, row.subscriptionId)).row);
        return rotateKey(tenantId, tx, environment, row, rotation);
      },
    );
  }

  async revoke({ tenantId }: Access, environmentName: string, credentialId: string): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const { row, environment } = await findCredential(tenantId, tx, environmentName, credentialId);
      await revokeKeys(tenantId, tx, environment, { id: { in: [row.id] }, isTry: false });
    });
  }
}

export function expectNotCancelled({ state }: { readonly state: string }): void {
  if (state === 'cancelled')
    throw stateConflict('This subscription was cancelled: a key of it would never work. Make a new subscription.');
}

async function findCredential(
  tenantId: string,
  tx: Tx,
  environmentName: string,
  credentialId: string,
): Promise<{ row: CredentialRow; environment: Environment }> {
  const environment = await findEnvironment(tenantId, tx, environmentName);
  const row = await credentialsRepository.find(tenantId, tx, environment.id, credentialId);
  if (row === null) throw notFound('credential with this id');
  return { row, environment };
}
