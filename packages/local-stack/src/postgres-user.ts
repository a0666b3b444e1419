// Postgres refuses to run as root. Under root it runs as the system user `postgres`, who is made when missing, and who must
// be able to reach both the programs and the data through every folder above them.
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { promisify } from 'node:util';

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

/** Fails with the folder that stops `user` from reaching `path`. */
export const requireReach = async (user: SystemUser, path: string, what: string): Promise<void> => {
  const blocking = await findBlockingFolder(user, path);
  if (blocking === undefined) return;
  throw new Error(
    `Postgres does not run as root; as the system user "${userName}" it cannot reach ${what}, ${path}, because ${blocking} lets no other user pass. ` +
      `Either \`chmod o+x ${blocking}\`, or move the project to a folder open to all users, or start as another user than root.`,
  );
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
