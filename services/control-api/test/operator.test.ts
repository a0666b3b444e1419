// The operator of the platform, against the built process: tenants bounded by their platform plan, suspended and resumed.
import { setImmediate } from 'node:timers/promises';
import type {
  AuditEntry,
  Credential,
  FirstRun,
  Me,
  Member,
  OperatedTenant,
  OperatedTenantWithUse,
  Page,
  PlatformBoundsChange,
  PlatformPlans,
  Problem,
  TenantPlatformPlan,
} from '@sluice/contracts';
import { canonicalJson, problems } from '@sluice/contracts';
import { temporaryFolder, waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { changesOf, snapshotOf } from './support/feed-snapshot.js';
import { Fleet } from './support/fleet.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

let plane: ControlPlane;
let operator: Person;
let own: FurnishedTenant;
let foreign: FurnishedTenant;

const bounds = { environments: 2, members: 3, routes: 2, credentials: 4 };

beforeAll(async () => {
  plane = await startControlPlane({ env: { OPERATORS: 'nobody@platform.test, Operator@Platform.test' } });
  operator = await new Person(plane, 'operator@platform.test').signUp();
  [own, foreign] = [await furnishTenant(plane, 'own'), await furnishTenant(plane, 'foreign')];
});
afterAll(async () => {
  await plane.stop();
});

async function hostsOfOwn(): Promise<string[]> {
  const changes = changesOf(await snapshotOf(plane));
  return changes.flatMap((change) =>
    change.kind === 'environment' && change.tenantSlug === 'own' ? change.hosts : [],
  );
}

test('the operator sees every tenant, and is a member of none', async () => {
  const { items } = await operator.ask<Page<OperatedTenant>>('GET', '/v1/operator/tenants');
  expect(items.map(({ slug }) => slug)).toEqual(['own', 'foreign']);
  expect(items[0]).toMatchObject({ platformPlan: 'standard', suspendedAt: null });
  expect((await operator.ask<Me>('GET', '/v1/me')).memberships).toEqual([]);
  expect((await operator.send('GET', '/v1/tenants/own')).status).toBe(404);
  const one = await operator.ask<OperatedTenantWithUse>('GET', '/v1/operator/tenants/own');
  expect(one.use).toEqual({
    environments: 1,
    members: 2,
    routes: 1,
    credentials: 2,
    requestsPerSecond: null,
    recordsPerDay: null,
  });
});

test('a tenant is told what it may have at most, and what it has', async () => {
  const plan = await own.owner.ask<TenantPlatformPlan>('GET', '/v1/tenants/own/platform-plan');
  expect(plan).toMatchObject({ name: 'standard', title: 'Standard', use: { environments: 1, routes: 1 } });
  expect(plan.bounds.routes).toBeGreaterThan(1_000);
});

test('nothing is made beyond the platform plan, in whatever way, and other tenants make what they like', async () => {
  await operator.ask('PUT', '/v1/operator/platform-plans/small', { title: 'Small', bounds });
  expect((await operator.ask<PlatformPlans>('GET', '/v1/operator/platform-plans')).items).toContainEqual({
    name: 'small',
    title: 'Small',
    bounds,
  });
  await operator.ask('PATCH', '/v1/operator/tenants/own', { platformPlan: 'small' });
  const route = {
    match: { path: { prefix: '/more' } },
    split: { arms: [{ name: 'stable', upstream: 'orders-v1', weight: 10_000 }] },
  };
  const keys = `/subscriptions/${own.values['subscription']}/credentials`;
  const attempts: [string, string, (name: string) => object][] = [
    ['/v1/tenants/:tenant/environments', 'environments', (name) => ({ name })],
    ['/v1/tenants/:tenant/members', 'members', (name) => ({ email: `${name}@more.test`, role: 'viewer' })],
    [
      '/v1/tenants/:tenant/environments/production/apis/orders/routes',
      'routes',
      (name) => ({ name, ...route, match: { path: { prefix: `/${name}` } } }),
    ],
    [`/v1/tenants/:tenant/environments/production${keys}`, 'credentials', (name) => ({ name })],
  ];
  for (const [path, thing, body] of attempts) {
    const codes: (number | string)[] = [];
    for (const name of ['more', 'yet-more', 'too-many', 'far-too-many']) {
      const answer = await own.owner.send<Problem>('POST', path.replace(':tenant', 'own'), body(name));
      codes.push(answer.status < 300 ? 'made' : answer.body.code);
    }
    const { use } = await operator.ask<OperatedTenantWithUse>('GET', '/v1/operator/tenants/own');
    expect({ thing, use: use[thing as keyof typeof bounds] }).toEqual({
      thing,
      use: bounds[thing as keyof typeof bounds],
    });
    expect(codes.at(-1), thing).toBe('platform_plan_exceeded');
    expect(codes, thing).toContain('made');
    if (thing === 'credentials') continue;
    const elsewhere = await foreign.owner.send('POST', path.replace(':tenant', 'foreign'), body('more'));
    expect(elsewhere.status, thing).toBe(201);
  }
});

test('of creations at once as many are made as there is room for', async () => {
  await operator.ask('PUT', '/v1/operator/platform-plans/five', {
    title: 'Five',
    bounds: { ...bounds, environments: 5 },
  });
  await operator.ask('PATCH', '/v1/operator/tenants/own', { platformPlan: 'five' });
  const answers = await Promise.all(
    ['one', 'two', 'three', 'four', 'five', 'six'].map(async (name) =>
      own.owner.send<Problem>('POST', '/v1/tenants/own/environments', { name: `env-${name}` }),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
  expect(answers.filter(({ body }) => body.code === 'platform_plan_exceeded')).toHaveLength(3);
});

test('a revoked key makes room, and what was there before a smaller plan stays', async () => {
  const { base, values } = own;
  const keys = `${base}/subscriptions/${values['subscription']}/credentials`;
  expect((await own.owner.send<Problem>('POST', keys, { name: 'none left' })).body.code).toBe('platform_plan_exceeded');
  await own.owner.ask('DELETE', `${base}/credentials/${values['credential']}`);
  expect((await own.owner.send('POST', keys, { name: 'in its place' })).status).toBe(201);
  await operator.ask('PUT', '/v1/operator/platform-plans/five', {
    title: 'Five',
    bounds: { ...bounds, environments: 1 },
  });
  const { use } = await own.owner.ask<TenantPlatformPlan>('GET', '/v1/tenants/own/platform-plan');
  expect(use.environments).toBe(5);
});

test('an expired key makes room, and coming back to life takes it again', async () => {
  const { base, values } = own;
  const keys = `${base}/subscriptions/${values['subscription']}/credentials`;
  expect((await own.owner.send<Problem>('POST', keys, { name: 'none left' })).body.code).toBe('platform_plan_exceeded');
  const { items } = await own.owner.ask<Page<Credential>>('GET', `${keys}?limit=200`);
  const expired = items.find(({ name, state }) => name === 'in its place' && state === 'active')?.id ?? '';
  const superuser = await connectSuperuser(plane.postgresUrl);
  await superuser.tamper(`UPDATE sluice.credentials SET expires_at = now() - interval '1 minute' WHERE id = $1`, [
    expired,
  ]);
  await superuser.end();
  expect((await own.owner.send('POST', keys, { name: 'instead of it' })).status).toBe(201);
  const revived = await own.owner.send<Problem>('PATCH', `${base}/credentials/${expired}`, {
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  expect(revived.body.code).toBe('platform_plan_exceeded');
  expect((await own.owner.send('PATCH', `${base}/credentials/${expired}`, { name: 'renamed' })).status).toBe(200);
});

test('a platform plan that does not exist is refused at its field', async () => {
  const answer = await operator.send<Problem>('PATCH', '/v1/operator/tenants/own', { platformPlan: 'nothing' });
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_body', errors: [{ pointer: '/platformPlan' }] } });
});

test('a suspended tenant is served nowhere and changes nothing, and comes back as it was', async () => {
  expect(await hostsOfOwn()).toEqual(['own.localhost']);
  const token = await own.owner.ask<{ token: string }>('POST', '/v1/me/tokens', { name: 'goes on' });
  const program = { authorization: `Bearer ${token.token}` };
  const rename = async (headers: Record<string, string> = {}) =>
    own.owner.send<Problem>('PATCH', '/v1/tenants/own', { title: 'Renamed' }, headers);
  const suspended = await operator.ask<OperatedTenant>('PATCH', '/v1/operator/tenants/own', { isSuspended: true });
  expect(Date.now() - Date.parse(suspended.suspendedAt ?? '')).toBeLessThan(60_000);
  expect(await hostsOfOwn()).toEqual([]);
  expect(await rename()).toMatchObject({ status: 403, body: { code: 'tenant_suspended' } });
  expect(await rename(program)).toMatchObject({ status: 403, body: { code: 'tenant_suspended' } });
  const { items } = await own.owner.ask<Page<Member>>('GET', '/v1/tenants/own/members');
  const other = items.find(({ role }) => role !== 'owner')?.id ?? '';
  expect(await own.owner.send('DELETE', `/v1/tenants/own/members/${other}`)).toMatchObject({
    status: 403,
    body: { code: 'tenant_suspended' },
  });
  expect((await own.owner.send('GET', own.base)).status).toBe(200);
  expect((await own.owner.send('GET', '/v1/portal/own')).status).toBe(404);
  expect((await own.owner.send('POST', '/v1/portal/own/quick-start', { plan: 'free' })).status).toBe(404);
  const again = await operator.ask<OperatedTenant>('PATCH', '/v1/operator/tenants/own', { isSuspended: true });
  expect(again.suspendedAt).toBe(suspended.suspendedAt);

  await operator.ask('PATCH', '/v1/operator/tenants/own', { isSuspended: false });
  expect(await hostsOfOwn()).toEqual(['own.localhost']);
  expect((await rename()).status).toBe(200);
  expect((await own.owner.send('GET', '/v1/portal/own')).status).toBe(200);
});

test('what was let in before a tenant was suspended, and publishes after it, puts it on no host again', async () => {
  const owner = await connectSuperuser(plane.postgresUrl);
  try {
    await own.owner.ask('POST', `${own.base}/publish`, { comment: 'all of it' });
    const late = { sluice: 1, upstreams: { late: { targets: [{ url: 'http://late.test' }] } } };
    await own.owner.ask('POST', `${own.base}/document/apply`, late);
    await owner.query('BEGIN');
    await owner.query("UPDATE sluice.tenants SET suspended_at = now() WHERE slug = 'own'");
    const answer = own.owner.send<Problem>('POST', `${own.base}/publish`, { comment: 'too late' });
    const isAnswered = answer.then(() => true);
    const isWaiting = async (): Promise<boolean> =>
      (await owner.query("SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")).length > 0;
    while (!(await isWaiting())) if (await Promise.race([isAnswered, setImmediate(false)])) break;
    await owner.query('COMMIT');
    expect(await answer).toMatchObject({ status: 403, body: { code: 'tenant_suspended' } });
  } finally {
    await operator.ask('PATCH', '/v1/operator/tenants/own', { isSuspended: false });
    await owner.end();
  }
});

test('a gateway answers for a suspended tenant as for none, and for others as before, until it goes on', async () => {
  const folder = await temporaryFolder('sluice-suspended-');
  const fleet = await Fleet.start(plane, folder.path);
  try {
    const serve = async (slug: string): Promise<string> => {
      const owner = await new Person(plane, `owner@${slug}.test`).signUp();
      await owner.ask('POST', '/v1/tenants', { slug, title: slug });
      const body = { name: 'orders', title: 'Orders', upstreamUrl: fleet.upstreamUrl };
      const path = `/v1/tenants/${slug}/environments/production/first-run`;
      return (await owner.ask<FirstRun>('POST', path, body)).key;
    };
    const [key, otherKey] = [await serve('served'), await serve('besides')];
    const { port } = await fleet.add('gw-suspended');
    const other = { slug: 'besides', key: otherKey, path: '/orders' };
    await fleet.untilAll('served', key, 200, '/orders');
    await operator.ask('PATCH', '/v1/operator/tenants/served', { isSuspended: true });
    await fleet.untilAll('served', key, problems.unknown_host.status, '/orders');
    expect(await fleet.ask(port, other)).toBe(200);
    await operator.ask('PATCH', '/v1/operator/tenants/served', { isSuspended: false });
    await fleet.untilAll('served', key, 200, '/orders');
    expect(await fleet.ask(port, other)).toBe(200);
  } finally {
    await fleet.stop();
    await folder.remove();
  }
});

test('bounds of traffic come to gateways without a publication, whether the plan changes or the tenant moves', async () => {
  const told = async (): Promise<PlatformBoundsChange[]> =>
    changesOf(await snapshotOf(plane)).flatMap((change) =>
      change.kind === 'environment' && change.tenantSlug === 'foreign' ? (change.platform ?? []) : [],
    );
  const put = async (requestsPerSecond: number | null, recordsPerDay: number | null): Promise<unknown> =>
    operator.ask('PUT', '/v1/operator/platform-plans/traffic', {
      title: 'Traffic',
      bounds: { ...bounds, requestsPerSecond, recordsPerDay },
    });
  const untilTold = async (expected: object): Promise<number> =>
    waitFor(
      async () => {
        const [one] = await told();
        const { version = 0, ...own } = one ?? {};
        return canonicalJson(own) === canonicalJson(expected) ? version : undefined;
      },
      { what: `gateways are told ${JSON.stringify(expected)}`, timeoutMs: 30_000 },
    );
  expect(await told()).toEqual([]);
  await put(50, 1_000);
  await operator.ask('PATCH', '/v1/operator/tenants/foreign', { platformPlan: 'traffic' });
  const first = await untilTold({ requestsPerSecond: 50, recordsPerDay: 1_000 });
  const seen = await foreign.owner.ask<TenantPlatformPlan>('GET', '/v1/tenants/foreign/platform-plan');
  // There is no Redis here to ask.
  expect(seen).toMatchObject({ bounds: { requestsPerSecond: 50, recordsPerDay: 1_000 }, use: { recordsPerDay: null } });
  await put(20, 1_000);
  const second = await untilTold({ requestsPerSecond: 20, recordsPerDay: 1_000 });
  expect(second).toBeGreaterThan(first);
  await foreign.owner.ask('POST', `${foreign.base}/document/apply`, {
    sluice: 1,
    upstreams: { late: { targets: [{ url: 'http://late.test' }] } },
  });
  await foreign.owner.ask('POST', `${foreign.base}/publish`, { comment: 'keeps the bounds' });
  expect(await told()).toEqual([{ version: second, requestsPerSecond: 20, recordsPerDay: 1_000 }]);
  await put(null, null);
  await waitFor(async () => (await told()).length === 0, { what: 'gateways are told of no bound', timeoutMs: 30_000 });
});

test('what the operator does stands in a log of the platform, chained, and in that of the tenant', async () => {
  await operator.ask('PUT', '/v1/operator/platform-plans/logged', { title: 'Logged', bounds });
  await operator.ask('PUT', '/v1/operator/platform-plans/logged', { title: 'Logged twice', bounds });
  await operator.ask('PATCH', '/v1/operator/tenants/own', { platformPlan: 'logged' });
  const { items } = await operator.ask<Page<AuditEntry>>('GET', '/v1/operator/audit-log?limit=3');
  expect(items.map(({ action }) => action)).toEqual(['operator_change', 'operator_putPlan', 'operator_putPlan']);
  expect(items[0]?.content?.changes[0]).toMatchObject({ object: 'tenant', after: { platformPlan: 'logged' } });
  expect(items[1]?.content).toMatchObject({
    actor: { kind: 'operator', email: 'operator@platform.test' },
    changes: [
      { object: 'platform-plan', name: 'logged', before: { title: 'Logged' }, after: { title: 'Logged twice' } },
    ],
  });
  expect(items[2]?.content?.changes[0]).toMatchObject({ change: 'created', before: null });
  expect(await operator.ask('GET', '/v1/operator/audit-log/verify')).toMatchObject({
    isIntact: true,
    firstBreak: null,
  });
  const told = await own.owner.ask<Page<AuditEntry>>('GET', '/v1/tenants/own/audit-log?limit=1');
  expect(told.items[0]).toMatchObject({ action: 'operator_change', requestId: items[0]?.requestId });
});

test('whoever is no operator finds none of it', async () => {
  for (const [method, path, body] of [
    ['GET', '/v1/operator/tenants'],
    ['GET', '/v1/operator/audit-log'],
    ['GET', '/v1/operator/purges'],
    ['DELETE', '/v1/operator/tenants/own?confirm=own'],
    ['PATCH', '/v1/operator/tenants/own', { isSuspended: false }],
    ['PUT', '/v1/operator/platform-plans/standard', { title: 'Mine', bounds }],
  ] as const) {
    expect((await own.owner.send<Problem>(method, path, body)).body.code, path).toBe('not_found');
  }
});
