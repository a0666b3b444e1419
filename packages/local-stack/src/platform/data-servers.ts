// Postgres, Redis, ClickHouse and the mail server: ours, or the one that a variable of the environment names.
import { join } from 'node:path';
import { startClickHouse } from '../clickhouse/start-clickhouse.js';
import { startMailSink, type RunningMailSink } from '../mail/mail-sink.js';
import { startPostgres } from '../postgres.js';
import { startRedis } from '../redis.js';
import type { Ports } from './ports.js';
import type { Secrets } from './secrets.js';
import { Service } from './service.js';

export interface DataUrls {
  /** Of a role that may make schemas and roles. */
  readonly postgres: string;
  readonly redisLimits: string;
  readonly redisQueue: string;
  /** Names the database. */
  readonly clickhouse: string;
  readonly mail: string;
}

export interface DataServers {
  readonly urls: DataUrls;
  /** Only those that are ours. */
  readonly services: readonly Service[];
  startMail(): Promise<RunningMailSink | undefined>;
}

export interface DataServerOptions {
  readonly dir: string;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isThrowaway: boolean;
  readonly onProgress: (line: string) => void;
}

export const planDataServers = ({
  dir,
  ports,
  secrets,
  env,
  isThrowaway,
  onProgress,
}: DataServerOptions): DataServers => {
  const given = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const services: Service[] = [];
  const add = (name: string, launch: (logFile: string) => ConstructorParameters<typeof Service>[0]['launch']): void => {
    const logFile = join(dir, 'logs', `${name}.log`);
    services.push(new Service({ name, logFile, onProgress, launch: launch(logFile) }));
  };

  if (given('DATABASE_URL') === undefined) {
    add('postgres', (logFile) => async (onExit, signal) => {
      const options = { dataDir: join(dir, 'postgres'), port: ports.postgres, password: secrets.postgresPassword };
      return (await startPostgres({ ...options, isThrowaway, logFile, onExit, ...(signal ? { signal } : {}) })).process;
    });
  }
  const isRedisNeeded = given('REDIS_LIMITS_URL') === undefined || given('REDIS_QUEUE_URL') === undefined;
  if (isRedisNeeded) {
    add('redis', (logFile) => async (onExit, signal) => {
      const options = { dir: join(dir, 'redis'), port: ports.redis, persistence: !isThrowaway };
      return (await startRedis({ ...options, onProgress, logFile, onExit, ...(signal ? { signal } : {}) })).process;
    });
  }
  if (given('CLICKHOUSE_URL') === undefined) {
    add('clickhouse', (logFile) => async (onExit, signal) => {
      const options = { dataDir: join(dir, 'clickhouse'), port: ports.clickhouse, user: 'sluice' };
      return (
        await startClickHouse({
          ...options,
          password: secrets.clickhousePassword,
          isThrowaway,
          logFile,
          onExit,
          ...(signal ? { signal } : {}),
        })
      ).process;
    });
  }

  const redis = `redis://127.0.0.1:${ports.redis}`;
  return {
    services,
    urls: {
      postgres:
        given('DATABASE_URL') ?? `postgres://postgres:${secrets.postgresPassword}@127.0.0.1:${ports.postgres}/postgres`,
      redisLimits: given('REDIS_LIMITS_URL') ?? redis,
      redisQueue: given('REDIS_QUEUE_URL') ?? redis,
      clickhouse:
        given('CLICKHOUSE_URL') ?? `http://sluice:${secrets.clickhousePassword}@127.0.0.1:${ports.clickhouse}/sluice`,
      mail: given('MAIL_URL') ?? `smtp://127.0.0.1:${ports.mail}`,
    },
    startMail: async () =>
      given('MAIL_URL') === undefined ? startMailSink({ port: ports.mail, httpPort: ports.mailPage }) : undefined,
  };
};
