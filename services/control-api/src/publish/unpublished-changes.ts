// How far an environment's draft is from what its gateways serve, counted in objects that people edit: upstreams, APIs, routes
// and plans that are new, changed or gone.
import { canonicalJson, type Document } from '@sluice/contracts';
import type { Environment, Tx } from '@sluice/prisma';
import { liveDocument } from '../environments/live-document.js';
import { draftDocument } from './draft-document.js';

/** 0 before the first publication: then there is nothing that somebody chose to hold back. */
export async function unpublishedChanges(tenantId: string, tx: Tx, environment: Environment): Promise<number> {
  const live = await liveDocument(tenantId, tx, environment);
  return live === null ? 0 : countChanges(live, await draftDocument(tenantId, tx, environment.id));
}

export function countChanges(from: Document, to: Document): number {
  const [before, after] = [objectsOf(from), objectsOf(to)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).length;
}

function objectsOf({ upstreams, apis, plans }: Document): Map<string, string> {
  const objects = new Map<string, string>();
  for (const [name, spec] of Object.entries(upstreams)) objects.set(`upstreams/${name}`, canonicalJson(spec));
  for (const [name, spec] of Object.entries(plans)) objects.set(`plans/${name}`, canonicalJson(spec));
  for (const [name, { routes, ...spec }] of Object.entries(apis)) {
    objects.set(`apis/${name}`, canonicalJson(spec));
    for (const route of routes) objects.set(`apis/${name}/routes/${route.name}`, canonicalJson(route));
  }
  return objects;
}
