// What control-api may use of Postgres. The generated client itself is not among it.
export { Prisma } from './generated/client.js';
export type * from './generated/models.js';
export type * from './generated/enums.js';
export type {
  Account,
  Api,
  Attempt,
  AuditEntry,
  Application,
  Credential,
  Developer,
  Environment,
  FeedRow,
  Fleet,
  Gateway,
  HostClaim,
  IdempotentCreation,
  Identity,
  Member,
  PersonalToken,
  PlatformPlan,
  Plan,
  Receipt,
  RegistrationToken,
  Purge,
  Revision,
  Route,
  RouteWeights,
  Secret,
  ServiceAccount,
  ServiceToken,
  Session,
  Subscription,
  Tenant,
  Upstream,
  Verification,
} from './generated/client.js';
export * from './database.js';
export {
  mostToldChanges,
  type CapturedChange,
  type CapturedChanges,
  type OmittedChanges,
  type Witness,
} from './captured-changes.js';
export * from './pools.js';
export * from './auth-tables.js';
export * from './listen.js';
export * from './safe-role.js';
export * from './roles.js';
export { migrate, type MigrateOptions } from './migrate.js';
