// Who owns a boot's folder. The owner listens on a Unix socket in it, so the kernel itself says whether it lives: a
// connection is accepted (alive, even if it hangs) or refused (dead, however it died; after a reboot too).
// Any other answer proves nothing, and counts as alive.
//
// Sockets are named owner.0, owner.1, ...; the highest counts. Who finds it dead takes the next number by a hard link of
// a socket that already listens: of two, one gets the name. No name is ever taken away or given twice.
// A folder belongs to one machine: over a network file system the kernel of another one would say "refused".
import { randomBytes } from 'node:crypto';
import { link, readdir, rm, symlink, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

const ownerPattern = /^owner\.(\d+)$/;

/** Takes a folder that nobody else can see yet. */
export const lockNewFolder = (folder: string): Promise<FolderLock> =>
  withShortPath(folder, async (short) => lockOf(await listen(join(short, 'owner.0'))));

/** Takes a folder whose owner is proven dead; undefined when it may live, or another process was faster. */
export const takeOverFolder = (folder: string): Promise<FolderLock | undefined> =>
  withShortPath(folder, async (short) => {
    const numbers = (await readdir(folder)).map((name) => Number(ownerPattern.exec(name)?.[1] ?? -1));
    const last = Math.max(-1, ...numbers);
    if (last < 0 || !(await isDead(join(short, `owner.${last}`)))) return undefined;
    const own = `.claim-${randomBytes(6).toString('hex')}`;
    const server = await listen(join(short, own));
    try {
      await link(join(folder, own), join(folder, `owner.${last + 1}`));
    } catch {
      server.close();
      return undefined;
    } finally {
      await unlink(join(folder, own)).catch(() => {});
    }
    return lockOf(server);
  });

const lockOf = (server: Server): FolderLock => ({
  release: () =>
    new Promise((resolve) => {
      server.close(() => resolve());
    }),
});

const listen = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });

const isDead = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const answer = (isRefused: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isRefused);
    };
    const timer = setTimeout(() => answer(false), 1000);
    socket.once('connect', () => answer(false));
    socket.once('error', (error: NodeJS.ErrnoException) => answer(error.code === 'ECONNREFUSED'));
  });

/** A socket's path may have 108 bytes (104 on macOS): a symbolic link in the temporary folder shortens it for the moment. */
const withShortPath = async <T>(folder: string, use: (short: string) => Promise<T>): Promise<T> => {
  const short = join(tmpdir(), `sluice-${randomBytes(6).toString('hex')}`);
  await symlink(folder, short);
  try {
    return await use(short);
  } finally {
    await rm(short, { force: true });
  }
};
