// The environment that a path names, within a tenant; everything below it starts here.
import type { Environment, Tx } from '@sluice/prisma';
import { notFound } from '../http/refusal.js';

export async function findEnvironment(tenantId: string, tx: Tx, name: string): Promise<Environment> {
  const environment = await tx.environment.findUnique({ where: { tenantId_name: { tenantId, name } } });
  if (environment === null) throw notFound('environment of this name');
  return environment;
}
