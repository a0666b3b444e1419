// Which revision a subscription needs: the least one that is sure to know its plan. Until a gateway has that revision it
// answers configuration_pending, which is true, and not that there is no such plan, which would be wrong.
import type { Environment, Tx } from '@sluice/prisma';
import { liveDocument } from '../environments/live-document.js';

export async function leastRevisionKnowing(
  tenantId: string,
  tx: Tx,
  environment: Environment,
  plan: string,
): Promise<number> {
  const live = await liveDocument(tenantId, tx, environment);
  const isLive = live !== null && Object.hasOwn(live.plans, plan);
  return isLive ? environment.liveRevision : environment.liveRevision + 1;
}
