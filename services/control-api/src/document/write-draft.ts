// Makes a draft out of another: only rows of objects that differ are touched, so that the others keep their ids and ETags. What
// is added is inserted, never replaced: of two who add one name at once, the second is told so.
import { canonicalJson, newId, type ApiSpec, type Document, type RouteSpec } from '@sluice/contracts';
import { Prisma, type Tx } from '@sluice/prisma';
import { asJson } from '../http/json.js';

interface Draft {
  readonly tenantId: string;
  readonly environmentId: string;
}

/** The draft is locked (lock-draft.ts), and `from` is what it holds. */
export async function writeDraft(tx: Tx, draft: Draft, from: Document, to: Document): Promise<void> {
  const upstreams = changesOf(from.upstreams, to.upstreams);
  const plans = changesOf(from.plans, to.plans);
  const apis = changesOf(settingsOf(from), settingsOf(to));
  await removePlans(tx, draft, plans.removed);
  await writeUpstreams(tx, draft, upstreams);
  await writeApis(tx, draft, apis);
  await writeRoutes(tx, draft, changesOf(routesOf(from), routesOf(to)));
  await writePlans(tx, draft, plans);
  await tx.api.deleteMany({ where: { ...draft, name: { in: apis.removed } } });
  await tx.upstream.deleteMany({ where: { ...draft, name: { in: upstreams.removed } } });
}

interface Changes<T> {
  readonly added: readonly [string, T][];
  readonly changed: readonly [string, T][];
  readonly removed: string[];
}

function changesOf<T>(from: Readonly<Record<string, T>>, to: Readonly<Record<string, T>>): Changes<T> {
  const entries = Object.entries(to);
  return {
    added: entries.filter(([name]) => !Object.hasOwn(from, name)),
    changed: entries.filter(
      ([name, value]) => Object.hasOwn(from, name) && canonicalJson(from[name]) !== canonicalJson(value),
    ),
    removed: Object.keys(from).filter((name) => !Object.hasOwn(to, name)),
  };
}

function settingsOf({ apis }: Document): Record<string, Omit<ApiSpec, 'routes'>> {
  return Object.fromEntries(Object.entries(apis).map(([name, { routes: _routes, ...settings }]) => [name, settings]));
}

/** By API and name: neither has a slash in it. */
function routesOf({ apis }: Document): Record<string, RouteSpec> {
  return Object.fromEntries(
    Object.entries(apis).flatMap(([api, { routes }]) =>
      routes.map((route) => [`${api}/${route.name}`, route] as const),
    ),
  );
}

async function writeUpstreams(tx: Tx, draft: Draft, { added, changed }: Changes<unknown>): Promise<void> {
  await tx.upstream.createMany({
    data: added.map(([name, spec]) => ({ id: newId('upstream'), ...draft, name, spec: asJson(spec) })),
  });
  if (changed.length === 0) return;
  await tx.$executeRaw`
    UPDATE sluice.upstreams SET spec = new.spec, updated_at = clock_timestamp()
    FROM jsonb_to_recordset(${rows(changed.map(([name, spec]) => ({ name, spec })))}::jsonb) AS new (name text, spec jsonb)
    WHERE ${isOfDraft('upstreams', draft)} AND upstreams.name = new.name`;
}

async function writeApis(tx: Tx, draft: Draft, { added, changed }: Changes<Omit<ApiSpec, 'routes'>>): Promise<void> {
  await tx.api.createMany({
    data: added.map(([name, { title, version, versioning, policies, tags }]) => ({
      id: newId('api'),
      ...draft,
      name,
      title,
      version,
      versioning: versioning === undefined ? Prisma.DbNull : asJson(versioning),
      policies: policies === undefined ? Prisma.DbNull : asJson(policies),
      tags: tags === undefined ? Prisma.DbNull : asJson(tags),
    })),
  });
  if (changed.length === 0) return;
  await tx.$executeRaw`
    UPDATE sluice.apis SET title = new.title, version = new.version, versioning = new.versioning, policies = new.policies,
      tags = new.tags, updated_at = clock_timestamp()
    FROM jsonb_to_recordset(${rows(changed.map(([name, settings]) => ({ name, ...settings })))}::jsonb)
      AS new (name text, title text, version text, versioning jsonb, policies jsonb, tags jsonb)
    WHERE ${isOfDraft('apis', draft)} AND apis.name = new.name`;
}

/** After the APIs that they belong to. Those of an API that goes, go with it. */
async function writeRoutes(tx: Tx, draft: Draft, { added, changed, removed }: Changes<RouteSpec>): Promise<void> {
  const { tenantId } = draft;
  if (added.length + changed.length + removed.length === 0) return;
  const apis = await tx.api.findMany({ where: draft, select: { id: true, name: true }, orderBy: { id: 'asc' } });
  const ids = new Map(apis.map(({ id, name }) => [name, id]));
  const rowOf = (key: string): { apiId: string; name: string } => {
    const [api = '', name = ''] = key.split('/');
    const apiId = ids.get(api);
    if (apiId === undefined) throw new Error('a route was to be written before its API');
    return { apiId, name };
  };
  await tx.route.createMany({
    data: added.map(([key, { name: _name, ...spec }]) => ({
      id: newId('route'),
      tenantId,
      ...rowOf(key),
      spec: asJson(spec),
    })),
  });
  if (changed.length > 0)
    await tx.$executeRaw`
      UPDATE sluice.routes SET spec = new.spec, updated_at = clock_timestamp()
      FROM jsonb_to_recordset(${rows(changed.map(([key, { name: _name, ...spec }]) => ({ ...rowOf(key), spec })))}::jsonb)
        AS new ("apiId" text, name text, spec jsonb)
      WHERE routes.tenant_id = ${tenantId} AND routes.api_id = new."apiId" AND routes.name = new.name`;
  if (removed.length > 0)
    await tx.$executeRaw`
      DELETE FROM sluice.routes USING jsonb_to_recordset(${rows(removed.map(rowOf))}::jsonb) AS gone ("apiId" text, name text)
      WHERE routes.tenant_id = ${tenantId} AND routes.api_id = gone."apiId" AND routes.name = gone.name`;
}

async function writePlans(tx: Tx, draft: Draft, { added, changed }: Changes<Document['plans'][string]>): Promise<void> {
  await tx.plan.createMany({
    data: added.map(([name, { title, apis, limits, tags }]) => ({
      id: newId('plan'),
      ...draft,
      name,
      title,
      apis,
      limits: asJson(limits),
      tags: tags === undefined ? Prisma.DbNull : asJson(tags),
    })),
  });
  if (changed.length === 0) return;
  await tx.$executeRaw`
    UPDATE sluice.plans SET title = new.title, limits = new.limits, tags = new.tags, updated_at = clock_timestamp(),
      apis = ARRAY(SELECT jsonb_array_elements_text(new.apis))
    FROM jsonb_to_recordset(${rows(changed.map(([name, plan]) => ({ name, ...plan })))}::jsonb)
      AS new (name text, title text, apis jsonb, limits jsonb, tags jsonb)
    WHERE ${isOfDraft('plans', draft)} AND plans.name = new.name`;
}

async function removePlans(tx: Tx, draft: Draft, names: string[]): Promise<void> {
  await tx.plan.deleteMany({ where: { ...draft, name: { in: names } } });
}

function isOfDraft(table: 'upstreams' | 'apis' | 'plans', { tenantId, environmentId }: Draft): Prisma.Sql {
  const of = Prisma.raw(`sluice.${table}`);
  return Prisma.sql`${of}.tenant_id = ${tenantId} AND ${of}.environment_id = ${environmentId}`;
}

function rows(values: readonly object[]): string {
  return JSON.stringify(values);
}
