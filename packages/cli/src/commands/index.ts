// Every command, in the order of help.
import type { Command } from '../command.js';
import { apply, sync } from './change-draft.js';
import { completionFor } from './completion.js';
import { diff } from './diff.js';
import { dump } from './dump.js';
import { explain } from './explain.js';
import { hostsClaim, hostsList, hostsRelease, hostsShow, hostsVerify } from './hosts.js';
import { keysCreate } from './keys/create.js';
import { keysImport } from './keys/import.js';
import { keysList } from './keys/list.js';
import { keysRevoke } from './keys/revoke.js';
import { keysRotate } from './keys/rotate.js';
import { login } from './login.js';
import { logout } from './logout.js';
import { promote } from './promote.js';
import { publish, rollback } from './publish.js';
import { secretsDelete, secretsList, secretsSet } from './secrets.js';
import { status } from './status.js';
import { subscriptions } from './subscriptions.js';
import { validate } from './validate.js';

export const commands: readonly Command[] = [
  login,
  logout,
  validate,
  diff,
  apply,
  sync,
  dump,
  publish,
  rollback,
  promote,
  status,
  subscriptions,
  keysList,
  keysCreate,
  keysRotate,
  keysImport,
  keysRevoke,
  secretsSet,
  secretsList,
  secretsDelete,
  hostsClaim,
  hostsShow,
  hostsVerify,
  hostsList,
  hostsRelease,
  explain,
  completionFor(() => commands),
];
