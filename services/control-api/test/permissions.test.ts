// Every operation of the OpenAPI document, by everybody who could ask, in their own tenant and another's: what is expected is
// derived from the document (`x-sluice-access`, `security`) and the permission table alone. An operation that says nothing
// of its access, or an action without a row in the table, fails here. Who is let in is stopped right behind the guard - by
// an unreadable body, a stale If-Match or an id that nothing has - so that nobody's request changes what others find.
import { roles, type Member, type PersonalTokenWithSecret, type Problem, type Role } from '@sluice/contracts';
import { createAuthPool, type Pool } from '@sluice/prisma';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionOf } from '../dist/http/endpoint.js';
import { isPermitted, permissions, type Action } from '../dist/permissions.js';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { endpoints, keyOf } from './support/endpoints.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person, type Answer } from './support/person.js';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly access: string | undefined;
  readonly security: readonly string[];
  readonly hasBody: boolean;
}

type Outcome =
  | 'in'
  | 'nowhere'
  | 'unauthenticated'
  | 'not_found'
  | 'forbidden'
  | 'access_token_invalid'
  | 'access_token_scope_missing';

/** Somebody who asks, and what they are to be answered for an action of the table, in a tenant and its environment. */
interface Asker {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expected: (operation: Operation, action: Action) => Outcome;
  /** For what is about themselves and no tenant. */
  readonly expectedAtHome: (operation: Operation) => Outcome;
  readonly tenant: 'own' | 'foreign';
  readonly environment: string;
}

let plane: ControlPlane;
let database: Pool;
let own: FurnishedTenant;
let operations: Operation[];
const askers: Asker[] = [];
const only = new Map<Action, string>();
const allBut = new Map<Action, string>();
const actions = Object.keys(permissions) as Action[];
const isAction = (access: string | undefined): access is Action => actions.includes(access as Action);
const takesToken = ({ security }: Operation): boolean => security.includes('accessToken');
const isInEnvironment = ({ path }: Operation): boolean => path.includes('{environment}');

beforeAll(async () => {
  plane = await startControlPlane({ env: { OPERATORS: 'operator@platform.test' } });
  database = createAuthPool(plane.postgresUrl, () => undefined);
  own = await furnishTenant(plane, 'own');
  const foreign = await furnishTenant(plane, 'foreign');
  await foreign.owner.ask('POST', '/v1/tenants/foreign/environments', { name: 'theirs' });
  await own.owner.ask('POST', '/v1/tenants/own/environments', { name: 'staging' });
  operations = await readOperations();
  await fillAskers();
});
afterAll(async () => {
  await database.end();
  await plane.stop();
});

async function readOperations(): Promise<Operation[]> {
  interface Described {
    paths: Record<
      string,
      Record<string, { 'x-sluice-access'?: string; security?: Record<string, unknown>[]; requestBody?: object }>
    >;
  }
  const { paths } = (await (await fetch(`${plane.url}/v1/openapi.json`)).json()) as Described;
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      access: operation['x-sluice-access'],
      security: (operation.security ?? []).flatMap((way) => Object.keys(way)),
      hasBody: operation.requestBody !== undefined,
    })),
  );
}

async function fillAskers(): Promise<void> {
  const inOwn = { tenant: 'own', environment: 'production' } as const;
  const inForeign = { tenant: 'foreign', environment: 'production' } as const;
  // To who is no operator, the operator's endpoints do not exist.
  const atHome =
    (outcomes: Partial<Record<string, Outcome>>) =>
    ({ access = '' }: Operation): Outcome =>
      outcomes[access] ?? 'in';
  const asSession = { expectedAtHome: atHome({ token: 'unauthenticated', operator: 'not_found' }) } as const;
  const asToken = {
    expectedAtHome: atHome({ session: 'access_token_scope_missing', operator: 'not_found' }),
  } as const;
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const byRole = (role: Role) => (_: Operation, action: Action) => (isPermitted(role, action) ? 'in' : 'forbidden');
  const byToken = (role: Role) => (operation: Operation, action: Action) => {
    if (!isPermitted(role, action)) return 'forbidden';
    return takesToken(operation) ? 'in' : 'access_token_scope_missing';
  };
  const never = (outcome: Outcome) => (): Outcome => outcome;

  askers.push({
    name: 'nobody',
    headers: {},
    ...inOwn,
    expected: never('unauthenticated'),
    expectedAtHome: never('unauthenticated'),
  });
  for (const role of roles) {
    const person = role === 'owner' ? own.owner : await memberOf(role);
    const headers = { cookie: person.cookies };
    const { token } = await person.ask<PersonalTokenWithSecret>('POST', '/v1/me/tokens', { name: role });
    askers.push(
      { name: role, headers, ...inOwn, ...asSession, expected: byRole(role) },
      { name: `${role}, in another tenant`, headers, ...inForeign, ...asSession, expected: never('not_found') },
      {
        name: `${role}, in an environment of another tenant's`,
        headers,
        tenant: 'own',
        environment: 'theirs',
        ...asSession,
        expected: (operation, action) => {
          const outcome = byRole(role)(operation, action);
          return outcome === 'in' && isInEnvironment(operation) ? 'nowhere' : outcome;
        },
      },
      { name: `${role} by token`, headers: bearer(token), ...inOwn, ...asToken, expected: byToken(role) },
      {
        name: `${role} by token, in another tenant`,
        headers: bearer(token),
        ...inForeign,
        ...asToken,
        expected: never('not_found'),
      },
    );
    if (role === 'owner') continue;
    const service = bearer(await serviceToken(role));
    const scopeMissing = 'access_token_scope_missing';
    const expectedAtHome = atHome({ session: scopeMissing, person: scopeMissing, operator: 'not_found' });
    askers.push(
      { name: `service account, ${role}`, headers: service, ...inOwn, expectedAtHome, expected: byToken(role) },
      {
        name: `service account, ${role}, in another tenant`,
        headers: service,
        ...inForeign,
        expectedAtHome,
        expected: never('not_found'),
      },
    );
  }
  // An operator is no member of any tenant by that.
  for (const name of ['stranger', 'operator']) {
    const person = await new Person(plane, `${name}@platform.test`).signUp();
    const { token } = await person.ask<PersonalTokenWithSecret>('POST', '/v1/me/tokens', { name });
    const isOperator = name === 'operator';
    const [bySession, scopeMissing]: Outcome[] = isOperator ? ['in', 'access_token_scope_missing'] : [];
    const expected = never('not_found');
    askers.push(
      {
        name,
        headers: { cookie: person.cookies },
        ...inOwn,
        expected,
        expectedAtHome: atHome({ token: 'unauthenticated', operator: bySession ?? 'not_found' }),
      },
      {
        name: `${name} by token`,
        headers: bearer(token),
        ...inOwn,
        expected,
        expectedAtHome: atHome({ session: 'access_token_scope_missing', operator: scopeMissing ?? 'not_found' }),
      },
    );
  }
  for (const action of actions) {
    const rest = actions.filter((other) => other !== action);
    only.set(action, (await ownerToken({ actions: [action] })).token);
    allBut.set(action, (await ownerToken({ actions: rest })).token);
  }
  const byPlace = (environment: string) => (operation: Operation) =>
    takesToken(operation) && isInEnvironment(operation) && environment === 'production'
      ? 'in'
      : 'access_token_scope_missing';
  for (const environment of ['production', 'staging']) {
    const { token } = await ownerToken({ tenant: 'own', environments: [environment] });
    askers.push({
      name: `token for ${environment}`,
      headers: bearer(token),
      ...inOwn,
      ...asToken,
      expected: byPlace(environment),
    });
  }
  const [expired, revoked] = [await ownerToken({}), await ownerToken({})];
  await own.owner.ask('DELETE', '/v1/token', undefined, bearer(revoked.token));
  await database.query("UPDATE auth.personal_token SET expires_at = now() - interval '1 second' WHERE id = $1", [
    expired.id,
  ]);
  for (const [name, token] of [
    ['expired token', expired.token],
    ['revoked token', revoked.token],
  ] as const) {
    const expected = never('access_token_invalid');
    askers.push({ name, headers: bearer(token), ...inOwn, expected, expectedAtHome: expected });
  }
}

async function memberOf(role: Role): Promise<Person> {
  await own.owner.ask<Member>('POST', '/v1/tenants/own/members', { email: `${role}@own.test`, role });
  return new Person(plane, `${role}@own.test`).signUp();
}

let made = 0;
async function ownerToken(scope: object): Promise<PersonalTokenWithSecret> {
  made += 1;
  const body = { name: `token ${made}`, ...scope };
  return own.owner.ask<PersonalTokenWithSecret>('POST', '/v1/me/tokens', body);
}

async function serviceToken(role: Role): Promise<string> {
  const accounts = '/v1/tenants/own/service-accounts';
  const { id } = await own.owner.ask<{ id: string }>('POST', accounts, { name: `as-${role}`, role });
  return (await own.owner.ask<{ token: string }>('POST', `${accounts}/${id}/tokens`, { name: role })).token;
}

/** Ids that nothing has, so that who is let in finds nothing to change. */
const nothing: Readonly<Record<string, string>> = {
  member: 'mem_00000000000070008000000000000000',
  account: 'svc_00000000000070008000000000000000',
};

async function outcomeOf(
  { method, path, hasBody }: Operation,
  { headers, tenant, environment }: Pick<Asker, 'headers' | 'tenant' | 'environment'>,
): Promise<string> {
  const values: Record<string, string> = { tenant, environment };
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(
      values[name] ?? (method === 'GET' ? own.values[name] : undefined) ?? nothing[name] ?? 'nothing-here',
    ),
  );
  const res = await fetch(plane.url + url, {
    method,
    headers: { ...headers, 'if-match': '"stale"', ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: '{"no such member":true}' } : {}),
  });
  const text = await res.text();
  if (res.ok) return 'in';
  const problem = JSON.parse(text) as Problem;
  const refused: readonly string[] = [
    'unauthenticated',
    'forbidden',
    'access_token_invalid',
    'access_token_scope_missing',
    'fleet_token_invalid',
    'cross_origin',
    'too_many_attempts',
    'internal',
  ];
  if (refused.includes(problem.code)) return problem.code;
  if (problem.code === 'not_found' && /tenant of this name|endpoint here/.test(problem.detail)) return 'not_found';
  return environment === 'theirs' && path.includes('{environment}') ? 'nowhere' : 'in';
}

test('the document says of every operation who may ask', () => {
  const kinds = new Set(['public', 'session', 'person', 'token', 'operator']);
  const silent = operations.filter(
    ({ access, path }) => !path.startsWith('/v1/auth/') && !isAction(access) && !kinds.has(access ?? ''),
  );
  expect(silent).toEqual([]);
  const described = operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
  expect(described).toEqual(expect.arrayContaining(endpoints.map(keyOf)));
  expect(operations.filter(({ access }) => isAction(access)).length).toBeGreaterThan(60);
});

test('what takes an action lies below a tenant, and every action is asked for somewhere', () => {
  const asked = operations.filter(({ access }) => isAction(access));
  expect(asked.filter(({ path }) => !path.startsWith('/v1/tenants/{tenant}'))).toEqual([]);
  const used = new Set(asked.map(({ access }) => access));
  expect(actions.filter((action) => !used.has(action))).toEqual([]);
});

/** What the handler asks for besides, of what is probed here: to remove somebody else takes more than to leave. */
const furtherActions: Readonly<Partial<Record<string, Action>>> = {
  'DELETE /v1/tenants/:tenant/members/:member': 'member.change',
};

function operationOf(key: string): Operation {
  const found = operations.find(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}` === key);
  if (found === undefined) throw new Error(`the document does not describe ${key}`);
  return found;
}

/** What each is answered, beside what they should be: equal when all is well. */
async function expectOutcomes(
  operation: Operation,
  expectations: readonly (readonly [Omit<Asker, 'expected' | 'expectedAtHome'>, Outcome])[],
): Promise<void> {
  // Tokens that do not work are asked with more often here than one address may.
  await database.query('DELETE FROM auth.attempt');
  const got = await Promise.all(
    expectations.map(async ([asker]) => [asker.name, await outcomeOf(operation, asker)] as const),
  );
  expect(Object.fromEntries(got)).toEqual(Object.fromEntries(expectations.map(([{ name }, wanted]) => [name, wanted])));
}

describe('everybody is answered as the permission table says', () => {
  const keys = endpoints.filter(({ spec }) => actionOf(spec) !== undefined).map(keyOf);
  test.each(keys)('%s', async (key) => {
    const operation = operationOf(key);
    const { access } = operation;
    if (!isAction(access)) throw new Error(`${key} takes an action, and the document says ${String(access)}`);
    const inOwn = { tenant: 'own', environment: 'production' } as const;
    const bearer = (token = ''): Record<string, string> => ({ authorization: `Bearer ${token}` });
    const further = furtherActions[key];
    await expectOutcomes(operation, [
      ...askers.map((asker) => {
        const outcome = asker.expected(operation, access);
        return [
          asker,
          outcome === 'in' && further !== undefined ? asker.expected(operation, further) : outcome,
        ] as const;
      }),
      [
        { name: 'token for this action', headers: bearer(only.get(access)), ...inOwn },
        !takesToken(operation) ? 'access_token_scope_missing' : further === undefined ? 'in' : 'forbidden',
      ],
      [
        { name: 'token for all other actions', headers: bearer(allBut.get(access)), ...inOwn },
        'access_token_scope_missing',
      ],
    ]);
  });
});

describe('what is of no tenant takes a session, a token where it says so, or an operator', () => {
  const kinds = new Set(['session', 'person', 'token', 'operator']);
  const keys = endpoints.filter(({ spec }) => kinds.has(spec.access)).map(keyOf);
  // Revoking the token of the request would end those that the others ask with: test/access-tokens.test.ts.
  test.each(keys.filter((key) => key !== 'DELETE /v1/token'))('%s', async (key) => {
    const operation = operationOf(key);
    await expectOutcomes(
      operation,
      askers.map((asker) => [asker, asker.expectedAtHome(operation)] as const),
    );
  });
});

test('what asks for a fleet token is open to no person and no access token', async () => {
  const ofFleets = operations.filter(({ security }) => security.includes('fleetToken'));
  expect(ofFleets.length).toBeGreaterThan(3);
  for (const operation of ofFleets) {
    const got = await Promise.all(askers.map(async (asker) => outcomeOf(operation, asker)));
    expect(new Set(got), operation.path).toEqual(new Set(['fleet_token_invalid']));
  }
});

test('what was probed is all still there', async () => {
  const read: Answer[] = await Promise.all(
    ['', '/environments/production', `/service-accounts/${own.values['account']}`].map(async (path) =>
      own.owner.send('GET', `/v1/tenants/own${path}`),
    ),
  );
  expect(read.map(({ status }) => status)).toEqual([200, 200, 200]);
});
