// APIs of an environment's draft. Deleting one deletes its routes; one that a plan offers stays.
import { Inject, Injectable } from '@nestjs/common';
import type { Api, Page } from '@sluice/contracts';
import type { Database, Tx } from '@sluice/prisma';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { nameTaken, notFound, stillInUse } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { plansRepository } from '../plans/plans.repository.js';
import { expectGoodApi } from '../publish/expect-good-parts.js';
import { databaseToken } from '../tokens.js';
import { apiSettings, apisRepository, type ApiChange, type ApiRow, type ApiSettings } from './apis.repository.js';

@Injectable()
export class ApisService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list({ tenantId }: Access, environmentName: string, query: PageQuery): Promise<Page<Api>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const { id } = await findEnvironment(tenantId, tx, environmentName);
      return apisRepository.list(tenantId, tx, id, pageRequest(query));
    });
    return toPage(rows, query, apiAnswer);
  }

  async create(
    { tenantId, caller }: Access,
    environmentName: string,
    { name, ...settings }: ApiSettings & { name: string },
    idempotency: Idempotency | undefined,
  ): Promise<Api> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: false },
      async (tx) => {
        const { id } = await findEnvironment(tenantId, tx, environmentName);
        if ((await apisRepository.find(tenantId, tx, id, name)) !== null) throw nameTaken('/name', name);
        await expectGoodApi(tenantId, tx, id, name, settings);
        return apiAnswer(await apisRepository.create(tenantId, tx, id, name, settings));
      },
    );
  }

  async read({ tenantId }: Access, environmentName: string, name: string): Promise<Tagged<Api>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const row = await findApi(tenantId, tx, environmentName, name);
      return tagged(row, apiAnswer(row));
    });
  }

  async change(
    { tenantId }: Access,
    environmentName: string,
    name: string,
    change: ApiChange,
    ifMatch: string | undefined,
  ): Promise<Tagged<Api>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const found = await findApi(tenantId, tx, environmentName, name);
      await expectMatch(tx, 'apis', ifMatch, found);
      const row = await apisRepository.change(tenantId, tx, found.id, change);
      await expectGoodApi(tenantId, tx, found.environmentId, name, apiSettings(row));
      return tagged(row, apiAnswer(row));
    });
  }

  async remove(
    { tenantId }: Access,
    environmentName: string,
    name: string,
    ifMatch: string | undefined,
  ): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const found = await findApi(tenantId, tx, environmentName, name);
      await expectMatch(tx, 'apis', ifMatch, found);
      await apisRepository.remove(tenantId, tx, found.id);
      const users = await plansRepository.offering(tenantId, tx, found.environmentId, name);
      if (users.length > 0)
        throw stillInUse(
          `The API "${name}"`,
          users.map((plan) => `the plan ${plan.name}`),
        );
    });
  }
}

export async function findApi(tenantId: string, tx: Tx, environmentName: string, name: string): Promise<ApiRow> {
  const { id } = await findEnvironment(tenantId, tx, environmentName);
  const row = await apisRepository.find(tenantId, tx, id, name);
  if (row === null) throw notFound('API of this name');
  return row;
}

export function apiAnswer(row: ApiRow): Api {
  const { id, name, _count, createdAt, updatedAt } = row;
  const { title, version, versioning = null, policies = [], tags } = apiSettings(row);
  return {
    id,
    name,
    title,
    version,
    versioning,
    policies,
    ...(tags === undefined ? {} : { tags }),
    routes: _count.routes,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
