// Holds an environment's draft still until the transaction ends: publications wait, and so does whoever changes one of its
// objects or adds to them. What somebody has changed by then is there to be read, so a draft that is compared with `If-Match`
// after this cannot change unseen.
import { type Environment, Prisma, type Tx } from '@sluice/prisma';
import { lockEnvironment } from '../publish/lock-environment.js';

/** Routes before upstreams, as whoever edits a route locks them; then again, for those added before their upstream was held. */
export async function lockDraft(tenantId: string, tx: Tx, environmentName: string): Promise<Environment> {
  const environment = await lockEnvironment(tenantId, tx, environmentName);
  const { id } = environment;
  for (const table of ['routes', 'upstreams', 'apis', 'plans', 'routes'] as const) {
    const isOfDraft =
      table === 'routes'
        ? Prisma.sql`api_id IN (SELECT id FROM sluice.apis WHERE tenant_id = ${tenantId} AND environment_id = ${id})`
        : Prisma.sql`environment_id = ${id}`;
    await tx.$queryRaw`
      SELECT count(*)::int AS held FROM (
        SELECT FROM sluice.${Prisma.raw(table)} WHERE tenant_id = ${tenantId} AND ${isOfDraft} ORDER BY id FOR UPDATE
      ) AS held`;
  }
  return environment;
}
