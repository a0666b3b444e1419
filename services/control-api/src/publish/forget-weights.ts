// Weights that were set for a route do not outlive it: a later route of the same name starts with those of its document. It is
// the publication that ends them, not the deletion in the draft: until then the route is served, and weighed. Empty weights
// fit no split, so gateways that hold them go by the document (see the engine's stage `split`). Who goes back to a revision
// undoes the deletion, and gets them back: a canary that was switched off stays off.
import { routeKey, type Document, type WeightsChange } from '@sluice/contracts';
import type { Tx } from '@sluice/prisma';
import { weightsRepository } from './weights.repository.js';

/** What the feed is to be told, after the document without those routes. */
export async function forgetWeights(
  tenantId: string,
  tx: Tx,
  environmentId: string,
  document: Document,
): Promise<WeightsChange[]> {
  const live = routesOf(document);
  const changes: WeightsChange[] = [];
  for (const row of await weightsRepository.ofEnvironment(tenantId, tx, environmentId)) {
    if (live.has(row.route) || Object.keys(row.weights as object).length === 0) continue;
    const { route, version } = await weightsRepository.forget(tenantId, tx, row);
    changes.push({ kind: 'weights', route, version, weights: {} });
  }
  return changes;
}

/** What the feed is to be told, before the document that has those routes again. */
export async function rememberWeights(
  tenantId: string,
  tx: Tx,
  environmentId: string,
  live: Document,
  document: Document,
): Promise<WeightsChange[]> {
  const [before, after] = [routesOf(live), routesOf(document)];
  const changes: WeightsChange[] = [];
  for (const row of await weightsRepository.ofEnvironment(tenantId, tx, environmentId)) {
    if (row.forgotten === null || before.has(row.route) || !after.has(row.route)) continue;
    const { route, version, weights } = await weightsRepository.remember(tenantId, tx, row);
    changes.push({ kind: 'weights', route, version, weights: weights as WeightsChange['weights'] });
  }
  return changes;
}

function routesOf({ apis }: Document): Set<string> {
  return new Set(Object.entries(apis).flatMap(([api, { routes }]) => routes.map(({ name }) => routeKey(api, name))));
}
