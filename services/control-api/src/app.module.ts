// Every controller and service of the control plane, over the connections that were made before it.
import type { DynamicModule, Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { ClickHouseClient } from '@sluice/clickhouse';
import type { Logger } from '@sluice/runtime';
import { PersonalTokensController } from './access-tokens/personal-tokens.controller.js';
import { PersonalTokensRepository } from './access-tokens/personal-tokens.repository.js';
import { PersonalTokensService } from './access-tokens/personal-tokens.service.js';
import { PresentedTokenController } from './access-tokens/presented-token.controller.js';
import { TokenCallers } from './access-tokens/token-callers.js';
import { AnalyticsController } from './analytics/analytics.controller.js';
import { AnalyticsService } from './analytics/analytics.service.js';
import { AuditController, PlatformLogController } from './audit/audit.controller.js';
import { AuditService } from './audit/audit.service.js';
import type { IdentityEvents } from './audit/identity-events.js';
import { OperationInterceptor } from './audit/operation.interceptor.js';
import { ApisController } from './apis/apis.controller.js';
import { ApisService } from './apis/apis.service.js';
import { ApplicationsController } from './applications/applications.controller.js';
import { ApplicationsService } from './applications/applications.service.js';
import type { Config } from './config.js';
import { CredentialsController } from './credentials/credentials.controller.js';
import { CredentialsService } from './credentials/credentials.service.js';
import { ManyCredentialsController } from './credentials/many-credentials.controller.js';
import { ManyCredentialsService } from './credentials/many-credentials.service.js';
import { databaseProviders } from './database/database.providers.js';
import type { Databases } from './database/databases.js';
import { deletionControllers, deletionProviders } from './deletion/deletion.module.js';
import { documentControllers, documentProviders } from './document/document.module.js';
import { YamlInterceptor } from './document/yaml.interceptor.js';
import { DevelopersController } from './developers/developers.controller.js';
import { DevelopersService } from './developers/developers.service.js';
import { erasureControllers, erasureProviders } from './erasure/erasure.module.js';
import { EnvironmentsController } from './environments/environments.controller.js';
import { EnvironmentsService } from './environments/environments.service.js';
import { ExplainController } from './explain/explain.controller.js';
import { ExplainService } from './explain/explain.service.js';
import type { LimitBudgets } from './explain/limit-budgets.js';
import { FirstRunController } from './first-run/first-run.controller.js';
import { FirstRunService } from './first-run/first-run.service.js';
import { fleetControllers, fleetProviders } from './fleet/fleet.module.js';
import { hostControllers, hostProviders } from './hosts/hosts.module.js';
import type { ProofResolver } from './hosts/proof-resolver.js';
import { AccessGuard } from './http/access.guard.js';
import { HiddenSecretsInterceptor } from './http/hidden-secrets.js';
import { ProblemFilter } from './http/problem.filter.js';
import type { RequestBounds } from './http/request-bounds.js';
import { TaggedInterceptor } from './http/tagged.js';
import type { Auth } from './identity/auth.js';
import { TwoFactorController } from './identity/two-factor.controller.js';
import { TwoFactorService } from './identity/two-factor.service.js';
import type { Mailer } from './mail/mailer.js';
import { MeController } from './me/me.controller.js';
import { MembersController } from './members/members.controller.js';
import { MembersService } from './members/members.service.js';
import { OpenApiController, type DocumentSource } from './openapi/openapi.controller.js';
import { OperatorController } from './operator/operator.controller.js';
import { BoundsRollout } from './operator/bounds-rollout.js';
import { OperatorService } from './operator/operator.service.js';
import { PlansController } from './plans/plans.controller.js';
import { PlansService } from './plans/plans.service.js';
import { PortalController } from './portal/portal.controller.js';
import { PortalService } from './portal/portal.service.js';
import { publishControllers, publishProviders } from './publish/publish.module.js';
import { RoutesController } from './routes/routes.controller.js';
import { RoutesService } from './routes/routes.service.js';
import { secretControllers, secretProviders } from './secrets/secrets.module.js';
import { ServiceAccountsController } from './service-accounts/service-accounts.controller.js';
import { ServiceAccountsService } from './service-accounts/service-accounts.service.js';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.js';
import { SubscriptionsService } from './subscriptions/subscriptions.service.js';
import { TenantsController } from './tenants/tenants.controller.js';
import { TenantsService } from './tenants/tenants.service.js';
import {
  authToken,
  clickhouseToken,
  configToken,
  documentToken,
  identityEventsToken,
  limitBudgetsToken,
  loggerToken,
  mailerToken,
  proofResolverToken,
  requestBoundsToken,
} from './tokens.js';
import { UpstreamHealthController } from './upstreams/upstream-health.controller.js';
import { UpstreamHealthService } from './upstreams/upstream-health.service.js';
import { UpstreamsController } from './upstreams/upstreams.controller.js';
import { UpstreamsService } from './upstreams/upstreams.service.js';

export interface Connections {
  readonly config: Config;
  readonly logger: Logger;
  readonly databases: Databases;
  readonly auth: Auth;
  readonly bounds: RequestBounds;
  readonly events: IdentityEvents;
  readonly mailer: Mailer;
  readonly clickhouse: ClickHouseClient;
  readonly limitBudgets: LimitBudgets;
  readonly proofResolver: ProofResolver;
  readonly document: DocumentSource;
}

export const controllers = [
  MeController,
  TwoFactorController,
  PersonalTokensController,
  PresentedTokenController,
  ServiceAccountsController,
  OperatorController,
  PlatformLogController,
  TenantsController,
  EnvironmentsController,
  MembersController,
  UpstreamHealthController,
  UpstreamsController,
  ApisController,
  RoutesController,
  PlansController,
  FirstRunController,
  DevelopersController,
  ApplicationsController,
  SubscriptionsController,
  CredentialsController,
  ManyCredentialsController,
  PortalController,
  AnalyticsController,
  ExplainController,
  AuditController,
  OpenApiController,
  ...deletionControllers,
  ...erasureControllers,
  ...publishControllers,
  ...documentControllers,
  ...fleetControllers,
  ...secretControllers,
  ...hostControllers,
];

const services = [
  TwoFactorService,
  PersonalTokensRepository,
  PersonalTokensService,
  TokenCallers,
  ServiceAccountsService,
  BoundsRollout,
  OperatorService,
  TenantsService,
  EnvironmentsService,
  MembersService,
  UpstreamHealthService,
  UpstreamsService,
  ApisService,
  RoutesService,
  PlansService,
  FirstRunService,
  DevelopersService,
  ApplicationsService,
  SubscriptionsService,
  CredentialsService,
  ManyCredentialsService,
  PortalService,
  AnalyticsService,
  ExplainService,
  AuditService,
  ...deletionProviders,
  ...erasureProviders,
  ...publishProviders,
  ...documentProviders,
  ...fleetProviders,
  ...secretProviders,
  ...hostProviders,
];

// Nest wants a class to hang the module's parts on.
class AppModule {
  readonly name = 'control-api';
}

export function appModule(made: Connections): DynamicModule {
  const connections: Provider[] = [
    { provide: configToken, useValue: made.config },
    { provide: loggerToken, useValue: made.logger },
    ...databaseProviders(made.databases),
    { provide: authToken, useValue: made.auth },
    { provide: requestBoundsToken, useValue: made.bounds },
    { provide: identityEventsToken, useValue: made.events },
    { provide: mailerToken, useValue: made.mailer },
    { provide: clickhouseToken, useValue: made.clickhouse },
    { provide: limitBudgetsToken, useValue: made.limitBudgets },
    { provide: proofResolverToken, useValue: made.proofResolver },
    { provide: documentToken, useValue: made.document },
  ];
  const everywhere: Provider[] = [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: OperationInterceptor },
    // The first of these sees an answer last; until then it is plain data.
    { provide: APP_INTERCEPTOR, useClass: YamlInterceptor },
    { provide: APP_INTERCEPTOR, useClass: HiddenSecretsInterceptor },
    { provide: APP_INTERCEPTOR, useClass: TaggedInterceptor },
  ];
  return { module: AppModule, controllers, providers: [...connections, ...everywhere, ...services] };
}
