// Whatever is sent to an endpoint - to every one, made from the very document that this process serves - it answers as the document
// says: with a status, a media type and a shape that are described there, with a problem of the table, and never with a 5xx.
// Each is asked first what it lets in, and then mostly what is nearly that. The seed is fixed, so that a failure comes again;
// `FUZZ_SEED=... FUZZ_RUNS=2000` looks further. Paths that are no UTF-8 belong to no operation, and are in unreadable.test.ts.
import { problems, problemSchema } from '@sluice/contracts';
import fc from 'fast-check';
import type { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authEndpoints } from '../dist/identity/auth-endpoints.js';
import { identityOf } from '../dist/testing/gateway-identity.js';
import { fleetToken, startControlPlane, type ControlPlane } from './support/control-plane.js';
import { endpoints, filled, keyOf } from './support/endpoints.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import {
  headerText,
  hostileValue,
  malformedText,
  mutationOf,
  pathText,
  queryText,
  textOf,
} from './support/fuzz/hostile.js';
import { SchemaValues, type JsonSchema } from './support/fuzz/schema-values.js';
import { keptConnections, sendRaw, type RawAnswer, type RawRequest } from './support/fuzz/send-raw.js';
import { Person } from './support/person.js';
import { connectSuperuser, type Superuser } from './support/superuser.js';
import { validBodies, validQueries } from './support/valid-bodies.js';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 20);
/** Wide: a request waits for other tests on the same cores. */
const timeoutMs = Math.max(60_000, numRuns * 1_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_123);

interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

let plane: ControlPlane;
let database: Superuser;
let document: OpenApi;
let agent: Agent;
let own: FurnishedTenant;
let token: string;

beforeAll(async () => {
  agent = keptConnections();
  plane = await startControlPlane({ withClickHouse: true, env: { OPERATORS: 'owner@fuzzed.test' } });
  database = await connectSuperuser(plane.postgresUrl);
  own = await furnishTenant(plane, 'fuzzed');
  token = (await own.owner.ask<{ token: string }>('POST', '/v1/me/tokens', { name: 'fuzz' })).token;
  document = (await (await fetch(`${plane.url}/v1/openapi.json`)).json()) as OpenApi;
});
afterAll(async () => {
  agent.destroy();
  await database.end();
  await plane.stop();
});

const answers = new Map(endpoints.map((endpoint) => [described(keyOf(endpoint)), endpoint.spec.answer]));
for (const { path, answer } of authEndpoints) answers.set(`POST /v1/auth${path}`, answer);
const keys = [...answers.keys()];

function described(key: string): string {
  return key.replaceAll(/:(\w+)/g, '{$1}');
}

test('no operation of the document is left out', () => {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(keys.toSorted()).toEqual(operations.toSorted());
});

// What ends its own tenant, or the session that asks, is given ones of its own: the others still need theirs.
const isDestructive = (key: string): boolean =>
  /^DELETE |^PATCH \/v1\/(?:operator\/)?tenants\/\{tenant\}(?:\/environments\/\{environment\})?$|\/document\/sync$|\/promote$|\/revoke$|\/try-credential$/.test(
    key,
  );

let spares = 0;
async function tenantFor(key: string): Promise<FurnishedTenant> {
  if (!isDestructive(key) || !key.includes('{')) return own;
  spares += 1;
  return furnishTenant(plane, `spare-${spares}`);
}

async function credentialsFor(key: string, tenant: FurnishedTenant): Promise<Record<string, string>> {
  if (key.endsWith(' /v1/fleet/gateways')) return { authorization: `Bearer ${fleetToken}` };
  if (key.includes(' /v1/fleet/'))
    return { authorization: `Bearer ${await identityOf(plane.url, fleetToken, 'gw-fuzz')}` };
  if (key.includes(' /v1/token')) return { authorization: `Bearer ${token}` };
  if (key.includes(' /v1/operator/')) return { cookie: own.owner.cookies };
  if (!key.includes(' /v1/auth/')) return { cookie: tenant.owner.cookies };
  spares += 1;
  return { cookie: (await new Person(plane, `fuzz-${spares}@auth.test`).signUp()).cookies };
}

const mediaTypes = fc.oneof(
  { weight: 12, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    '',
    'text/plain',
    'application/yaml',
    'application/JSON; charset="UTF-8"',
    'application/json; charset=utf-16',
    'application/json;;=',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '*/*',
    'application/',
    '/',
  ),
);

interface Body {
  readonly type: string;
  readonly text: string;
}

function schemaOf(operation: Operation): JsonSchema | undefined {
  const schema = operation.requestBody?.content['application/json']?.schema;
  return schema?.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
}

/** Of what stands at the path, or in its list, what may be sent there: more than a schema says is right about it. */
async function standingAt(path: string, operation: Operation, tenant: FurnishedTenant): Promise<object[]> {
  const schema = schemaOf(operation);
  if (schema?.properties === undefined || document.paths[path]?.['get'] === undefined) return [];
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(tenant.values[name] ?? 'standard'),
  );
  const { body } = await tenant.owner.send<{ items?: object[] } | undefined>('GET', target);
  const named = Object.keys(schema.properties);
  return (body?.items ?? [body ?? {}]).map((thing) =>
    Object.fromEntries(Object.entries(thing).filter(([name]) => named.includes(name))),
  );
}

const validByKey = new Map(
  endpoints.map((endpoint) => {
    const key = keyOf(endpoint);
    return [described(key), { path: endpoint.path, query: validQueries[key], body: validBodies[key] }];
  }),
);

/** A request that is let in, as access.test.ts has it, where it has one; what it needs beside that is made. */
async function letIn(key: string, tenant: FurnishedTenant): Promise<{ target: string; body?: object } | undefined> {
  const valid = validByKey.get(key);
  if (valid === undefined) return undefined;
  const { path, query, body } = valid;
  const send = async (at: string, sent: object): Promise<unknown> => tenant.owner.ask('POST', at, sent);
  const values: Record<string, string> = { ...tenant.values };
  const unused = /^DELETE .*\/environments\/\{environment\}\/(?<kind>upstream|api|plan)s\/\{\w+\}$/.exec(key)?.groups?.[
    'kind'
  ];
  if (unused !== undefined) {
    const made = validBodies[`POST /v1/tenants/:tenant/environments/:environment/${unused}s`] ?? {};
    await send(`${tenant.base}/${unused}s`, made);
    values[unused] = 'name' in made ? String(made.name) : '';
  }
  if (key.endsWith('/promote') || key === 'DELETE /v1/tenants/{tenant}/environments/{environment}')
    await send(`/v1/tenants/${values['tenant']}/environments`, { name: 'other' });
  if (key.endsWith('/promote') || (key.startsWith('DELETE ') && key.endsWith('{environment}')))
    values['environment'] = 'other';
  // It refuses to publish what others have left in the draft.
  if (key.endsWith('/first-run')) await send(`${tenant.base}/publish`, {});
  const asked = /^DELETE .*\/tenants\/\{tenant\}$/.test(key) ? `confirm=${values['tenant']}` : query;
  const target = filled(path, values) + (asked === undefined ? '' : `?${asked}`);
  if (key.endsWith('/promote')) return { target, body: { from: 'production', to: 'draft' } };
  // Less would take away what subscriptions use.
  if (key.endsWith('/document/sync'))
    return { target, body: await tenant.owner.ask<object>('GET', `${tenant.base}/document`) };
  if (key.endsWith('/credentials/revoke')) return { target, body: { credentials: [values['credential']] } };
  return { target, ...(body === undefined ? {} : { body }) };
}

/** What must be new each time. */
const fresh: Readonly<Record<string, (number: number) => string>> = {
  name: (number) => `new-${number}`,
  slug: (number) => `new-${number}`,
  email: (number) => `new-${number}@members.test`,
  host: (number) => `new-${number}.fuzzed.test`,
};

function likeOneOf(standing: readonly object[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...standing), fc.option(fc.nat({ max: 10_000 }), { freq: 1 }))
    .map(([thing, number]) =>
      number === null
        ? thing
        : Object.fromEntries(
            Object.entries(thing).map(([name, value]: [string, unknown]) => [name, fresh[name]?.(number) ?? value]),
          ),
    );
}

function bodies(
  operation: Operation,
  values: SchemaValues,
  standing: readonly object[],
): fc.Arbitrary<Body | undefined> {
  const schema = schemaOf(operation);
  const type = mediaTypes;
  const hostile = fc.record({ type, text: fc.oneof(malformedText, hostileValue.map(textOf)) });
  if (schema === undefined)
    return fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: hostile });
  const valid = standing.length === 0 ? values.of(schema) : fc.oneof(values.of(schema), likeOneOf(standing));
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ type: fc.constant('application/json'), text: valid.map(textOf) }) },
    { weight: 8, arbitrary: fc.record({ type, text: mutationOf(valid).map(textOf) }) },
    { weight: 3, arbitrary: hostile },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

function targets(
  path: string,
  operation: Operation,
  values: SchemaValues,
  tenant: FurnishedTenant,
): fc.Arbitrary<string> {
  const parameters = operation.parameters ?? [];
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const given = tenant.values[name] ?? 'standard';
    return fc.oneof({ weight: 12, arbitrary: fc.constant(given) }, { weight: 1, arbitrary: pathText });
  });
  const pairs = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required = false, schema = {} }) => {
      const valid = values
        .of(schema)
        .map(String)
        .filter((text) => text.isWellFormed());
      const pair = fc
        .oneof({ weight: 5, arbitrary: valid }, queryText)
        .map((text) => `${name}=${encodeURIComponent(text)}`);
      return fc.oneof(
        { weight: 3, arbitrary: fc.array(pair, { minLength: required ? 1 : 0, maxLength: 1 }) },
        fc.array(pair, { maxLength: 2 }),
      );
    });
  const others = fc.oneof(
    { weight: 8, arbitrary: fc.constant('') },
    fc.constantFrom('__proto__=1', 'a[b]=1', '&&=&', '%zz=%', '%', 'limit=1&limit=2', 'x=%ff', 'constructor=1', '?'),
  );
  return fc.tuple(fc.tuple(...inPath), fc.tuple(...pairs), others).map(([filling, queries, other]) => {
    let index = 0;
    const filled = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(filling[index++] ?? ''));
    const query = [...queries.flat(), ...(other === '' ? [] : [other])].join('&');
    return query === '' ? filled : `${filled}?${query}`;
  });
}

const strangeCredentials: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constant({}),
  fc
    .oneof(
      headerText,
      headerText.map((text) => `Bearer ${text}`),
    )
    .map((authorization) => ({ authorization })),
  headerText.map((text) => ({ cookie: `better-auth.session_token=${text}; ${text}` })),
);
const furtherHeaders: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  fc.constantFrom(
    'if-match',
    'if-none-match',
    'idempotency-key',
    'accept',
    'accept-encoding',
    'origin',
    'sec-fetch-site',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-request-id',
    'traceparent',
    'range',
    'user-agent',
  ),
  fc.oneof(headerText, fc.constantFrom('"x"', 'same-origin', 'http://localhost:3000', 'application/yaml', '127.0.0.1')),
  { maxKeys: 2 },
);

/** What the document does not say of the answer: nothing, when all is well. */
function undescribed(operation: Operation, { status, type, text }: RawAnswer, shape: unknown): string | undefined {
  if (status >= 500) return 'broke';
  const response = operation.responses[status];
  if (response === undefined) return 'has a status that is not described';
  const media = type?.split(';', 1)[0];
  if (text === '' && type === undefined)
    return status === 204 || response.content === undefined ? undefined : 'is empty';
  if (media === undefined || response.content?.[media] === undefined) return 'has a media type that is not described';
  if (media === 'application/problem+json') {
    const problem = problemSchema.safeParse(JSON.parse(text));
    if (!problem.success) return `is no problem: ${problem.error.message}`;
    return problems[problem.data.code].status === status ? undefined : "has another status than its problem's";
  }
  if (media !== 'application/json' || !isSchema(shape)) return undefined;
  const parsed = shape.safeParse(JSON.parse(text));
  return parsed.success ? undefined : `has another shape: ${String(parsed.error)}`;
}

function isSchema(shape: unknown): shape is { safeParse(value: unknown): { success: boolean; error?: unknown } } {
  return typeof shape === 'object' && shape !== null && 'safeParse' in shape;
}

async function ask(sent: RawRequest): Promise<RawAnswer> {
  const answer = await sendRaw(plane.url, agent, sent);
  if (answer.status !== 429) return answer;
  // Otherwise nothing but the counter of attempts would be tried from here on.
  await database.query('DELETE FROM auth.attempt');
  return sendRaw(plane.url, agent, sent);
}

// To be let in, these need what other files make: a deleted tenant, a second step, a gateway with its key, a record of a request.
const needsMore =
  /^POST \/v1\/auth\/|\/fleets?\/|\/restore$|\/two-factor-removals$|\/requests\/\{request\}$|^POST \/v1\/me\/deletion$|^DELETE .*\/developers\/\{developer\}$/;

describe('whatever is sent, the answer is one that the document describes', () => {
  test.each(keys)(
    '%s',
    async (key) => {
      const [method = '', path = ''] = key.split(' ');
      const operation = document.paths[path]?.[method.toLowerCase()];
      if (operation === undefined) throw new Error(`the document does not describe ${key}`);
      const tenant = await tenantFor(key);
      const good = await credentialsFor(key, tenant);
      const values = new SchemaValues(document.components.schemas, [
        ...Object.values(tenant.values),
        'http://one.test',
      ]);
      const valid = await letIn(key, tenant);
      const standing = await standingAt(path, operation, tenant);
      if (valid?.body !== undefined) standing.push(valid.body);
      const request = fc
        .record({
          target: targets(path, operation, values, tenant),
          credentials: fc.oneof(
            { weight: 14, arbitrary: fc.constant(good) },
            { weight: 1, arbitrary: strangeCredentials },
          ),
          further: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: furtherHeaders }),
          body: bodies(operation, values, standing),
        })
        .map(({ target, credentials, further, body }): RawRequest => ({
          method,
          target,
          headers: { ...further, ...credentials, ...(body === undefined ? {} : { 'content-type': body.type }) },
          body: body?.text,
        }));
      const example: RawRequest | undefined = valid && {
        method,
        target: valid.target,
        headers: { ...good, ...(valid.body === undefined ? {} : { 'content-type': 'application/json' }) },
        body: valid.body === undefined ? undefined : JSON.stringify(valid.body),
      };
      const statuses = new Set<number>();
      await fc.assert(
        fc.asyncProperty(request, async (sent) => {
          const answer = await ask(sent);
          statuses.add(answer.status);
          const fault = undescribed(operation, answer, answers.get(key));
          if (fault !== undefined)
            throw new Error(`${answer.status} ${String(answer.type)} ${fault}: ${answer.text.slice(0, 800)}`);
        }),
        { numRuns, seed, examples: example === undefined ? [] : [[example]] },
      );
      expect(needsMore.test(key) || [...statuses].some((status) => status < 300), 'it was let in').toBe(true);
    },
    timeoutMs,
  );
});
