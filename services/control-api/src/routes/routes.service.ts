// Routes of an API's draft. A route's arms name upstreams of the same environment, which must be there.
import { Inject, Injectable } from '@nestjs/common';
import type { Page, RouteSpec } from '@sluice/contracts';
import type { Database, Route as RouteRow, Tx } from '@sluice/prisma';
import { apiSettings, type ApiRow } from '../apis/apis.repository.js';
import { findApi } from '../apis/apis.service.js';
import type { Access } from '../http/access.js';
import { pageRequest, toPage, type PageQuery } from '../http/cursor.js';
import { expectMatch } from '../http/etag.js';
import { nameTaken, notFound, Refusal } from '../http/refusal.js';
import { tagged, type Tagged } from '../http/tagged.js';
import { createOnce } from '../idempotency/create-once.js';
import type { Idempotency } from '../idempotency/idempotency-key.js';
import { expectGoodRoute } from '../publish/expect-good-parts.js';
import { databaseToken } from '../tokens.js';
import { upstreamsRepository } from '../upstreams/upstreams.repository.js';
import { routesRepository, routeSpec } from './routes.repository.js';

export type Route = RouteSpec & { id: string; createdAt: string; updatedAt: string };

@Injectable()
export class RoutesService {
  constructor(@Inject(databaseToken) private readonly database: Database) {}

  async list({ tenantId }: Access, environmentName: string, apiName: string, query: PageQuery): Promise<Page<Route>> {
    const rows = await this.database.inTenant(tenantId, async (tx) => {
      const api = await findApi(tenantId, tx, environmentName, apiName);
      return routesRepository.list(tenantId, tx, api.id, pageRequest(query));
    });
    return toPage(rows, query, routeAnswer);
  }

  async create(
    { tenantId, caller }: Access,
    environmentName: string,
    apiName: string,
    spec: RouteSpec,
    idempotency: Idempotency | undefined,
  ): Promise<Route> {
    return createOnce(
      this.database,
      { tenantId, identityId: caller.identityId },
      idempotency,
      { holdsSecret: false },
      async (tx) => {
        const api = await findApi(tenantId, tx, environmentName, apiName);
        if ((await routesRepository.find(tenantId, tx, api.id, spec.name)) !== null)
          throw nameTaken('/name', spec.name);
        await expectUpstreams(tenantId, tx, api.environmentId, spec);
        await expectGood(tenantId, tx, api, spec);
        return routeAnswer(await routesRepository.create(tenantId, tx, api.id, spec));
      },
    );
  }

  async read({ tenantId }: Access, environmentName: string, apiName: string, name: string): Promise<Tagged<Route>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { row } = await findRoute(tenantId, tx, environmentName, apiName, name);
      return tagged(row, routeAnswer(row));
    });
  }

  async replace(
    { tenantId }: Access,
    environmentName: string,
    apiName: string,
    name: string,
    spec: Omit<RouteSpec, 'name'>,
    ifMatch: string | undefined,
  ): Promise<Tagged<Route>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const found = await findRoute(tenantId, tx, environmentName, apiName, name);
      await expectMatch(tx, 'routes', ifMatch, found.row);
      await expectUpstreams(tenantId, tx, found.api.environmentId, spec);
      await expectGood(tenantId, tx, found.api, { name, ...spec });
      const row = await routesRepository.replace(tenantId, tx, found.row.id, spec);
      return tagged(row, routeAnswer(row));
    });
  }

  async remove(
    { tenantId }: Access,
    environmentName: string,
    apiName: string,
    name: string,
    ifMatch: string | undefined,
  ): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      const { row } = await findRoute(tenantId, tx, environmentName, apiName, name);
      await expectMatch(tx, 'routes', ifMatch, row);
      await routesRepository.remove(tenantId, tx, row.id);
    });
  }
}

async function findRoute(
  tenantId: string,
  tx: Tx,
  environmentName: string,
  apiName: string,
  name: string,
): Promise<{ row: RouteRow; api: ApiRow }> {
  const api = await findApi(tenantId, tx, environmentName, apiName);
  const row = await routesRepository.find(tenantId, tx, api.id, name);
  if (row === null) throw notFound('route of this name');
  return { row, api };
}

async function expectGood(tenantId: string, tx: Tx, api: ApiRow, spec: RouteSpec): Promise<void> {
  await expectGoodRoute(tenantId, tx, api.environmentId, { name: api.name, settings: apiSettings(api) }, spec);
}

async function expectUpstreams(
  tenantId: string,
  tx: Tx,
  environmentId: string,
  { split }: Pick<RouteSpec, 'split'>,
): Promise<void> {
  const arms = split?.arms ?? [];
  const known = await upstreamsRepository.lockNames(
    tenantId,
    tx,
    environmentId,
    arms.map(({ upstream }) => upstream),
  );
  const errors = arms.flatMap(({ upstream }, index) =>
    known.has(upstream)
      ? []
      : [
          {
            pointer: `/split/arms/${index}/upstream`,
            message: `there is no upstream "${upstream}"`,
            fix: 'create it first, or name one that exists',
          },
        ],
  );
  if (errors.length > 0)
    throw new Refusal('invalid_body', 'The route sends to an upstream that does not exist.', errors);
}

export function routeAnswer(row: RouteRow): Route {
  return {
    id: row.id,
    ...routeSpec(row),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
