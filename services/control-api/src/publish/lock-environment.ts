// Publications of an environment and changes of its weights come one after the other: each locks its row first.
import type { Environment, Tx } from '@sluice/prisma';
import { findEnvironment } from '../environments/find-environment.js';

/** NO KEY: rows that refer to the environment can still be added meanwhile. */
export async function lockEnvironment(tenantId: string, tx: Tx, name: string): Promise<Environment> {
  await tx.$queryRaw`SELECT FROM sluice.environments WHERE tenant_id = ${tenantId} AND name = ${name} FOR NO KEY UPDATE`;
  return findEnvironment(tenantId, tx, name);
}
