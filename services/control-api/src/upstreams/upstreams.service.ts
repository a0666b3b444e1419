// Upstreams of an environment's draft. One that a route of the draft sends to stays.
import { Inject, Injectable } from '@nestjs/common';
import { routeKey, upstreamSpecSchema, type Page, type Upstream, type UpstreamSpec } from '@sluice/contracts';
import type { Database, Tx, Upstream as UpstreamRow } from '@sluice/prisma';
import { readStored } from '../database/read-stored.js';
import { findEnvironment } from '../environments/find-environment.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { nameTaken, notFound, stillInUse } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { routesRepository } from '../routes/routes.repository.js';
import { databaseToken } from '../tokens.js';
import { upstreamsRepository } from './upstreams.repository.js';

@Injectable()
export class UpstreamsService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list({ tenantId }: Access, environmentName: string, query: PageQuery): Promise<Page<Upstream>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const { id } = await findEnvironment(tenantId, tx, environmentName);
      return upstreamsRepository.list(tenantId, tx, id, pageRequest(query));
    });
    return toPage(rows, query, upstreamAnswer);
  }

  async create(
    { tenantId, caller }: Access,
    environmentName: string,
    { name, ...spec }: UpstreamSpec & { name: string },
    idempotency: Idempotency | undefined,
  ): Promise<Upstream> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: false },
      async (tx) => {
        const { id } = await findEnvironment(tenantId, tx, environmentName);
        if ((await upstreamsRepository.find(tenantId, tx, id, name)) !== null) throw nameTaken('/name', name);
        return upstreamAnswer(await upstreamsRepository.create(tenantId, tx, id, name, spec));
      },
    );
  }

  async read({ tenantId }: Access, environmentName: string, name: string): Promise<Tagged<Upstream>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const row = await findUpstream(tenantId, tx, environmentName, name);
      return tagged(row, upstreamAnswer(row));
    });
  }

  async replace(
    { tenantId }: Access,
    environmentName: string,
    name: string,
    spec: UpstreamSpec,
    ifMatch: string | undefined,
  ): Promise<Tagged<Upstream>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const found = await findUpstream(tenantId, tx, environmentName, name);
      await expectMatch(tx, 'upstreams', ifMatch, found);
      const row = await upstreamsRepository.replace(tenantId, tx, found.id, spec);
      return tagged(row, upstreamAnswer(row));
    });
  }

  async remove(
    { tenantId }: Access,
    environmentName: string,
    name: string,
    ifMatch: string | undefined,
  ): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const found = await findUpstream(tenantId, tx, environmentName, name);
      await expectMatch(tx, 'upstreams', ifMatch, found);
      await upstreamsRepository.remove(tenantId, tx, found.id);
      const users = (await routesRepository.ofEnvironment(tenantId, tx, found.environmentId)).filter(({ spec }) =>
        spec.split?.arms.some((arm) => arm.upstream === name),
      );
      if (users.length > 0)
        throw stillInUse(
          `The upstream "${name}"`,
          users.map(({ api, spec }) => `the route ${routeKey(api, spec.name)}`),
        );
    });
  }
}

async function findUpstream(tenantId: string, tx: Tx, environmentName: string, name: string): Promise<UpstreamRow> {
  const { id } = await findEnvironment(tenantId, tx, environmentName);
  const row = await upstreamsRepository.find(tenantId, tx, id, name);
  if (row === null) throw notFound('upstream of this name');
  return row;
}

export function upstreamAnswer({ id, name, spec, createdAt, updatedAt }: UpstreamRow): Upstream {
  return {
    id,
    name,
    ...readStored(upstreamSpecSchema, spec),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
