// The draft of an environment as one configuration document. Equal drafts give equal documents, whatever the order in which
// their objects were made: routes are sorted by name, and absent fields get their defaults.
import { documentSchema, type Document } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';
import { readStored } from '../database/read-stored.js';

/** One statement, so that an edit in between cannot tear the draft. */
export async function draftDocument(tenantId: string, tx: Tx, environmentId: string): Promise<Document> {
  const [row] = await tx.$queryRaw<{ document: unknown }[]>`
    SELECT jsonb_build_object(
      'sluice', 1,
      'upstreams', (
        SELECT coalesce(jsonb_object_agg(name, spec), '{}') FROM sluice.upstreams
        WHERE tenant_id = ${tenantId} AND environment_id = ${environmentId}
      ),
      'apis', (
        SELECT coalesce(jsonb_object_agg(api.name, jsonb_build_object(
          'title', api.title,
          'version', api.version
        ) || CASE WHEN api.versioning IS NULL THEN '{}' ELSE jsonb_build_object('versioning', api.versioning) END
          || CASE WHEN api.policies IS NULL THEN '{}' ELSE jsonb_build_object('policies', api.policies) END
          || CASE WHEN api.tags IS NULL THEN '{}' ELSE jsonb_build_object('tags', api.tags) END
          || jsonb_build_object('routes', (
            SELECT coalesce(jsonb_agg(route.spec || jsonb_build_object('name', route.name) ORDER BY route.name COLLATE "C"), '[]')
            FROM sluice.routes route WHERE route.tenant_id = api.tenant_id AND route.api_id = api.id
          )
        )), '{}') FROM sluice.apis api WHERE api.tenant_id = ${tenantId} AND api.environment_id = ${environmentId}
      ),
      'plans', (
        SELECT coalesce(jsonb_object_agg(name, jsonb_build_object('title', title, 'apis', apis, 'limits', limits)
          || CASE WHEN tags IS NULL THEN '{}' ELSE jsonb_build_object('tags', tags) END), '{}')
        FROM sluice.plans WHERE tenant_id = ${tenantId} AND environment_id = ${environmentId}
      )
    ) AS document`;
  return readStored(documentSchema, row?.document);
}
