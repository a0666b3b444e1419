// Every endpoint, by who asks: generated from the endpoints themselves, so that a new one cannot be forgotten.
import { problems, roles, type Problem, type ProblemCode, type Role } from '@sluice/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionOf } from '../dist/http/endpoint.js';
import { isPermitted } from '../dist/permissions.js';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { endpoints, filled, keyOf, type DescribedEndpoint } from './support/endpoints.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person, type Answer } from './support/person.js';
import { validBodies as bodies, validQueries as queries } from './support/valid-bodies.js';

let plane: ControlPlane;
let own: FurnishedTenant;
let foreign: FurnishedTenant;
let stranger: Person;
const members = new Map<Role, Person>();

const withSession = endpoints.filter(({ spec }) => spec.access !== 'public');
const ofTenants = withSession.filter(({ path }) => path.startsWith('/v1/tenants/:tenant'));
const ofPortals = withSession.filter(({ path }) => path.startsWith('/v1/portal/:tenant'));
const withBodies = withSession.filter(({ hasBody }) => hasBody);
// What is wrong with a document is told as such, with lines: document.test.ts.
const withShapes = withBodies.filter(({ spec }) => spec.takesDocument !== true);

beforeAll(async () => {
  plane = await startControlPlane({ withClickHouse: true, env: { OPERATORS: 'owner@own.test' } });
  [own, foreign] = [await furnishTenant(plane, 'own'), await furnishTenant(plane, 'foreign')];
  stranger = await new Person(plane, 'stranger@nowhere.test').signUp();
  members.set('owner', own.owner);
  for (const role of roles.filter((name) => name !== 'owner')) {
    await own.owner.ask('POST', '/v1/tenants/own/members', { email: `${role}@own.test`, role });
    members.set(role, await new Person(plane, `${role}@own.test`).signUp());
  }
});
afterAll(async () => {
  await plane.stop();
});

function member(role: Role): Person {
  const person = members.get(role);
  if (person === undefined) throw new Error(`there is no ${role}`);
  return person;
}

async function send(
  person: Person,
  endpoint: DescribedEndpoint,
  values: Readonly<Record<string, string>>,
  body: unknown = bodies[keyOf(endpoint)],
): Promise<Answer<Problem>> {
  const query = queries[keyOf(endpoint)];
  return person.send<Problem>(
    endpoint.method,
    filled(endpoint.path, values) + (query === undefined ? '' : `?${query}`),
    endpoint.hasBody ? body : undefined,
  );
}

function expectProblem(answer: Answer<Problem>, code: ProblemCode): void {
  expect({ status: answer.status, code: answer.body?.code }).toEqual({ status: problems[code].status, code });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
}

test('the tables of this file know every endpoint that takes a body', () => {
  expect(Object.keys(bodies).toSorted()).toEqual(withBodies.map(keyOf).toSorted());
  expect(ofTenants.length).toBeGreaterThan(50);
});

describe('without a session nobody gets in', () => {
  test.each(withSession.map((endpoint) => [keyOf(endpoint), endpoint] as const))('%s', async (_, endpoint) => {
    expectProblem(await send(new Person(plane, 'nobody@nowhere.test'), endpoint, own.values), 'unauthenticated');
  });
});

describe('for somebody of another tenant the tenant does not exist', () => {
  test.each(ofTenants.map((endpoint) => [keyOf(endpoint), endpoint] as const))('%s', async (_, endpoint) => {
    expectProblem(await send(stranger, endpoint, own.values), 'not_found');
    expectProblem(await send(foreign.owner, endpoint, own.values), 'not_found');
  });
});

describe("another tenant's ids lead nowhere under one's own tenant", () => {
  const byId = ['application', 'subscription', 'credential', 'developer', 'member', 'account', 'host'];
  const named = [...ofTenants, ...ofPortals].filter(({ path }) => byId.some((name) => path.includes(`:${name}`)));
  test.each(named.map((endpoint) => [keyOf(endpoint), endpoint] as const))('%s', async (_, endpoint) => {
    expectProblem(await send(own.owner, endpoint, { ...foreign.values, tenant: 'own' }), 'not_found');
  });
});

describe("somebody else's things lead nowhere in the same portal", () => {
  const named = ofPortals.filter(({ path }) => /:(?:application|subscription|credential)/.test(path));
  test.each(named.map((endpoint) => [keyOf(endpoint), endpoint] as const))('%s', async (_, endpoint) => {
    await stranger.ask('POST', '/v1/portal/own/quick-start', { plan: 'free' });
    expectProblem(await send(stranger, endpoint, own.values), 'not_found');
  });
});

test('nothing of a tenant was changed by all that others asked for', async () => {
  for (const endpoint of ofTenants.filter(
    ({ method, path }) => method === 'GET' && /:\w+$/.test(path) && !path.endsWith(':request'),
  )) {
    expect((await send(own.owner, endpoint, own.values)).status, keyOf(endpoint)).toBe(200);
  }
  const { body } = await own.owner.send<{ revision?: number }>('GET', `${own.base}/revisions/1`);
  expect(body).toMatchObject({ number: 1 });
});

describe('a role that may not is told so', () => {
  const denied = ofTenants.flatMap((endpoint) => {
    const action = actionOf(endpoint.spec);
    return roles.flatMap((role) =>
      action === undefined || isPermitted(role, action) ? [] : [[role, keyOf(endpoint), endpoint] as const],
    );
  });
  test.each(denied)('%s: %s', async (role, _, endpoint) => {
    expectProblem(await send(member(role), endpoint, own.values), 'forbidden');
  });
  test('there are such roles', () => expect(denied.length).toBeGreaterThan(40));
});

describe('a body of the wrong shape is refused by name of the field', () => {
  test.each(withShapes.map((endpoint) => [keyOf(endpoint), endpoint] as const))('%s', async (_, endpoint) => {
    const values = own.values;
    const unknown = await send(own.owner, endpoint, values, { ...bodies[keyOf(endpoint)], surprise: 1 });
    expectProblem(unknown, 'invalid_body');
    expect(unknown.body.errors).toContainEqual(expect.objectContaining({ fix: 'remove "surprise"' }));
    expectProblem(await send(own.owner, endpoint, values, []), 'invalid_body');
    expectProblem(await send(own.owner, endpoint, values, '{"half":'), 'invalid_body');
    expectProblem(await send(own.owner, endpoint, values, '{"__proto__":{"a":1}}'), 'invalid_body');
    const text = await own.owner.send<Problem>(endpoint.method, filled(endpoint.path, values), 'a=b', {
      'content-type': 'text/plain',
    });
    expectProblem(text, 'unsupported_media_type');
  });
});

describe('everybody else is let in, and every answer has the shape that is promised', () => {
  // Creations first, changes then, deletions last and from the leaves up.
  const order = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const depth = ({ path }: DescribedEndpoint): number =>
    [
      'credentials',
      'subscriptions',
      'applications',
      'routes',
      'plans',
      'apis',
      'upstreams',
      'members',
      'tokens',
      'service-accounts',
    ].findIndex((part) => path.includes(`/${part}/:`));
  const successes = withSession
    // What others of these tests need would be gone: document-changes.test.ts, revisions.test.ts.
    .filter(({ path }) => !/\/(?:document\/sync|promote)$/.test(path))
    // Those about a request's token are asked with one in the tests of tokens.
    .filter(({ spec }) => spec.access !== 'token')
    .filter(
      (endpoint) =>
        !endpoint.path.startsWith('/v1/portal/:tenant/applications/') && !endpoint.path.endsWith(':request'),
    )
    .filter(
      ({ method, path }) =>
        !(
          method === 'DELETE' &&
          /(?:developers\/:developer|environments\/:environment|upstreams\/:upstream|plans\/:plan|apis\/:api|\/tenants\/:tenant)$/.test(
            path,
          )
        ),
    )
    // A deleted tenant or account, a second step, a gateway that has registered: each has a file of its own.
    .filter(
      (endpoint) =>
        !/\/restore$|-removals$|:gateway$|:registrationToken$|^POST \/v1\/me\/deletion$/.test(keyOf(endpoint)),
    )
    .toSorted(
      (left, right) =>
        order.indexOf(left.method) - order.indexOf(right.method) ||
        (left.method === 'DELETE' ? depth(left) - depth(right) || right.path.length - left.path.length : 0),
    );
  test.each(successes.map((endpoint) => [keyOf(endpoint), endpoint] as const))('%s', async (_, endpoint) => {
    const { answer, lines } = endpoint.spec;
    const action = actionOf(endpoint.spec);
    const role = action === undefined ? 'owner' : (roles.findLast((name) => isPermitted(name, action)) ?? 'owner');
    const person = endpoint.path.endsWith('members/:member') && endpoint.method === 'DELETE' ? own.owner : member(role);
    // A first run publishes the draft, and refuses to while it holds what others have changed.
    if (endpoint.path.endsWith('/first-run')) await own.owner.ask('POST', `${own.base}/publish`, {});
    // A list must hold what is there; that one key is used again further on.
    const body = endpoint.path.endsWith('/credentials/revoke') ? { credentials: [await anotherKey()] } : undefined;
    const got = await send(endpoint.path.startsWith('/v1/portal') ? own.owner : person, endpoint, own.values, body);
    expect(got.status, JSON.stringify(got.body)).toBeLessThan(300);
    const shape = answer ?? lines;
    const told = lines === undefined ? [got.body] : linesOf(got.body);
    for (const one of told) expect(shape === undefined ? one : shape.safeParse(one).error).toBeUndefined();
    const isTagged = endpoint.spec.hasEtag === true && endpoint.method !== 'DELETE';
    expect(/^"[\w-]+"$/.test(got.headers.get('etag') ?? '')).toBe(isTagged);
  });
});

async function anotherKey(): Promise<string> {
  const path = `${own.base}/subscriptions/${own.values['subscription']}/credentials`;
  return (await own.owner.ask<{ id: string }>('POST', path, { name: 'Short-lived' })).id;
}

function linesOf(body: unknown): unknown[] {
  const texts = String(body).trim().split('\n');
  return texts.map((text) => JSON.parse(text) as unknown);
}

test('what is in use stays, and the answer names its users', async () => {
  await foreign.owner.ask('POST', `${foreign.base}/plans`, {
    name: 'gold',
    title: 'Gold',
    apis: ['orders'],
    limits: [],
  });
  for (const [path, user] of [
    ['upstreams/orders-v1', 'orders/orders'],
    ['plans/free', 'Test of Orders'],
    ['apis/orders', 'the plan free'],
    [`developers/${foreign.values['developer']}`, 'Test of Orders'],
  ] as const) {
    const answer = await foreign.owner.send<Problem>('DELETE', `${foreign.base}/${path}`);
    expectProblem(answer, 'still_in_use');
    expect(answer.body.detail).toContain(user);
    expect((await foreign.owner.send('GET', `${foreign.base}/${path}`)).status).toBe(200);
  }
});

test('a stale If-Match changes and deletes nothing', async () => {
  const path = `${foreign.base}/plans/gold`;
  const { headers } = await foreign.owner.send('GET', path);
  const etag = headers.get('etag') ?? '';
  const body = { title: 'Gold two', apis: ['orders'], limits: [] };
  const changed = await foreign.owner.send('PUT', path, body, { 'if-match': etag });
  expect(changed.status).toBe(200);
  expect(changed.headers.get('etag')).not.toBe(etag);
  expectProblem(await foreign.owner.send<Problem>('PUT', path, body, { 'if-match': etag }), 'precondition_failed');
  expectProblem(
    await foreign.owner.send<Problem>('DELETE', path, undefined, { 'if-match': etag }),
    'precondition_failed',
  );
  expect(
    (await foreign.owner.send('DELETE', path, undefined, { 'if-match': changed.headers.get('etag') ?? '' })).status,
  ).toBe(204);
});

test('names that are taken, and names of what does not exist, are refused at their field', async () => {
  for (const [path, body, code, pointer] of [
    ['/v1/tenants', { slug: 'own', title: 'Mine' }, 'name_taken', '/slug'],
    ['/v1/tenants', { slug: 'operator', title: 'Reserved' }, 'invalid_body', '/slug'],
    [`${foreign.base}/upstreams`, { name: 'orders-v1', targets: [{ url: 'http://a.test' }] }, 'name_taken', '/name'],
    [`${foreign.base}/apis`, { name: 'orders', title: 'Again' }, 'name_taken', '/name'],
    [`${foreign.base}/plans`, { name: 'free', title: 'Again', apis: [], limits: [] }, 'name_taken', '/name'],
    [`${foreign.base}/plans`, { name: 'new', title: 'New', apis: ['nothing'], limits: [] }, 'invalid_body', '/apis/0'],
    [
      `${foreign.base}/plans`,
      { name: 'new', title: 'New', apis: ['orders', 'orders'], limits: [] },
      'invalid_body',
      '/apis/1',
    ],
    [
      `${foreign.base}/apis/orders/routes`,
      {
        name: 'new',
        match: { path: { prefix: '/new' } },
        split: { arms: [{ name: 'stable', upstream: 'nowhere', weight: 10_000 }] },
      },
      'invalid_body',
      '/split/arms/0/upstream',
    ],
    [
      `${foreign.base}/applications/${foreign.values['application']}/subscriptions`,
      { plan: 'nothing' },
      'invalid_body',
      '/plan',
    ],
    ['/v1/tenants/foreign/members', { email: 'owner@foreign.test', role: 'viewer' }, 'name_taken', '/email'],
    ['/v1/portal/foreign/quick-start', { plan: 'nothing' }, 'invalid_body', '/plan'],
  ] as const) {
    const answer = await foreign.owner.send<Problem>('POST', path, body);
    expectProblem(answer, code);
    expect(
      answer.body.errors?.map((error) => error.pointer),
      path,
    ).toContain(pointer);
  }
});

test('an environment whose host would be no valid name, or read as another, is refused, when made and when renamed', async () => {
  const slug = 'a-tenant-with-a-name-of-nearly-40-signs';
  await foreign.owner.ask('POST', '/v1/tenants', { slug, title: 'Long' });
  const environments = `/v1/tenants/${slug}/environments`;
  const long = { name: 'an-environment-with-a-long-name' };
  const refused = await foreign.owner.send<Problem>('POST', environments, long);
  expectProblem(refused, 'invalid_body');
  expect(refused.body.errors?.[0]?.pointer).toBe('/name');
  await foreign.owner.ask('POST', environments, { name: 'staging' });
  expectProblem(await foreign.owner.send<Problem>('PATCH', `${environments}/staging`, long), 'invalid_body');
  expectProblem(await foreign.owner.send<Problem>('POST', environments, { name: 'xn' }), 'invalid_body');
});

test('pages hold what was asked for, lose nothing and repeat nothing; a made-up cursor is refused', async () => {
  for (let count = 0; count < 5; count += 1)
    await foreign.owner.ask('POST', `${foreign.base}/applications`, { title: `Page ${count}` });
  const ids: string[] = [];
  let cursor = '';
  do {
    const page = await foreign.owner.ask<{ items: { id: string }[]; nextCursor: string | null }>(
      'GET',
      `${foreign.base}/applications?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    expect(page.items.length).toBeLessThanOrEqual(2);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? '';
  } while (cursor !== '');
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(7);
  expectProblem(
    await foreign.owner.send<Problem>('GET', `${foreign.base}/applications?cursor=bm90LWFuLWlk`),
    'invalid_query',
  );
  expectProblem(await foreign.owner.send<Problem>('GET', `${foreign.base}/applications?limit=1000`), 'invalid_query');
});

test('the last owner cannot leave or step down, and only an owner makes owners', async () => {
  const { items } = await foreign.owner.ask<{ items: { id: string; role: string }[] }>(
    'GET',
    '/v1/tenants/foreign/members',
  );
  const last = items.find(({ role }) => role === 'owner')?.id ?? '';
  expectProblem(
    await foreign.owner.send<Problem>('PATCH', `/v1/tenants/foreign/members/${last}`, { role: 'viewer' }),
    'state_conflict',
  );
  expectProblem(await foreign.owner.send<Problem>('DELETE', `/v1/tenants/foreign/members/${last}`), 'state_conflict');
  expectProblem(
    await member('admin').send<Problem>('POST', '/v1/tenants/own/members', { email: 'boss@own.test', role: 'owner' }),
    'forbidden',
  );
});

test('a body above 1 MiB, an unknown path and a wrong method are problems too', async () => {
  expectProblem(
    await own.owner.send<Problem>('POST', '/v1/tenants', { slug: 'large', title: 'x'.repeat(1_100_000) }),
    'too_large',
  );
  expectProblem(await own.owner.send<Problem>('GET', '/v1/nothing'), 'not_found');
  expectProblem(await own.owner.send<Problem>('PUT', '/v1/me'), 'method_not_allowed');
});
