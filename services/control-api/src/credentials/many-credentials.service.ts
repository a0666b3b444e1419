// Many keys at once: revoked because they leaked or somebody has gone, or brought along from another system.
import { Inject, Injectable } from '@nestjs/common';
import type { CredentialImport, ImportedKey, Revocation } from '@sluice/contracts';
import type { Database } from '@sluice/prisma';
import { findApplication } from '../applications/applications.service.js';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { Refusal } from '../http/refusal.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { findSubscription, lockApplication, lockSubscription } from '../subscriptions/subscriptions.service.js';
import { databaseToken } from '../tokens.js';
import { expectNotCancelled } from './credentials.service.js';
import { credentialsRepository } from './credentials.repository.js';
import { importKeys, revokeKeys } from './life-cycle.js';

@Injectable()
export class ManyCredentialsService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  /** All or none: who has to end a hundred keys must not be left to find out which are still good. */
  async revokeListed({ tenantId }: Access, environmentName: string, listed: readonly string[]): Promise<Revocation> {
    const ids = [...new Set(listed)];
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      await credentialsRepository.lock(tenantId, tx, ids);
      const known = await tx.credential.findMany({
        where: { tenantId, environmentId: environment.id, id: { in: ids }, isTry: false },
        select: { id: true },
      });
      const knownIds = new Set(known.map(({ id }) => id));
      const errors = listed.flatMap((id, index) =>
        knownIds.has(id)
          ? []
          : [{ pointer: `/credentials/${index}`, message: 'there is no credential with this id', fix: 'leave it out' }],
      );
      if (errors.length > 0)
        throw new Refusal('invalid_body', 'Some of these credentials are not here. None was revoked.', errors);
      return revokeKeys(tenantId, tx, environment, { id: { in: ids }, isTry: false });
    });
  }

  async revokeOfSubscription(
    { tenantId }: Access,
    environmentName: string,
    subscriptionId: string,
  ): Promise<Revocation> {
    return this.database.inTenant(tenantId, async (tx) => {
      // A key that is being made comes before, and is found, or after.
      await lockSubscription(tenantId, tx, subscriptionId);
      const { row, environment } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
      return revokeKeys(tenantId, tx, environment, { subscriptionId: row.id });
    });
  }

  async revokeOfApplication({ tenantId }: Access, environmentName: string, applicationId: string): Promise<Revocation> {
    return this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      await lockApplication(tenantId, tx, applicationId);
      const { id } = await findApplication(tenantId, tx, environmentName, applicationId);
      await tx.$queryRaw`
        SELECT FROM sluice.subscriptions WHERE tenant_id = ${tenantId} AND application_id = ${id} ORDER BY id FOR UPDATE`;
      return revokeKeys(tenantId, tx, environment, { subscription: { applicationId: id } });
    });
  }

  async import(
    { tenantId, caller }: Access,
    environmentName: string,
    subscriptionId: string,
    keys: readonly ImportedKey[],
    idempotency: Idempotency | undefined,
  ): Promise<CredentialImport> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: false },
      async (tx) => {
        const { row, environment } = await findSubscription(tenantId, tx, environmentName, subscriptionId);
        expectNotCancelled(row);
        return importKeys(tenantId, tx, environment, row.id, keys);
      },
    );
  }
}
