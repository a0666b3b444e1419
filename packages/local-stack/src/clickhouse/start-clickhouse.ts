// A ClickHouse engine (npm's `chdb`) behind ClickHouse's own HTTP protocol, in a process of its own: one data folder, one
// process. The real `@clickhouse/client` talks to it by URL. See `server.ts` for what it promises.
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess, type ProcessExit, type RunningProcess } from '../processes/start-process.js';
import { isServerReadyLine, type ClickHouseServerConfig } from './server-config.js';

export interface ClickHouseOptions {
  readonly dataDir: string;
  /** 0 or left out: a free one. */
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  /** For tests: parts are not fsynced. */
  readonly isThrowaway?: boolean;
  readonly signal?: AbortSignal;
  readonly logFile?: string;
  readonly onExit?: (exit: ProcessExit) => void;
}

export interface RunningClickHouse {
  /** With user and password. It names no database: one in the URL would win over the client option. */
  readonly url: string;
  readonly port: number;
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

export const startClickHouse = async (options: ClickHouseOptions): Promise<RunningClickHouse> => {
  const { user = 'default', password = '', isThrowaway = false } = options;
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const config: ClickHouseServerConfig = { dataDir, port: options.port ?? 0, user, password, isThrowaway };
  const server = await startProcess({
    name: 'ClickHouse',
    command: process.execPath,
    // Under vitest this module is the source, but Node runs the built server.
    args: ['--enable-source-maps', fileURLToPath(new URL('../../dist/clickhouse/server.js', import.meta.url))],
    // The engine works on libuv's threads: there must be more of them than queries that run at once.
    env: { SLUICE_LOCAL_CLICKHOUSE: JSON.stringify(config), UV_THREADPOOL_SIZE: '48' },
    readyLine: isServerReadyLine,
    readyTimeoutMs: 60_000,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    ...(options.onExit ? { onExit: options.onExit } : {}),
  });
  const port = Number(server.readyMatch?.[1]);
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return {
    url: `http://${login}@127.0.0.1:${port}`,
    port,
    process: server,
    stop: async () => {
      await server.stop();
    },
  };
};
