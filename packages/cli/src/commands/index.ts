// Every command, in the order of help.
import type { Command } from '../command.js';
import { apply, sync } from './change-draft.js';
import { completionFor } from './completion.js';
import { diff } from './diff.js';
import { dump } from './dump.js';
import { explain } from './explain.js';
import { keysCreate, keysList, keysRevoke } from './keys.js';
import { login } from './login.js';
import { logout } from './logout.js';
import { publish, rollback } from './publish.js';
import { status } from './status.js';
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
  status,
  keysList,
  keysCreate,
  keysRevoke,
  explain,
  completionFor(() => commands),
];
