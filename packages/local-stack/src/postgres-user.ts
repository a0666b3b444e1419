// Postgres refuses to run as root. Under root it runs as the system user `postgres`, who is made when missing, and who must
// be able to reach both the programs and the data through every folder above them.
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { promisify } from 'node:util';
import { findOnPath } from './find-on-path.js';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);
const userName = 'postgres';

/** Whom to run Postgres as; `undefined` when not root, which means: as ourselves. */
export const findPostgresUser = async (): Promise<SystemUser | undefined> => {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await lookUp();
  if (existing) return existing;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', userName]);
  } catch (error) {
    // Two starts at once may both find it missing.
    const made = await lookUp();
    if (made) return made;
    throw new Error(
      `Postgres does not run as root, and the system user "${userName}" could not be made. Make one, or start as another user than root.`,
      { cause: error },
    );
  }
  const made = await lookUp();
  if (!made) throw new Error(`The system user "${userName}" is missing after it was made.`);
  return made;
};

export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** How `user` runs a program that needs all of `paths`. */
export type RunAs = (command: string, args: readonly string[]) => Invocation;

/**
 * A project below a folder that is closed to other users (root's own home, say) is out of the user's reach. Then it keeps
 * one privilege of root, to pass folders, where `setpriv` (util-linux) can leave it that one. Otherwise the error names the
 * folder and the remedy.
 */
export const runAsUser = async (user: SystemUser | undefined, paths: readonly string[]): Promise<RunAs> => {
  if (!user) return (command, args) => ({ command, args });
  for (const path of paths) {
    const blocking = await findBlockingFolder(user, path);
    if (blocking === undefined) continue;
    const [setpriv, capability] = await Promise.all([findOnPath(['setpriv']), passingCapability()]);
    if (setpriv !== undefined && capability !== undefined) {
      const own = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
      const kept = [
        `--inh-caps=-all,+${capability}`,
        `--ambient-caps=+${capability}`,
        `--bounding-set=-all,+${capability}`,
      ];
      return (command, args) => ({ command: setpriv, args: [...own, ...kept, '--', command, ...args] });
    }
    throw new Error(
      `Postgres does not run as root; as the system user "${userName}" it cannot reach ${path}, because ${blocking} lets no other user pass. ` +
        `Either \`chmod o+x ${blocking}\`, or move the project to a folder open to all users, or start as another user than root.`,
    );
  }
  return (command, args) => ({ command, args, uid: user.uid, gid: user.gid });
};

/** The least privilege that passes closed folders, of those that this process has (containers often lack the first). */
const passingCapability = async (): Promise<'dac_read_search' | 'dac_override' | undefined> => {
  let status: string;
  try {
    status = await readFile('/proc/self/status', 'utf8');
  } catch {
    return undefined;
  }
  const bits = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  // Linux capabilities(7): 2 is CAP_DAC_READ_SEARCH, 1 is CAP_DAC_OVERRIDE.
  if ((bits & (1n << 2n)) !== 0n) return 'dac_read_search';
  if ((bits & (1n << 1n)) !== 0n) return 'dac_override';
  return undefined;
};

export const findBlockingFolder = async (user: SystemUser, path: string): Promise<string | undefined> => {
  const { root } = parse(path);
  const parents: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    parents.unshift(folder);
    if (folder === root) break;
  }
  for (const folder of parents) {
    const { mode, uid, gid } = await stat(join(folder));
    const needed = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & needed) === 0) return folder;
  }
  return undefined;
};

const lookUp = async (): Promise<SystemUser | undefined> => {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', userName]), run('id', ['-g', userName])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
};
