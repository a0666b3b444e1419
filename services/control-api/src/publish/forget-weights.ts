// Weights that were set for a route do not outlive it: a later route of the same name starts with those of its document. It is
// the publication that ends them, not the deletion in the draft: until then the route is served, and weighed. Empty weights
// fit no split, so gateways that hold them go by the document (see the engine's stage `split`).
import { routeKey, type Document, type WeightsChange } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';
import { weightsRepository } from './weights.repository.js';

/** What the feed is to be told, after the document without those routes. */
export async function forgetWeights(
  tenantId: string,
  tx: Tx,
  environmentId: string,
  { apis }: Document,
): Promise<WeightsChange[]> {
  const live = new Set(
    Object.entries(apis).flatMap(([api, { routes }]) => routes.map(({ name }) => routeKey(api, name))),
  );
  const changes: WeightsChange[] = [];
  for (const { route, weights } of await weightsRepository.ofEnvironment(tenantId, tx, environmentId)) {
    if (live.has(route) || Object.keys(weights as object).length === 0) continue;
    const { version } = await weightsRepository.forget(tenantId, tx, { environmentId, route });
    changes.push({ kind: 'weights', route, version, weights: {} });
  }
  return changes;
}
