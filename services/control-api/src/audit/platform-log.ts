// The platform's own audit log: what its operator did, whether to a tenant (whose log tells it as well) or to what belongs to none. It is
// a chain like a tenant's, under a name that no tenant's id can be, so all that reads and proves a log does so here.
import type { CapturedChange, Tx } from '@sluice/prisma';
import { actorOf, originOf } from './actor.js';
import { appendEntry, type NewEntry } from './append-entry.js';
import { contentOf } from './content.js';
import { currentRequest } from './current-request.js';

export const platformLog = { tenantId: 'platform' } as const;

/** A change that no trigger sees, in the transaction that makes it: one `inTenant(platformLog.tenantId)`. */
export async function notePlatformChange(tx: Tx, change: CapturedChange): Promise<void> {
  const req = currentRequest();
  await appendEntry(tx, platformLog.tenantId, {
    action: req?.operationId ?? 'upkeep',
    requestId: req?.id ?? null,
    content: contentOf(actorOf(req), originOf(req), { told: [change], rest: [] }),
  });
}

/** What the operator did to a tenant, in that tenant's transaction. */
export async function copyToPlatformLog(tx: Tx, tenantId: string, entry: NewEntry): Promise<void> {
  await tx.$executeRaw`SELECT set_config('app.tenant_id', ${platformLog.tenantId}, true)`;
  await appendEntry(tx, platformLog.tenantId, entry);
  await tx.$executeRaw`SELECT set_config('app.tenant_id', ${tenantId}, true)`;
}
