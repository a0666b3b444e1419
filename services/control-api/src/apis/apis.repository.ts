// The rows of an environment's APIs.
import { apiSpecSchema, newId, type ApiSpec } from '@sluice/contracts';
import { Prisma, type Api, type Tx } from '@sluice/prisma';
import type { PageRequest } from '../http/cursor.js';
import { asJson } from '../http/json.js';

export type ApiRow = Api & { _count: { routes: number } };

/** What an API says beside its name and its routes. */
export type ApiSettings = Pick<ApiSpec, 'title' | 'version' | 'versioning' | 'policies' | 'tags'>;
/** `versioning` and `tags` null: none any more. */
export type ApiChange = {
  [Field in Exclude<keyof ApiSettings, 'versioning' | 'tags'>]?: ApiSettings[Field] | undefined;
} & {
  versioning?: ApiSettings['versioning'] | null;
  tags?: ApiSettings['tags'] | null;
};

const withCount = { _count: { select: { routes: true } } } as const;

export const apisRepository = {
  async list(tenantId: string, tx: Tx, environmentId: string, { after, take }: PageRequest): Promise<ApiRow[]> {
    return tx.api.findMany({
      where: { tenantId, environmentId, ...(after === undefined ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
      include: withCount,
    });
  },

  async find(tenantId: string, tx: Tx, environmentId: string, name: string): Promise<ApiRow | null> {
    return tx.api.findUnique({
      where: { tenantId_environmentId_name: { tenantId, environmentId, name } },
      include: withCount,
    });
  },

  async create(
    tenantId: string,
    tx: Tx,
    environmentId: string,
    name: string,
    { title, version, ...settings }: ApiSettings,
  ): Promise<ApiRow> {
    return tx.api.create({
      data: { id: newId('api'), tenantId, environmentId, name, title, version, ...asColumns(settings) },
      include: withCount,
    });
  },

  async change(tenantId: string, tx: Tx, id: string, { title, version, ...settings }: ApiChange): Promise<ApiRow> {
    const data = {
      ...(title === undefined ? {} : { title }),
      ...(version === undefined ? {} : { version }),
      ...asColumns(settings),
    };
    return tx.api.update({ where: { tenantId_id: { tenantId, id } }, data, include: withCount });
  },

  async remove(tenantId: string, tx: Tx, id: string): Promise<void> {
    await tx.api.delete({ where: { tenantId_id: { tenantId, id } } });
  },

  /** Those of `names` that exist, locked against deletion until the transaction ends. */
  async lockNames(tenantId: string, tx: Tx, environmentId: string, names: readonly string[]): Promise<Set<string>> {
    const rows = await tx.$queryRaw<{ name: string }[]>`
      SELECT name FROM sluice.apis
      WHERE tenant_id = ${tenantId} AND environment_id = ${environmentId} AND name = ANY(${[...names]}) ORDER BY name FOR SHARE`;
    return new Set(rows.map(({ name }) => name));
  },
};

function asColumns({
  versioning,
  policies,
  tags,
}: Pick<ApiChange, 'versioning' | 'policies' | 'tags'>): Pick<
  Prisma.ApiUncheckedUpdateInput,
  'versioning' | 'policies' | 'tags'
> {
  return {
    ...(versioning === undefined ? {} : { versioning: versioning === null ? Prisma.DbNull : asJson(versioning) }),
    // No list and an empty one are the same, and so make the same document.
    ...(policies === undefined ? {} : { policies: policies.length === 0 ? Prisma.DbNull : asJson(policies) }),
    ...(tags === undefined ? {} : { tags: tags === null ? Prisma.DbNull : asJson(tags) }),
  };
}

/** As the document has them. */
export function apiSettings({ title, version, versioning, policies, tags }: Api): ApiSettings {
  return apiSpecSchema.omit({ routes: true }).parse({
    title,
    version,
    ...(versioning === null ? {} : { versioning }),
    ...(policies === null ? {} : { policies }),
    ...(tags === null ? {} : { tags }),
  });
}
