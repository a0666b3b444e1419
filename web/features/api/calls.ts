// Every call of the provider console, one function each. Paths are those in the heads of contracts' api files.
import {
  apiSchema,
  applicationSchema,
  armTrafficSchema,
  credentialSchema,
  credentialWithKeySchema,
  documentSchema,
  environmentGatewaysSchema,
  environmentSchema,
  explanationSchema,
  firstRunSchema,
  hostClaimSchema,
  memberSchema,
  meSchema,
  pageOf,
  planSchema,
  requestSchema,
  revisionSchema,
  revisionWithDocumentSchema,
  rotatedCredentialSchema,
  routeSchema,
  secretSchema,
  subscriptionSchema,
  tenantSchema,
  timeseriesSchema,
  environmentHealthSchema,
  upstreamSchema,
  usageSchema,
  weightsSchema,
} from '@sluice/contracts';
import type {
  apiPatchSchema,
  ExplainBody,
  ExplanationOfRequest,
  FirstRunBody,
  HostClaim,
  HostClaimCreate,
  PlanSpec,
  Role,
  RouteSpec,
  SecretPut,
  TenantCreate,
  UpstreamSpec,
} from '@sluice/contracts';
import type { z } from 'zod';
import type { Call } from './call';

/** Which tenant's which environment. */
export interface At {
  readonly tenant: string;
  readonly environment: string;
}

/** The one environment that the console shows today. */
export const defaultEnvironment = 'production';

export interface Change {
  readonly ifMatch?: string | undefined;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

// The person and the tenants
export const getMe = () => get('/v1/me', meSchema);
export const createTenant = (body: TenantCreate, key: string) => post('/v1/tenants', tenantSchema, body, key);
export const getEnvironment = (at: At) => get(base(at), environmentSchema);
export const listGateways = (at: At) => get(`${base(at)}/gateways`, environmentGatewaysSchema);
export const listHostClaims = (at: At, query: Query = {}) =>
  get(`${base(at)}/hosts${search(query)}`, pageOf(hostClaimSchema, 'HostClaimPage'));
export const claimHost = (at: At, body: HostClaimCreate, key: string) =>
  post(`${base(at)}/hosts`, hostClaimSchema, body, key);
export const verifyHost = (at: At, host: string): Call<HostClaim> => ({
  method: 'POST',
  path: `${base(at)}/hosts/${enc(host)}/verify`,
  body: {},
  answer: hostClaimSchema,
});
export const releaseHost = (at: At, host: string) => remove(`${base(at)}/hosts/${enc(host)}`, {});
export const listSecrets = (at: At, query: Query = {}) =>
  get(`${base(at)}/secrets${search(query)}`, pageOf(secretSchema, 'SecretPage'));
export const setSecret = (at: At, name: string, body: SecretPut) =>
  put(`${base(at)}/secrets/${enc(name)}`, secretSchema, body, {});
export const deleteSecret = (at: At, name: string) => remove(`${base(at)}/secrets/${enc(name)}`, {});
export const listMembers = (tenant: string, query: Query = {}) =>
  get(`${tenantPath(tenant)}/members${search(query)}`, pageOf(memberSchema, 'MemberPage'));
export const inviteMember = (tenant: string, body: { email: string; role: Role }, key: string) =>
  post(`${tenantPath(tenant)}/members`, memberSchema, body, key);
export const changeMember = (tenant: string, member: string, body: { role: Role }): Call<unknown> => ({
  method: 'PATCH',
  path: `${tenantPath(tenant)}/members/${member}`,
  answer: memberSchema,
  body,
});
export const removeMember = (tenant: string, member: string) => remove(`${tenantPath(tenant)}/members/${member}`, {});

// The draft
export const listUpstreams = (at: At, query: Query = {}) =>
  get(`${base(at)}/upstreams${search(query)}`, pageOf(upstreamSchema, 'UpstreamPage'));
export const getUpstreamHealth = (at: At) => get(`${base(at)}/upstream-health`, environmentHealthSchema);
export const getUpstream = (at: At, name: string) => get(`${base(at)}/upstreams/${enc(name)}`, upstreamSchema);
export const createUpstream = (at: At, body: { name: string } & UpstreamSpec, key: string) =>
  post(`${base(at)}/upstreams`, upstreamSchema, body, key);
export const putUpstream = (at: At, name: string, body: UpstreamSpec, change: Change) =>
  put(`${base(at)}/upstreams/${enc(name)}`, upstreamSchema, body, change);
export const deleteUpstream = (at: At, name: string, change: Change) =>
  remove(`${base(at)}/upstreams/${enc(name)}`, change);

export const listApis = (at: At, query: Query = {}) =>
  get(`${base(at)}/apis${search(query)}`, pageOf(apiSchema, 'ApiPage'));
export const getApi = (at: At, name: string) => get(`${base(at)}/apis/${enc(name)}`, apiSchema);
export const createApi = (at: At, body: { name: string; title: string; version: string }, key: string) =>
  post(`${base(at)}/apis`, apiSchema, body, key);
export const patchApi = (at: At, name: string, body: z.infer<typeof apiPatchSchema>, change: Change) => ({
  method: 'PATCH' as const,
  path: `${base(at)}/apis/${enc(name)}`,
  answer: apiSchema,
  body,
  ...change,
});
export const deleteApi = (at: At, name: string, change: Change) => remove(`${base(at)}/apis/${enc(name)}`, change);

export const listRoutes = (at: At, api: string, query: Query = {}) =>
  get(`${base(at)}/apis/${enc(api)}/routes${search(query)}`, pageOf(routeSchema, 'RoutePage'));
export const getRoute = (at: At, api: string, name: string) => get(routePath(at, api, name), routeSchema);
export const createRoute = (at: At, api: string, body: RouteSpec, key: string) =>
  post(`${base(at)}/apis/${enc(api)}/routes`, routeSchema, body, key);
export const putRoute = (at: At, api: string, name: string, body: Omit<RouteSpec, 'name'>, change: Change) =>
  put(routePath(at, api, name), routeSchema, body, change);
export const deleteRoute = (at: At, api: string, name: string, change: Change) =>
  remove(routePath(at, api, name), change);
export const getWeights = (at: At, api: string, name: string) =>
  get(`${routePath(at, api, name)}/weights`, weightsSchema);
export const putWeights = (at: At, api: string, name: string, weights: Record<string, number>, change: Change) =>
  put(`${routePath(at, api, name)}/weights`, weightsSchema, { weights }, change);

export const listPlans = (at: At, query: Query = {}) =>
  get(`${base(at)}/plans${search(query)}`, pageOf(planSchema, 'PlanPage'));
export const getPlan = (at: At, name: string) => get(`${base(at)}/plans/${enc(name)}`, planSchema);
export const createPlan = (at: At, body: { name: string } & PlanSpec, key: string) =>
  post(`${base(at)}/plans`, planSchema, body, key);
export const putPlan = (at: At, name: string, body: PlanSpec, change: Change) =>
  put(`${base(at)}/plans/${enc(name)}`, planSchema, body, change);
export const deletePlan = (at: At, name: string, change: Change) => remove(`${base(at)}/plans/${enc(name)}`, change);

// What is published
export const getDocument = (at: At) => get(`${base(at)}/document`, documentSchema);
export const publish = (at: At, body: { comment: string }, key: string) =>
  post(`${base(at)}/publish?wait=applied`, revisionSchema, body, key);
export const listRevisions = (at: At, query: Query = {}) =>
  get(`${base(at)}/revisions${search(query)}`, pageOf(revisionSchema, 'RevisionPage'));
export const getRevision = (at: At, number: number) =>
  get(`${base(at)}/revisions/${number}`, revisionWithDocumentSchema);
export const firstRun = (at: At, body: FirstRunBody, key: string) =>
  post(`${base(at)}/first-run`, firstRunSchema, body, key);

// Who calls
export const listApplications = (at: At, query: Query = {}) =>
  get(`${base(at)}/applications${search(query)}`, pageOf(applicationSchema, 'ApplicationPage'));
export const getApplication = (at: At, id: string) => get(`${base(at)}/applications/${enc(id)}`, applicationSchema);
export const createApplication = (at: At, body: { title: string }, key: string) =>
  post(`${base(at)}/applications`, applicationSchema, body, key);
export const deleteApplication = (at: At, id: string, change: Change) =>
  remove(`${base(at)}/applications/${enc(id)}`, change);
export const listSubscriptions = (at: At, application: string) =>
  get(`${base(at)}/applications/${enc(application)}/subscriptions`, pageOf(subscriptionSchema, 'SubscriptionPage'));
export const createSubscription = (at: At, application: string, body: { plan: string }, key: string) =>
  post(`${base(at)}/applications/${enc(application)}/subscriptions`, subscriptionSchema, body, key);
export const patchSubscription = (
  at: At,
  id: string,
  body: { plan?: string; state?: z.infer<typeof subscriptionSchema>['state'] },
) => ({
  method: 'PATCH' as const,
  path: `${base(at)}/subscriptions/${enc(id)}`,
  answer: subscriptionSchema,
  body,
});
export const listCredentials = (at: At, subscription: string) =>
  get(`${base(at)}/subscriptions/${enc(subscription)}/credentials`, pageOf(credentialSchema, 'CredentialPage'));
export const createCredential = (at: At, subscription: string, body: { name: string }, key: string) =>
  post(`${base(at)}/subscriptions/${enc(subscription)}/credentials`, credentialWithKeySchema, body, key);
export const rotateCredential = (at: At, id: string, key: string) =>
  post(`${base(at)}/credentials/${enc(id)}/rotate`, rotatedCredentialSchema, {}, key);
export const revokeCredential = (at: At, id: string) => remove(`${base(at)}/credentials/${enc(id)}`, {});

// The numbers
export const getTimeseries = (at: At, query: Query) =>
  get(`${base(at)}/analytics/timeseries${search(query)}`, timeseriesSchema);
export const getArms = (at: At, query: Query) => get(`${base(at)}/analytics/arms${search(query)}`, armTrafficSchema);
export const getUsage = (at: At, query: Query) => get(`${base(at)}/usage${search(query)}`, usageSchema);
export const listRequests = (at: At, query: Query) =>
  get(`${base(at)}/requests${search(query)}`, pageOf(requestSchema, 'RequestPage'));
/** Nothing is made by it: it needs no key that keeps it from happening twice. */
export const explainRequest = (at: At, body: ExplainBody): Call<ExplanationOfRequest> => ({
  method: 'POST',
  path: `${base(at)}/explain`,
  answer: explanationSchema,
  body,
});
export const getRequest = (at: At, id: string) => get(`${base(at)}/requests/${enc(id)}`, requestSchema);

export function get<T>(path: string, answer: z.ZodType<T>): Call<T> {
  return { method: 'GET', path, answer };
}

export function post<T>(path: string, answer: z.ZodType<T>, body: unknown, idempotencyKey: string): Call<T> {
  return { method: 'POST', path, answer, body, idempotencyKey };
}

function put<T>(path: string, answer: z.ZodType<T>, body: unknown, change: Change): Call<T> {
  return { method: 'PUT', path, answer, body, ...change };
}

export function remove(path: string, change: Change): Call<unknown> {
  return { method: 'DELETE', path, answer: null, ...change };
}

/** A query string without the empty members. */
export function search(query: Query): string {
  const members = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return members.length === 0 ? '' : `?${new URLSearchParams(members).toString()}`;
}

function tenantPath(tenant: string): string {
  return `/v1/tenants/${enc(tenant)}`;
}

function base(at: At): string {
  return `${tenantPath(at.tenant)}/environments/${enc(at.environment)}`;
}

function routePath(at: At, api: string, route: string): string {
  return `${base(at)}/apis/${enc(api)}/routes/${enc(route)}`;
}

function enc(segment: string): string {
  return encodeURIComponent(segment);
}
