// Applications, as the provider sees them. Deleting one ends its subscriptions and keys at every gateway.
import { Inject, Injectable } from '@nestjs/common';
import type { Application, Page } from '@sluice/contracts';
import type { Database, Tx } from '@sluice/prisma';
import { developersRepository } from '../developers/developers.repository.js';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { notFound } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { endSubscriptions } from '../subscriptions/end-subscriptions.js';
import { databaseToken } from '../tokens.js';
import { applicationsRepository, type ApplicationRow } from './applications.repository.js';

@Injectable()
export class ApplicationsService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list({ tenantId }: Access, environmentName: string, query: PageQuery): Promise<Page<Application>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const { id } = await findEnvironment(tenantId, tx, environmentName);
      return applicationsRepository.list(tenantId, tx, id, pageRequest(query));
    });
    return toPage(rows, query, applicationAnswer);
  }

  /** It belongs to the member who creates it. */
  async create(
    { tenantId, caller }: Access,
    environmentName: string,
    title: string,
    idempotency: Idempotency | undefined,
  ): Promise<Application> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: false },
      async (tx) => {
        const environment = await findEnvironment(tenantId, tx, environmentName);
        const developer = await developersRepository.ensure(tenantId, tx, caller);
        return applicationAnswer(
          await applicationsRepository.create(tenantId, tx, environment.id, { developerId: developer.id, title }),
        );
      },
    );
  }

  async read({ tenantId }: Access, environmentName: string, applicationId: string): Promise<Tagged<Application>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const row = await findApplication(tenantId, tx, environmentName, applicationId);
      return tagged(row, applicationAnswer(row));
    });
  }

  async rename(
    { tenantId }: Access,
    environmentName: string,
    applicationId: string,
    title: string,
    ifMatch: string | undefined,
  ): Promise<Tagged<Application>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const found = await findApplication(tenantId, tx, environmentName, applicationId);
      await expectMatch(tx, 'applications', ifMatch, found);
      const row = await applicationsRepository.rename(tenantId, tx, applicationId, title);
      return tagged(row, applicationAnswer(row));
    });
  }

  async remove(
    { tenantId }: Access,
    environmentName: string,
    applicationId: string,
    ifMatch: string | undefined,
  ): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const environment = await findEnvironment(tenantId, tx, environmentName);
      const found = await findApplication(tenantId, tx, environmentName, applicationId);
      await expectMatch(tx, 'applications', ifMatch, found);
      // Nobody can subscribe it from here on: what ends below is all that there is.
      await tx.$queryRaw`SELECT FROM sluice.applications WHERE tenant_id = ${tenantId} AND id = ${applicationId} FOR UPDATE`;
      await endSubscriptions(tenantId, tx, environment, { applicationId }, async () =>
        applicationsRepository.remove(tenantId, tx, applicationId),
      );
    });
  }
}

export async function findApplication(
  tenantId: string,
  tx: Tx,
  environmentName: string,
  applicationId: string,
): Promise<ApplicationRow> {
  const { id } = await findEnvironment(tenantId, tx, environmentName);
  const row = await applicationsRepository.find(tenantId, tx, id, applicationId);
  if (row === null) throw notFound('application with this id');
  return row;
}

export function applicationAnswer({ id, title, developerId, developer, createdAt }: ApplicationRow): Application {
  return { id, title, developerId, developerEmail: developer.email, createdAt: createdAt.toISOString() };
}
