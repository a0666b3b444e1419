// A whole control plane on real servers: Postgres, a mail sink, ClickHouse where asked for, and the built process itself.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bootTestServers,
  freePort,
  startPostgres,
  startProcess,
  type RunningMailSink,
  type RunningProcess,
} from '@sluice/local-stack';
import { migrate, roleUrls } from '@sluice/prisma';
import { migrateClickHouse } from '@sluice/clickhouse';

export interface ControlPlane {
  readonly url: string;
  readonly opsUrl: string;
  readonly mail: RunningMailSink;
  readonly postgresUrl: string;
  readonly process: RunningProcess;
  readonly env: Readonly<Record<string, string>>;
  /** Everything that the process has written. */
  readonly lines: readonly string[];
  /** Postgres alone. */
  stopPostgres(): Promise<void>;
  /** Postgres and the process, as when their machine loses its power. */
  kill(): Promise<void>;
  /** After `kill`: both again, with what was committed, where they were. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
export const secretKey = 'c2VjcmV0cyBvZiB0ZXN0cyBhcmUgc2VhbGVkIGJ5IGk=';
export const fleetToken = 'fleet-token-for-tests-0123456789';
export const authSecret = 'auth-secret-for-tests-0123456789-0123456789';

export async function startControlPlane({
  withClickHouse = false,
  env = {},
}: { withClickHouse?: boolean; env?: Record<string, string> } = {}): Promise<ControlPlane> {
  const servers = await bootTestServers({ postgres: true, mail: true });
  const analytics = withClickHouse ? await bootTestServers({ clickhouse: true }) : undefined;
  const stopServers = async (): Promise<void> => {
    await Promise.all([servers.stop(), analytics?.stop()]);
  };
  try {
    const passwords = { app: 'app-password-of-tests', auth: 'auth-password-of-tests', feed: 'feed-password-of-tests' };
    await migrate({ url: servers.postgres.url, roles: passwords });
    if (analytics !== undefined) await migrateClickHouse(analytics.clickhouse.url);
    const urls = roleUrls(servers.postgres.url, passwords);
    const [port, opsPort] = [await freePort(), await freePort()];
    const lines: string[] = [];
    const processEnv = {
      PORT: String(port),
      OPS_PORT: String(opsPort),
      DATABASE_URL: urls.app,
      AUTH_DATABASE_URL: urls.auth,
      FEED_DATABASE_URL: urls.feed,
      CLICKHOUSE_URL: analytics?.clickhouse.url ?? 'http://127.0.0.1:9/sluice',
      AUTH_SECRET: authSecret,
      SECRET_KEYS: secretKey,
      FLEET_TOKEN: fleetToken,
      MAIL_URL: servers.mail.url,
      CONSOLE_URL: 'http://localhost:3000',
      // Nobody is there: the records of hosts are looked for in vain, and at once.
      HOST_PROOF_DNS: '127.0.0.1:9',
      // Tests send what people send in hours. Those of the bounds set their own.
      API_READS_PER_MINUTE: '0',
      API_CHANGES_PER_MINUTE: '0',
      DEMO_UPSTREAM_URLS: 'http://127.0.0.1:9801,http://127.0.0.1:9802',
      ...env,
    };
    const startApi = async (): Promise<RunningProcess> =>
      startProcess({
        name: 'control-api',
        command: process.execPath,
        args: [main],
        env: processEnv,
        readyUrl: `http://127.0.0.1:${opsPort}/readyz`,
        readyTimeoutMs: 30_000,
        onLine: (line) => lines.push(line),
        ...(process.env['CONTROL_LOG'] === undefined ? {} : { logFile: process.env['CONTROL_LOG'] }),
      });
    let running = await startApi();
    let { postgres } = servers;
    return {
      url: `http://127.0.0.1:${port}`,
      opsUrl: `http://127.0.0.1:${opsPort}`,
      mail: servers.mail,
      postgresUrl: servers.postgres.url,
      get process() {
        return running;
      },
      env: processEnv,
      lines,
      stopPostgres: async () => postgres.stop(),
      async kill() {
        await Promise.all([running.kill(), postgres.process.kill()]);
      },
      async startAgain() {
        const { port: postgresPort } = postgres;
        const dataDir = join(servers.dir, 'postgres');
        postgres = await startPostgres({ dataDir, port: postgresPort, isThrowaway: true });
        running = await startApi();
      },
      async stop() {
        await running.stop();
        await postgres.stop();
        await stopServers();
      },
    };
  } catch (error) {
    await stopServers();
    throw error;
  }
}
