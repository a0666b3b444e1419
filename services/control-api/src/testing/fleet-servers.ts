// For tests: a migrated Postgres, the connections of a control plane, and the fleet and publish parts behind HTTP. People's
// sessions are left to the process tests: services are called as a member whom the access guard has let in.
import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { newId } from '@sluice/contracts';
import { bootTestServers } from '@sluice/local-stack';
import { migrate, roleUrls, type Database, type Tx } from '@sluice/prisma';
import { createLogger, parseConfig } from '@sluice/runtime';
import { configSchema, type Config } from '../config.js';
import { databaseProviders } from '../database/database.providers.js';
import { openDatabases } from '../database/databases.js';
import { fleetControllers, fleetProviders } from '../fleet/fleet.module.js';
import type { Access } from '../http/access.js';
import { hostProviders } from '../hosts/hosts.module.js';
import type { ProofResolver } from '../hosts/proof-resolver.js';
import { closeInTime } from '../http/close-in-time.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { TaggedInterceptor } from '../http/tagged.js';
import { ValidationPipe } from '../http/validation.pipe.js';
import { publishProviders } from '../publish/publish.module.js';
import { configToken, loggerToken, proofResolverToken } from '../tokens.js';

// Nest wants a class to hang the parts on.
@Module({})
class TestModule {
  readonly name = 'tests';
}

export const secretKey = 'c2VjcmV0cyBvZiB0ZXN0cyBhcmUgc2VhbGVkIGJ5IGk=';
export const fleetToken = 'fleet-token-for-tests-0123456789';

const nobody: ProofResolver = { txt: async () => ({ isAnswered: false, reason: 'nobody' }) };

export interface FleetServers {
  readonly database: Database;
  readonly config: Config;
  readonly app: INestApplication;
  /** Of the HTTP server, without a slash at the end. */
  readonly url: string;
  /** Of the superuser. */
  readonly postgresUrl: string;
  stop(): Promise<void>;
}

/** @param resolver answers looks for the records of hosts; without it nobody does. */
export async function startFleetServers(resolver: ProofResolver = nobody): Promise<FleetServers> {
  const servers = await bootTestServers({ postgres: true });
  const passwords = { app: 'app', auth: 'auth', feed: 'feed' };
  await migrate({ url: servers.postgres.url, roles: passwords });
  const config = configOf(roleUrls(servers.postgres.url, passwords));
  const logger = createLogger('tests', 'silent');
  const databases = await openDatabases(config.database, logger);
  const testModule: DynamicModule = {
    module: TestModule,
    controllers: fleetControllers,
    providers: [
      { provide: configToken, useValue: config },
      { provide: loggerToken, useValue: logger },
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_INTERCEPTOR, useClass: TaggedInterceptor },
      ...databaseProviders(databases),
      ...fleetProviders,
      ...publishProviders,
      { provide: proofResolverToken, useValue: resolver },
      ...hostProviders,
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(testModule, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalPipes(new ValidationPipe());
  await app.listen(0, '127.0.0.1');
  return {
    database: databases.database,
    config,
    app,
    url: await app.getUrl(),
    postgresUrl: servers.postgres.url,
    stop: async () => {
      await closeInTime(app, 500);
      await databases.close();
      await servers.stop();
    },
  };
}

function configOf({ app, auth, feed }: Record<'app' | 'auth' | 'feed', string>): Config {
  const parsed = parseConfig(configSchema, {
    DATABASE_URL: app,
    AUTH_DATABASE_URL: auth,
    FEED_DATABASE_URL: feed,
    CLICKHOUSE_URL: 'http://127.0.0.1:9/sluice',
    AUTH_SECRET: 'a secret for tests of 32 characters and more',
    SECRET_KEYS: secretKey,
    FLEET_TOKEN: fleetToken,
    MAIL_URL: 'smtp://127.0.0.1:9',
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.config;
}

export interface Seeded {
  readonly access: Access;
  readonly tenantId: string;
  readonly environmentId: string;
}

/** A tenant with an empty environment `production`, and a developer of it. */
export async function seedTenant(database: Database, slug: string): Promise<Seeded> {
  const tenantId = newId('tenant');
  const environmentId = newId('environment');
  await database.inTenant(tenantId, async (tx) => {
    await tx.tenant.create({ data: { id: tenantId, slug, title: slug } });
    await tx.environment.create({ data: { id: environmentId, tenantId, fleetId: 'default', name: 'production' } });
  });
  const caller = { identityId: newId('identity'), email: `dev@${slug}.test`, name: 'Dev' };
  return {
    tenantId,
    environmentId,
    access: { caller, tenantId, tenantSlug: slug, memberId: newId('member'), role: 'developer' },
  };
}

/** An API `orders` with one route split between two upstreams, and a plan for it. */
export async function seedDraft(tx: Tx, { tenantId, environmentId }: Seeded): Promise<void> {
  const apiId = newId('api');
  for (const name of ['one', 'two']) {
    const spec = { targets: [{ url: `http://${name}.test:3000` }] };
    await tx.upstream.create({ data: { id: newId('upstream'), tenantId, environmentId, name, spec } });
  }
  await tx.api.create({ data: { id: apiId, tenantId, environmentId, name: 'orders', title: 'Orders', version: 'v1' } });
  const spec = {
    match: { path: { prefix: '/orders' } },
    policies: [{ 'api-key': {} }],
    split: {
      arms: [
        { name: 'stable', upstream: 'one', weight: 9000 },
        { name: 'canary', upstream: 'two', weight: 1000 },
      ],
    },
  };
  await tx.route.create({ data: { id: newId('route'), tenantId, apiId, name: 'all', spec } });
  const plan = { name: 'free', title: 'Free', apis: ['orders'], limits: [{ window: '100/minute' }] };
  await tx.plan.create({ data: { id: newId('plan'), tenantId, environmentId, ...plan } });
}
