// Finds a program that speaks Redis: on the PATH, else installs one by the system's package manager (as root), else says
// what to do. A container is the step between, and is started elsewhere.
import { spawn } from 'node:child_process';
import { findOnPath } from './find-on-path.js';

const programs = ['redis-server', 'valkey-server'];

export const findRedisProgram = async (): Promise<string | undefined> => findOnPath(programs);

const installers = [
  { tool: 'apt-get', steps: [['update'], ['install', '--yes', '--no-install-recommends', 'redis-server']] },
  { tool: 'dnf', steps: [['install', '--assumeyes', 'valkey']] },
  { tool: 'apk', steps: [['add', 'valkey']] },
] as const;

/** Installs Redis as root; `undefined` when there is no known package manager, or it failed. */
export const installRedis = async (onProgress: (line: string) => void): Promise<string | undefined> => {
  if (process.getuid?.() !== 0) return undefined;
  for (const { tool, steps } of installers) {
    const path = await findOnPath([tool]);
    if (path === undefined) continue;
    for (const step of steps) {
      onProgress(`no redis-server found: ${tool} ${step.join(' ')}`);
      const code = await new Promise<number | null>((resolve) => {
        const child = spawn(path, [...step], {
          stdio: 'ignore',
          env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        });
        child.once('error', () => {
          resolve(null);
        });
        child.once('exit', resolve);
      });
      // A package index that cannot be refreshed may still hold the package.
      if (code !== 0 && step[0] !== 'update') return undefined;
    }
    return findRedisProgram();
  }
  return undefined;
};

export const redisRemedy =
  'No redis-server or valkey-server is on the PATH, no container engine answers, and none could be installed. ' +
  'Install one (Debian: `apt-get install redis-server`, macOS: `brew install valkey`), or set REDIS_LIMITS_URL and REDIS_QUEUE_URL to a server of yours.';
