// A route or an API that no gateway could serve is refused where it is edited: by the engine, which will compile it there.
import type { FieldError, RouteSpec } from '@sluice/contracts';
import { upstreamSpecSchema } from '@sluice/contracts';
import { validateApi, validateRoute } from '@sluice/engine';
import type { Tx } from '@sluice/prisma';
import type { ApiSettings } from '../apis/apis.repository.js';
import { readStored } from '../database/read-stored.js';
import { Refusal } from '../http/refusal.js';

export async function expectGoodRoute(
  tenantId: string,
  tx: Tx,
  environmentId: string,
  api: { readonly name: string; readonly settings: ApiSettings },
  route: RouteSpec,
): Promise<void> {
  const upstreams = await upstreamsOf(tenantId, tx, environmentId);
  refuse('route', validateRoute(route, { apiName: api.name, api: api.settings, upstreams }));
}

export async function expectGoodApi(
  tenantId: string,
  tx: Tx,
  environmentId: string,
  apiName: string,
  settings: ApiSettings,
): Promise<void> {
  if (settings.policies === undefined) return;
  const upstreams = await upstreamsOf(tenantId, tx, environmentId);
  refuse('API', validateApi(settings, { apiName, upstreams }));
}

async function upstreamsOf(
  tenantId: string,
  tx: Tx,
  environmentId: string,
): Promise<Parameters<typeof validateApi>[1]['upstreams']> {
  const rows = await tx.upstream.findMany({
    where: { tenantId, environmentId },
    select: { name: true, spec: true },
    orderBy: { id: 'asc' },
  });
  return Object.fromEntries(rows.map(({ name, spec }) => [name, readStored(upstreamSpecSchema, spec)]));
}

function refuse(thing: string, errors: readonly FieldError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  throw new Refusal('invalid_body', `The ${thing} cannot be served: ${first.message}.`, errors.slice(0, 50));
}
