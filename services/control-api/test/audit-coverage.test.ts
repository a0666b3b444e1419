// Every operation of the OpenAPI document that changes something is done once here, and has to have left an entry in the audit
// log under its own name and request. An operation that is new fails until it stands in `calls`, or among those that
// change nothing.
import type { Developer, Page } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identityOf } from '../dist/testing/gateway-identity.js';
import { fleetToken, startControlPlane, type ControlPlane } from './support/control-plane.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

interface Call {
  readonly operation: string;
  readonly body?: unknown;
  /** With its question mark. */
  readonly query?: string;
  /** Path parameters that differ from those of the furnished tenant; what an earlier call made stands in `made`. */
  readonly values?: (made: Readonly<Record<string, string>>) => Record<string, string>;
  /** The name under which the id, or the name, of what was made is kept. */
  readonly makes?: string;
  /** Left out: the owner, who has been to the portal. */
  readonly by?: 'newcomer' | 'operator';
  readonly headers?: (made: Readonly<Record<string, string>>) => Record<string, string>;
}

// They judge, compare or explain; gateways' own reports are no changes by anybody; better-auth's are in
// audit.test.ts, and what takes a member with two-factor in two-factor.test.ts.
const changeless = new Set([
  'document_validate',
  'document_diff',
  'explain_explain',
  'explain_explainOwn',
  'twoFactor_remove',
]);
const isOfGateways = (path: string): boolean => path.startsWith('/v1/fleet/');
const isOfAuth = (path: string): boolean => path.startsWith('/v1/auth/');

const operator = 'operator@platform.test';
const arms = [{ name: 'stable', upstream: 'orders-v1', weight: 10_000 }];
const route = { match: { path: { prefix: '/two' } }, split: { arms } };
const targets = [{ url: 'http://two.test' }];
const key = { operation: 'credentials_create', body: { name: 'Another' }, makes: 'credential' } as const;
const ofMade = (parameter: string) => (made: Readonly<Record<string, string>>) => ({
  [parameter]: made[parameter] ?? '',
});
const ofSecond = { values: () => ({ tenant: 'log-two' }) } as const;
const inEnvironment = (environment: string) => () => ({ environment });

const calls: readonly Call[] = [
  { operation: 'personalTokens_create', body: { name: 'one' }, makes: 'personalToken' },
  { operation: 'personalTokens_revoke', values: ofMade('personalToken') },
  { operation: 'serviceAccounts_create', body: { name: 'two', role: 'developer' }, makes: 'account' },
  { operation: 'serviceAccounts_setRole', body: { role: 'viewer' }, values: ofMade('account') },
  { operation: 'serviceAccounts_createToken', body: { name: 'one' }, values: ofMade('account'), makes: 'serviceToken' },
  {
    operation: 'serviceAccounts_revokeToken',
    values: ({ account = '', serviceToken = '' }) => ({ account, serviceToken }),
  },
  { operation: 'serviceAccounts_createToken', body: { name: 'two' }, values: ofMade('account'), makes: 'ending' },
  { operation: 'presentedToken_revoke', headers: ({ secret = '' }) => ({ authorization: `Bearer ${secret}` }) },
  { operation: 'serviceAccounts_remove', values: ofMade('account') },
  { operation: 'tenants_create', body: { slug: 'log-two', title: 'Second' } },
  { operation: 'tenants_rename', body: { title: 'Renamed' } },
  { operation: 'environments_create', body: { name: 'staging' } },
  { operation: 'environments_rename', body: { name: 'stage' }, values: inEnvironment('staging') },
  { operation: 'hosts_claim', body: { host: 'two.log.test' } },
  { operation: 'hosts_verify', body: {}, values: () => ({ host: 'two.log.test' }) },
  { operation: 'hosts_release', values: () => ({ host: 'two.log.test' }) },
  { operation: 'members_invite', body: { email: 'new@log.test', role: 'viewer' }, makes: 'member' },
  { operation: 'members_setRole', body: { role: 'developer' }, values: ofMade('member') },
  { operation: 'members_remove', values: ofMade('member') },
  { operation: 'upstreams_create', body: { name: 'two', targets } },
  { operation: 'upstreams_replace', body: { targets }, values: () => ({ upstream: 'two' }) },
  { operation: 'secrets_set', body: { value: 'sealed' }, values: () => ({ secret: 'two' }) },
  { operation: 'secrets_remove', values: () => ({ secret: 'two' }) },
  { operation: 'apis_create', body: { name: 'two', title: 'Two' } },
  { operation: 'apis_change', body: { title: 'Second' }, values: () => ({ api: 'two' }) },
  { operation: 'routes_create', body: { name: 'two', ...route } },
  { operation: 'routes_replace', body: route, values: () => ({ route: 'two' }) },
  { operation: 'plans_create', body: { name: 'gold', title: 'Gold', apis: ['orders'], limits: [] } },
  {
    operation: 'plans_replace',
    body: { title: 'Golden', apis: ['orders'], limits: [] },
    values: () => ({ plan: 'gold' }),
  },
  { operation: 'weights_set', body: { weights: { stable: 9_000, canary: 1_000 } } },
  { operation: 'revisions_publish', body: {} },
  { operation: 'revisions_republish', body: {} },
  { operation: 'revisions_publish', body: {} },
  { operation: 'firstRun_run', body: { name: 'three', title: 'Three', upstreamUrl: 'https://three.test' } },
  { operation: 'document_apply', body: { sluice: 1, upstreams: { applied: { targets } } } },
  { operation: 'promotion_promote', body: { from: 'production', to: 'draft' }, values: inEnvironment('stage') },
  {
    operation: 'document_sync',
    body: { sluice: 1, upstreams: { synced: { targets } } },
    values: inEnvironment('stage'),
  },
  { operation: 'environments_remove', values: inEnvironment('stage') },
  { operation: 'applications_create', body: { title: 'Two' }, makes: 'application' },
  { operation: 'applications_rename', body: { title: 'Second' }, values: ofMade('application') },
  {
    operation: 'subscriptions_create',
    body: { plan: 'gold' },
    values: ofMade('application'),
    makes: 'subscription',
  },
  key,
  { operation: 'credentials_change', body: { name: 'Renamed' }, values: ofMade('credential') },
  { operation: 'credentials_rotate', body: {}, values: ofMade('credential') },
  { operation: 'credentials_revoke', values: ofMade('credential') },
  { operation: 'manyCredentials_import', body: { credentials: [{ name: 'Old', hash: 'a'.repeat(64) }] } },
  key,
  { operation: 'manyCredentials_revokeListed', body: 'credential' },
  key,
  { operation: 'manyCredentials_revokeOfSubscription' },
  key,
  { operation: 'manyCredentials_revokeOfApplication' },
  { operation: 'portal_quickStart', body: { plan: 'free' }, by: 'newcomer' },
  { operation: 'portal_rename', body: { title: 'Mine' } },
  { operation: 'portal_createKey', body: { name: 'Own' }, makes: 'credential' },
  { operation: 'portal_createTryKey', body: {} },
  { operation: 'portal_rotateKey', body: {}, values: ofMade('credential') },
  { operation: 'portal_revokeKey', values: ofMade('credential') },
  { operation: 'subscriptions_change', body: { state: 'suspended' }, values: ofMade('subscription') },
  { operation: 'subscriptions_remove', values: ofMade('subscription') },
  { operation: 'applications_remove', values: ofMade('application') },
  { operation: 'developers_remove', values: ofMade('developer') },
  { operation: 'routes_remove', values: () => ({ route: 'two' }) },
  { operation: 'plans_remove', values: () => ({ plan: 'gold' }) },
  { operation: 'apis_remove', values: () => ({ api: 'two' }) },
  { operation: 'upstreams_remove', values: () => ({ upstream: 'two' }) },
  { operation: 'operator_change', body: { isSuspended: true }, values: () => ({ tenant: 'log-two' }), by: 'operator' },
  { operation: 'operator_change', body: { isSuspended: false }, values: () => ({ tenant: 'log-two' }), by: 'operator' },
  {
    operation: 'operator_putPlan',
    body: { title: 'Small', bounds: { environments: 1, members: 1, routes: 1, credentials: 1 } },
    by: 'operator',
  },
  { operation: 'operatedFleets_createToken', body: { title: 'Two' }, by: 'operator', makes: 'registrationToken' },
  { operation: 'operatedFleets_revokeToken', values: ofMade('registrationToken'), by: 'operator' },
  { operation: 'operatedFleets_change', body: { isDrainAsked: true }, by: 'operator' },
  { operation: 'operatedFleets_forget', by: 'operator' },
  { operation: 'deletion_operatorRemove', ...ofSecond, query: '?confirm=log-two', by: 'operator' },
  { operation: 'deletion_operatorRestore', ...ofSecond, body: {}, by: 'operator' },
  { operation: 'tenants_remove', ...ofSecond, query: '?confirm=log-two' },
  { operation: 'deletion_restore', ...ofSecond, body: {} },
  {
    operation: 'erasure_erase',
    body: { confirm: 'newcomer@nowhere.test', password: 'a password for tests' },
    by: 'newcomer',
  },
];

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

let plane: ControlPlane;
let tenant: FurnishedTenant;
let changing: Operation[];

beforeAll(async () => {
  plane = await startControlPlane({ env: { OPERATORS: operator } });
  tenant = await furnishTenant(plane, 'log');
  await identityOf(plane.url, fleetToken, 'gw-furnished');
  const { paths } = (await (await fetch(`${plane.url}/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  changing = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => method !== 'get' && !isOfGateways(path) && !isOfAuth(path))
      .map(([method, { operationId }]) => ({ id: operationId, method: method.toUpperCase(), path }))
      .filter(({ id }) => !changeless.has(id)),
  );
});
afterAll(async () => {
  await plane.stop();
});

test('every operation of the document that changes something is done below', () => {
  expect([...new Set(calls.map(({ operation }) => operation))].toSorted()).toEqual(
    changing.map(({ id }) => id).toSorted(),
  );
});

test('each of them leaves an entry that names it and its request', async () => {
  const made: Record<string, string> = { developer: await idleDeveloper() };
  const asked: { operation: string; requestId: string | null }[] = [];
  const others = {
    newcomer: await new Person(plane, 'newcomer@nowhere.test').signUp(),
    operator: await new Person(plane, operator).signUp(),
  };
  for (const call of calls) {
    const { operation, values, makes, headers, query = '' } = call;
    const { method, path } = changing.find(({ id }) => id === operation) ?? { method: '', path: '' };
    const known = { ...tenant.values, ...values?.(made) };
    const url = path.replaceAll(/\{(?<name>\w+)\}/g, (_, name: keyof typeof known) => known[name] ?? `(no ${name})`);
    const body = call.body === 'credential' ? { credentials: [made['credential']] } : call.body;
    const person = call.by === undefined ? tenant.owner : others[call.by];
    const answer = await person.send<{ id?: string; token?: string }>(method, url + query, body, headers?.(made));
    expect(answer.status, `${operation}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    if (makes !== undefined) made[makes] = answer.body.id ?? '';
    if (makes === 'ending') made['secret'] = answer.body.token ?? '';
    asked.push({ operation, requestId: answer.headers.get('x-request-id') });
  }
  const superuser = await connectSuperuser(plane.postgresUrl);
  const entries = await superuser.query<{ action: string; request_id: string }>(
    'SELECT DISTINCT action, request_id FROM sluice.audit_entries',
  );
  await superuser.end();
  const silent = asked.filter(
    ({ operation, requestId }) =>
      !entries.some(({ action, request_id }) => action === operation && request_id === requestId),
  );
  expect(silent).toEqual([]);
});

/** Somebody who came to the portal once and has nothing there any more. */
async function idleDeveloper(): Promise<string> {
  const visitor = await new Person(plane, 'visitor@nowhere.test').signUp();
  await visitor.ask('POST', '/v1/portal/log/quick-start', { plan: 'free' });
  const applications = await visitor.ask<Page<{ id: string }>>('GET', '/v1/portal/log/applications');
  const { items } = await tenant.owner.ask<Page<Developer>>('GET', `${tenant.base}/developers`);
  for (const { id } of applications.items) await tenant.owner.ask('DELETE', `${tenant.base}/applications/${id}`);
  return items.find(({ email }) => email === visitor.email)?.id ?? '';
}
