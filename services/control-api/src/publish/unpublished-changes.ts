// How far an environment's draft is from what its gateways serve, counted in objects that people edit: upstreams, APIs, routes
// and plans that are new, changed or gone.
import type { Environment, Tx } from '@sluice/prisma';
import { diffDocuments } from '../document/diff-documents.js';
import { liveDocument } from '../environments/live-document.js';
import { draftDocument } from './draft-document.js';

/** 0 before the first publication: then there is nothing that somebody chose to hold back. */
export async function unpublishedChanges(tenantId: string, tx: Tx, environment: Environment): Promise<number> {
  const live = await liveDocument(tenantId, tx, environment);
  return live === null ? 0 : diffDocuments(live, await draftDocument(tenantId, tx, environment.id)).length;
}
