// A real Redis (or Valkey) on loopback that never evicts: a counter that disappears would be a limit that is exceeded.
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { findOnPath } from './find-on-path.js';
import { findRedisProgram, installRedis, redisRemedy } from './redis-binary.js';
import { startProcess, type ProcessExit, type ProcessOptions, type RunningProcess } from './processes/start-process.js';

export interface RedisOptions {
  /** Where its files lie; needed for persistence. */
  readonly dir?: string;
  /** 0 or left out: a free one. */
  readonly port?: number;
  /** Append-only file, fsync every second. Off by default. */
  readonly persistence?: boolean;
  /** Cluster mode: it serves nothing before it owns slots (see redis-cluster.ts). Needs `dir`. */
  readonly isClusterNode?: boolean;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly logFile?: string;
  readonly onExit?: (exit: ProcessExit) => void;
}

export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const containerImage = 'docker.io/valkey/valkey:8-alpine';

export const startRedis = async (options: RedisOptions = {}): Promise<RunningRedis> => {
  const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
  const dir = options.dir ?? tmpdir();
  if (options.dir !== undefined) await mkdir(options.dir, { recursive: true });
  const start = await findWayToStart(options, dir, port);
  const server = await startProcess({
    name: 'Redis',
    readyLine: /ready to accept connections/i,
    ...start,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    ...(options.onExit ? { onExit: options.onExit } : {}),
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    process: server,
    stop: async () => {
      await server.stop();
    },
  };
};

const serverArguments = (options: RedisOptions): string[] => [
  '--maxmemory-policy',
  'noeviction',
  '--save',
  '',
  '--daemonize',
  'no',
  '--appendonly',
  options.persistence === true ? 'yes' : 'no',
  '--appendfsync',
  'everysec',
  ...(options.isClusterNode === true ? ['--cluster-enabled', 'yes', '--cluster-node-timeout', '5000'] : []),
];

const findWayToStart = async (
  options: RedisOptions,
  dir: string,
  port: number,
): Promise<Pick<ProcessOptions, 'command' | 'args' | 'readyTimeoutMs'>> => {
  const onPath = (command: string): Pick<ProcessOptions, 'command' | 'args'> => ({
    command,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...serverArguments(options)],
  });
  const program = await findRedisProgram();
  if (program !== undefined) return onPath(program);

  const engine = options.isClusterNode === true ? undefined : await findContainerEngine();
  if (engine !== undefined) {
    options.onProgress?.(`no redis-server found: running ${containerImage} by ${engine}`);
    const volume = options.persistence === true ? ['--volume', `${dir}:/data`] : [];
    return {
      command: engine,
      args: [
        'run',
        '--rm',
        '--init',
        '--publish',
        `127.0.0.1:${port}:6379`,
        ...volume,
        containerImage,
        'valkey-server',
        ...serverArguments(options),
      ],
      // The image may have to be fetched first.
      readyTimeoutMs: 180_000,
    };
  }

  const installed = await installRedis(options.onProgress ?? (() => {}));
  if (installed !== undefined) return onPath(installed);
  throw new Error(redisRemedy);
};

const findContainerEngine = async (): Promise<string | undefined> => {
  for (const name of ['docker', 'podman']) {
    const path = await findOnPath([name]);
    if (path === undefined) continue;
    try {
      await run(path, ['info'], { timeout: 5_000 });
      return path;
    } catch {
      // Installed, but no engine answers.
    }
  }
  return undefined;
};
