// A new environment, on the fleet that takes new tenants: the first one.
import { newId } from '@sluice/contracts';
import type { Environment, Tx } from '@sluice/prisma';

export async function createEnvironment(tenantId: string, tx: Tx, name: string): Promise<Environment> {
  const fleet = await tx.fleet.findFirst({ orderBy: { createdAt: 'asc' }, select: { id: true } });
  if (fleet === null) throw new Error('there is no fleet: control-api makes one when it starts');
  return tx.environment.create({ data: { id: newId('environment'), tenantId, fleetId: fleet.id, name } });
}
