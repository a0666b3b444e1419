// Every controller and service of the control plane, over the connections that were made before it.
import type { DynamicModule, Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { ClickHouseClient } from '@sluice/clickhouse';
import type { Logger } from '@sluice/runtime';
import { AnalyticsController } from './analytics/analytics.controller.js';
import { AnalyticsService } from './analytics/analytics.service.js';
import { ApisController } from './apis/apis.controller.js';
import { ApisService } from './apis/apis.service.js';
import type { Config } from './config.js';
import { databaseProviders } from './database/database.providers.js';
import type { Databases } from './database/databases.js';
import { DevelopersController } from './developers/developers.controller.js';
import { DevelopersService } from './developers/developers.service.js';
import { AccessGuard } from './http/access.guard.js';
import { ProblemFilter } from './http/problem.filter.js';
import { TaggedInterceptor } from './http/tagged.js';
import type { Auth } from './identity/auth.js';
import type { Mailer } from './mail/mailer.js';
import { MeController } from './me/me.controller.js';
import { MembersController } from './members/members.controller.js';
import { MembersService } from './members/members.service.js';
import { PlansController } from './plans/plans.controller.js';
import { PlansService } from './plans/plans.service.js';
import { RoutesController } from './routes/routes.controller.js';
import { RoutesService } from './routes/routes.service.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TenantsService } from './tenants/tenants.service.js';
import { authToken, clickhouseToken, configToken, loggerToken, mailerToken } from './tokens.js';
import { UpstreamsController } from './upstreams/upstreams.controller.js';
import { UpstreamsService } from './upstreams/upstreams.service.js';

export interface Connections {
  readonly config: Config;
  readonly logger: Logger;
  readonly databases: Databases;
  readonly auth: Auth;
  readonly mailer: Mailer;
  readonly clickhouse: ClickHouseClient;
}

export const controllers = [
  MeController,
  TenantsController,
  MembersController,
  UpstreamsController,
  ApisController,
  RoutesController,
  PlansController,
  DevelopersController,
  AnalyticsController,
];

const services = [TenantsService, MembersService, UpstreamsService, ApisService, RoutesService, PlansService, DevelopersService, AnalyticsService];

class AppModule {}

export function appModule({ config, logger, databases, auth, mailer, clickhouse }: Connections): DynamicModule {
  const connections: Provider[] = [
    { provide: configToken, useValue: config },
    { provide: loggerToken, useValue: logger },
    ...databaseProviders(databases),
    { provide: authToken, useValue: auth },
    { provide: mailerToken, useValue: mailer },
    { provide: clickhouseToken, useValue: clickhouse },
  ];
  const everywhere: Provider[] = [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: TaggedInterceptor },
  ];
  return { module: AppModule, controllers, providers: [...connections, ...everywhere, ...services] };
}
