// A folder for one test or one run. Other users may pass through it (0711), because Postgres refuses to run as root and
// then runs as another user, which must reach its data below.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export const temporaryFolder = async (prefix = 'sluice-'): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(tmpdir(), prefix));
  await chmod(path, 0o711);
  // Servers that have just stopped may still be unlinking their files: rm's own retries cover that.
  const remove = async (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  return { path, remove, [Symbol.asyncDispose]: remove };
};
