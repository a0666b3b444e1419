// Puts the parts together: connections first, then the application, then the port. Stopping goes the other way.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createClickHouse } from '@sluice/clickhouse';
import { newId } from '@sluice/contracts';
import { createMetrics, startOpsServer, type Logger } from '@sluice/runtime';
import { appModule, controllers, type Connections } from './app.module.js';
import { createIdentityEvents } from './audit/identity-events.js';
import type { Config } from './config.js';
import { openDatabases } from './database/databases.js';
import { openLimitBudgets } from './explain/limit-budgets.js';
import { dnsResolver } from './hosts/proof-resolver.js';
import { closeInTime } from './http/close-in-time.js';
import { prepareFastify } from './http/prepare-fastify.js';
import { answerUnroutable } from './http/refuse-unreadable.js';
import { RequestBounds } from './http/request-bounds.js';
import { ValidationPipe } from './http/validation.pipe.js';
import { createAuth } from './identity/auth.js';
import { cookieNameOf } from './identity/cookies.js';
import { createMailer } from './mail/mailer.js';
import { buildDocument } from './openapi/build-document.js';

export interface RunningControlApi {
  readonly port: number;
  readonly opsPort: number;
  stop(): Promise<void>;
}

const bodyLimitBytes = 1024 * 1024;

export async function startControlApi(config: Config, logger: Logger): Promise<RunningControlApi> {
  const databases = await openDatabases(config.database, logger);
  const { database, authPool } = databases;
  const clickhouse = createClickHouse(config.clickhouse.url, { requestTimeoutMs: 10_000, application: 'control-api' });
  const mailer = createMailer({ ...config.mail, logger });
  const events = createIdentityEvents({ ...databases, logger });
  const limitBudgets = openLimitBudgets(config.limits, logger);
  const connections: Connections = {
    config,
    logger,
    databases,
    auth: await createAuth({ config, pool: authPool, mailer, logger }),
    bounds: new RequestBounds(config.api),
    events,
    mailer,
    clickhouse,
    limitBudgets,
    proofResolver: dnsResolver(config.hosts.nameServers),
    document: async () => buildDocument(app, controllers, cookieNameOf(config, 'session_token')),
  };
  const metrics = createMetrics();

  const adapter = new FastifyAdapter({
    genReqId: () => newId('request'),
    bodyLimit: bodyLimitBytes,
    trustProxy: config.http.trustedProxies.split(',').map((address) => address.trim()),
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: answerUnroutable,
  });
  await prepareFastify(adapter.getInstance(), connections, metrics);
  const app = await NestFactory.create<NestFastifyApplication>(appModule(connections), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  app.useGlobalPipes(new ValidationPipe());
  await app.listen(config.http.port, config.http.host);

  const ops = await startOpsServer({
    port: config.ops.port,
    host: config.http.host,
    registry: metrics,
    ready: async () => {
      await database.inNone(async (tx) => tx.$queryRaw`SELECT 1`);
      await authPool.query('SELECT 1');
      return { ok: true };
    },
  });

  return {
    port: portOf(app),
    opsPort: ops.port,
    async stop() {
      await closeInTime(app);
      limitBudgets.close();
      await Promise.all([ops.close(), mailer.close(), events.close()]);
      await Promise.all([databases.close(), clickhouse.close()]);
    },
  };
}

function portOf(app: NestFastifyApplication): number {
  const address: unknown = app.getHttpServer().address();
  return typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;
}
