// Looks for a program on the PATH, and in the usual places: a start from a desktop or a service may have a short PATH.
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const usualFolders = ['/usr/bin', '/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** The first of `names` that is found; `undefined` when none is. */
export const findOnPath = async (names: readonly string[]): Promise<string | undefined> => {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...usualFolders];
  for (const name of names) {
    for (const folder of folders) {
      if (folder === '') continue;
      const path = join(folder, name);
      try {
        await access(path, constants.X_OK);
        return path;
      } catch {
        // Look further.
      }
    }
  }
  return undefined;
};
