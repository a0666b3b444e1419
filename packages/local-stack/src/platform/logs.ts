// Logs of children grow over starts: one that has become large moves aside, so that a folder holds two of each at most.
import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

const largeBytes = 5 * 1024 * 1024;

export const rotateLogs = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.log')) continue;
    const path = join(folder, name);
    if ((await stat(path)).size > largeBytes) await rename(path, `${path}.old`);
  }
};
