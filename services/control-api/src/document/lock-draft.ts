// Holds an environment's draft still until the transaction ends: publications wait, and so does whoever changes one of its
// objects or refers to it. What somebody has changed by then is there to be read, so a draft that is compared with `If-Match`
// after this cannot change unseen.
import { type Environment, Prisma, type Tx } from '@sluice/prisma';
import { lockEnvironment } from '../publish/lock-environment.js';

// The order is that in which those who edit single objects lock (a plan its APIs, an API its routes, a route its upstreams).
const tables = ['plans', 'apis', 'routes', 'upstreams'] as const;

/** NO KEY: subscriptions to a plan, and routes of an API, can still be added meanwhile. */
export async function lockDraft(tenantId: string, tx: Tx, environmentName: string): Promise<Environment> {
  const environment = await lockEnvironment(tenantId, tx, environmentName);
  const { id } = environment;
  for (const table of tables) {
    const isOfDraft =
      table === 'routes'
        ? Prisma.sql`api_id IN (SELECT id FROM sluice.apis WHERE tenant_id = ${tenantId} AND environment_id = ${id})`
        : Prisma.sql`environment_id = ${id}`;
    await tx.$queryRaw`
      SELECT count(*)::int AS held FROM (
        SELECT FROM sluice.${Prisma.raw(table)} WHERE tenant_id = ${tenantId} AND ${isOfDraft} ORDER BY id FOR NO KEY UPDATE
      ) AS held`;
  }
  return environment;
}
