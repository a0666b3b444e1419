// The servers that a test asks for, started together in a temporary folder, without durability.
import { join } from 'node:path';
import { startClickHouse, type RunningClickHouse } from './clickhouse/start-clickhouse.js';
import { startMailSink, type RunningMailSink } from './mail/mail-sink.js';
import { startPostgres, type RunningPostgres } from './postgres.js';
import { startRedis, type RunningRedis } from './redis.js';
import { temporaryFolder } from './temporary-folder.js';

export interface TestServers {
  readonly dir: string;
  readonly postgres: RunningPostgres;
  readonly redis: RunningRedis;
  readonly clickhouse: RunningClickHouse;
  readonly mail: RunningMailSink;
}

type Name = 'postgres' | 'redis' | 'clickhouse' | 'mail';
type Wanted = { readonly [N in Name]?: boolean };
type Asked<W extends Wanted> = { readonly [N in Name as W[N] extends true ? N : never]: TestServers[N] };
export type BootedTestServers<W extends Wanted> = Asked<W> & {
  readonly dir: string;
  /** Stops all of them and removes the folder. */
  stop(): Promise<void>;
};

/** `bootTestServers({ postgres: true, redis: true })` has `.postgres`, `.redis`, `.dir` and `.stop()`. */
export const bootTestServers = async <const W extends Wanted>(wanted: W): Promise<BootedTestServers<W>> => {
  const folder = await temporaryFolder();
  const starts: { readonly [N in Name]: () => Promise<TestServers[N]> } = {
    postgres: async () => startPostgres({ dataDir: join(folder.path, 'postgres'), isThrowaway: true }),
    redis: async () => startRedis({ dir: join(folder.path, 'redis') }),
    clickhouse: async () => startClickHouse({ dataDir: join(folder.path, 'clickhouse'), isThrowaway: true }),
    mail: async () => startMailSink(),
  };
  const names = (Object.keys(starts) as Name[]).filter((name) => wanted[name] === true);
  const results = await Promise.allSettled(names.map(async (name) => ({ name, server: await starts[name]() })));
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(started.map(async ({ server }) => server.stop()));
    await folder.remove();
  };
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) {
    await stop();
    throw failure.reason;
  }
  const servers = Object.fromEntries(started.map(({ name, server }) => [name, server]));
  return { ...servers, dir: folder.path, stop } as BootedTestServers<W>;
};
