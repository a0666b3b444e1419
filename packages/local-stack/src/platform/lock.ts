// One platform per data folder: a second one would share its ports and its files.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type LockResult =
  | { readonly ok: true; readonly release: () => void }
  | { readonly ok: false; readonly pid: number };

export const lockFolder = (dir: string): LockResult => {
  const path = join(dir, 'running.pid');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      // `wx` fails where the file exists: of two at once, one wins.
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      return { ok: true, release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const pid = holderOf(path);
      if (pid !== undefined && pid !== process.pid && isStart(pid)) return { ok: false, pid };
      // Its owner was killed.
      rmSync(path, { force: true });
    }
  }
  throw new Error(`${path} cannot be taken over: remove it.`);
};

const holderOf = (path: string): number | undefined => {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
};

/** True when the process lives and - where the system tells - is a start command: after a reboot numbers are given anew. */
const isStart = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start');
  } catch {
    return process.platform !== 'linux';
  }
};
