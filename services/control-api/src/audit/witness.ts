// The one place through which every change of a tenant passes on its way into the audit log: at the end of the transaction that
// made it. The database refuses to commit a change that did not come by here.
import type { Witness } from '@sluice/prisma';
import { actorOf, originOf } from './actor.js';
import { appendEntry } from './append-entry.js';
import { contentOf } from './content.js';
import { currentRequest } from './current-request.js';
import { copyToPlatformLog } from './platform-log.js';

/** Before an endpoint runs, its guard may turn invitations into memberships; nothing else changes anything then. */
const claimAction = 'invitation_claimed';
/** Not asked for by any request. */
const upkeepAction = 'upkeep';

export const witness: Witness = async (tx, tenantId, changes) => {
  const req = currentRequest();
  const entry = {
    action: req === undefined ? upkeepAction : (req.operationId ?? claimAction),
    requestId: req?.id ?? null,
    content: contentOf(actorOf(req), originOf(req), changes),
  };
  await appendEntry(tx, tenantId, entry);
  if (req?.isByOperator === true) await copyToPlatformLog(tx, tenantId, entry);
  if (req !== undefined) req.isWitnessed = true;
};
