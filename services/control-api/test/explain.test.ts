// Explanations of requests that were never sent, beside a real gateway that gets them: both must say the same, and asking
// must cost nothing.
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zstdDecompressSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import {
  rowToRecord,
  type CredentialWithKey,
  type ExplainBody,
  type ExplanationOfRequest,
  type PortalExplanation,
  type Problem,
  type QuickStart,
  type RequestRecord,
} from '@sluice/contracts';
import { bootTestServers, freePort, startProcess, waitFor, type RunningProcess } from '@sluice/local-stack';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAnother } from './support/another-process.js';
import { fleetToken, startControlPlane, type ControlPlane } from './support/control-plane.js';
import { furnishTenant, type FurnishedTenant } from './support/furnished-tenant.js';
import { Person } from './support/person.js';

const gatewayMain = fileURLToPath(new URL('../../../gateway/dist/main.js', import.meta.url));
const dailyUnits = 3;
let servers: Awaited<ReturnType<typeof bootTestServers<{ redis: true }>>>;
let plane: ControlPlane;
let gateway: RunningProcess;
let gatewayUrl: string;
let upstream: Server;
let redis: Redis;
let acme: FurnishedTenant;
let host: string;
let key: CredentialWithKey;
/** Of another application. */
let spent: CredentialWithKey;

beforeAll(async () => {
  servers = await bootTestServers({ redis: true });
  redis = new Redis(servers.redis.url);
  upstream = createServer((_, res) => res.end('served')).listen(0, '127.0.0.1');
  plane = await startControlPlane({ env: { REDIS_LIMITS_URL: await urlOfReader() } });
  acme = await furnishTenant(plane, 'acme');
  host = 'acme.localhost';
  await furnish();
  [gateway, gatewayUrl] = await startGateway();
});
afterAll(async () => {
  await gateway?.stop();
  await plane?.stop();
  redis?.disconnect();
  upstream?.close();
  await servers?.stop();
});

/** Redis for one who may look at everything there and change nothing; what it refuses it keeps in its log. */
async function urlOfReader(): Promise<string> {
  await redis.call('ACL', 'SETUSER', 'reader', 'on', '>of-tests', '~*', '+@read', '+@connection', '+time', '+info');
  const url = new URL(servers.redis.url);
  [url.username, url.password] = ['reader', 'of-tests'];
  return url.href;
}

async function furnish(): Promise<void> {
  const { owner, base, values } = acme;
  const { port } = upstream.address() as AddressInfo;
  for (const name of ['orders-v1', 'orders-v2'])
    await owner.ask('PUT', `${base}/upstreams/${name}`, { targets: [{ url: `http://127.0.0.1:${port}` }] });
  await owner.ask('PUT', `${base}/plans/free`, {
    title: 'Free',
    apis: ['orders'],
    limits: [{ quota: `${dailyUnits}/month`, anchor: 'subscription' }],
  });
  const arms = ['orders-v1', 'orders-v2'].map((name, index) => ({
    name: index === 0 ? 'stable' : 'canary',
    upstream: name,
    weight: 5000,
  }));
  await owner.ask('PUT', `${base}/apis/orders/routes/orders`, {
    match: { path: { prefix: '/orders' }, methods: ['GET', 'POST'] },
    strip: '/orders',
    policies: [{ 'api-key': { header: 'apikey' } }],
    split: { sticky: 'application', arms },
  });
  await owner.ask('POST', `${base}/apis/orders/routes`, {
    name: 'hidden',
    match: { path: { exact: '/orders/hidden' }, methods: ['DELETE'] },
    answer: { status: 204 },
  });
  await owner.ask('POST', `${base}/publish`, {});
  const newKey = async (subscription = ''): Promise<CredentialWithKey> =>
    owner.ask('POST', `${base}/subscriptions/${subscription}/credentials`, { name: 'Explained' });
  key = await newKey(values['subscription']);
  const { id } = await owner.ask<{ id: string }>('POST', `${base}/applications`, { title: 'Spends all' });
  const other = await owner.ask<{ id: string }>('POST', `${base}/applications/${id}/subscriptions`, { plan: 'free' });
  spent = await newKey(other.id);
}

async function startGateway(): Promise<[RunningProcess, string]> {
  const [port, opsPort] = [await freePort(), await freePort()];
  const running = await startProcess({
    name: 'gateway',
    command: process.execPath,
    args: [gatewayMain],
    env: {
      GATEWAY_ID: 'gw-explain',
      HOST: '127.0.0.1',
      PORT: String(port),
      OPS_PORT: String(opsPort),
      CONTROL_URL: plane.url,
      FLEET_TOKEN: fleetToken,
      REDIS_LIMITS_URL: servers.redis.url,
      REDIS_QUEUE_URL: servers.redis.url,
      DATA_DIR: `${servers.dir}/gateway`,
      UPSTREAM_ALLOW: '127.0.0.0/8',
      SHIP_BOUND_MS: '100',
    },
    readyUrl: `http://127.0.0.1:${opsPort}/readyz`,
    readyTimeoutMs: 60_000,
  });
  return [running, `http://127.0.0.1:${port}`];
}

async function explained(body: Partial<ExplainBody>, person = acme.owner): Promise<ExplanationOfRequest> {
  return person.ask('POST', `${acme.base}/explain`, { url: `http://${host}/orders/7`, ...body });
}

/** To the gateway. */
async function sent(body: Partial<ExplainBody>): Promise<{ status: number; id: string }> {
  const url = new URL(body.url ?? `http://${host}/orders/7`);
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gatewayUrl);
    const req = request({
      host: hostname,
      port,
      path: url.pathname + url.search,
      method: body.method ?? 'GET',
      headers: { host: url.host, ...body.headers },
      agent: false,
    });
    req.once('response', (res) => {
      res.resume();
      resolve({ status: res.statusCode ?? 0, id: String(res.headers['x-sluice-request-id']) });
    });
    req.once('error', reject);
    req.end();
  });
}

async function recordOf(id: string): Promise<RequestRecord> {
  return waitFor(async () => (await records()).find((one) => one.id.replaceAll('-', '') === id.slice(4)), {
    what: `the record of ${id} is in the queue`,
  });
}

/** Every record that the gateway has shipped so far. */
async function records(): Promise<RequestRecord[]> {
  const jobs = (await redis.keys('bull:segments:*')).filter((name) => /:boot_[^:]*$/.test(name));
  const found: RequestRecord[] = [];
  for (const job of jobs) {
    const { rows } = JSON.parse((await redis.hget(job, 'data')) ?? '{}') as { rows?: string };
    if (rows === undefined) continue;
    for (const line of zstdDecompressSync(Buffer.from(rows, 'base64')).toString().trim().split('\n')) {
      const row = line === '' ? undefined : rowToRecord(JSON.parse(line)).data;
      if (row !== undefined) found.push(row);
    }
  }
  return found;
}

/** How much a gateway held of a limit at that moment is no part of why. */
function timeless(reasons: readonly object[]): object[] {
  return reasons.map((reason) =>
    Object.fromEntries(Object.entries(reason).filter(([field]) => field !== 'leased' && field !== 'resetMs')),
  );
}

async function expectSame(body: Partial<ExplainBody>, by?: CredentialWithKey): Promise<ExplanationOfRequest> {
  const explanation = await explained({ ...body, ...(by === undefined ? {} : { credential: by.id }) });
  const headers = { ...body.headers, ...(by === undefined ? {} : { apikey: by.key }) };
  const { status, id } = await sent({ ...body, headers });
  const record = await recordOf(id);
  expect({
    code: explanation.code ?? '',
    api: explanation.api ?? '',
    route: explanation.route ?? '',
    plan: explanation.plan ?? '',
    credential: explanation.credentialId ?? '',
    subscription: explanation.subscriptionId ?? '',
    application: explanation.applicationId ?? '',
    upstream: explanation.forward?.upstream ?? '',
    arm: explanation.forward?.arm ?? '',
    armReason: explanation.forward?.armReason ?? '',
    status: explanation.status ?? 200,
    reasons: timeless(explanation.facts),
  }).toEqual({
    code: record.code,
    api: record.api,
    route: record.route,
    plan: record.plan,
    credential: record.credential_id,
    subscription: record.subscription_id,
    application: record.application_id,
    upstream: record.upstream,
    arm: record.arm,
    armReason: record.arm_reason,
    status,
    reasons: timeless(JSON.parse(record.reasons) as object[]),
  });
  return explanation;
}

describe('the same facts give the same decision in the gateway and in an explanation', () => {
  test('of a request with a good key', async () => {
    const explanation = await expectSame({}, key);
    expect(explanation).toMatchObject({ kind: 'forward', forward: { path: '/7', armReason: 'arm_by_application' } });
    expect(explanation.forward?.requestHeaders.remove).toContain('apikey');
    expect(explanation.limits).toMatchObject([{ kind: 'quota', units: dailyUnits, cost: 1, left: dailyUnits }]);
  });

  test.each([
    ['without a key', {}],
    ['with a key that nobody has issued', { headers: { apikey: 'slc_nobody' } }],
    ['by a method that the route does not take', { method: 'PUT' }],
    ['for a path that nothing matches', { url: 'http://acme.localhost/elsewhere' }],
    ['that the gateway answers by itself', { method: 'DELETE', url: 'http://acme.localhost/orders/hidden' }],
  ] as const)('of a request %s', async (_, body) => {
    await expectSame(body);
  });

  test('of a request beyond the limit, without taking anything from it', async () => {
    for (let asked = 0; asked < 3; asked += 1) await explained({ credential: spent.id });
    for (let used = 0; used < dailyUnits; used += 1)
      expect((await sent({ headers: { apikey: spent.key } })).status).toBe(200);
    const explanation = await expectSame({}, spent);
    expect(explanation).toMatchObject({ kind: 'answer', status: 429, code: 'limit_exceeded', limits: [{ left: 0 }] });
    expect(explanation.reasons.at(-1)).toMatchObject({ code: 'limit_used_up' });
  });

  test('of a request with a key that was revoked', async () => {
    const { owner, base } = acme;
    const other = await owner.ask<CredentialWithKey>(
      'POST',
      `${base}/subscriptions/${acme.values['subscription']}/credentials`,
      { name: 'Revoked' },
    );
    await owner.ask('DELETE', `${base}/credentials/${other.id}`);
    expect(await explained({ credential: other.id })).toMatchObject({ status: 401, code: 'credential_revoked' });
    expect(await explained({ headers: { apikey: other.key } })).toMatchObject({ code: 'credential_revoked' });
  });
});

test('an explanation changes nothing in Redis', async () => {
  const { limits } = await explained({ credential: key.id });
  expect(limits).toMatchObject([{ left: expect.any(Number) as unknown }]);
  expect(await redis.call('ACL', 'LOG')).toEqual([]);
});

test('the draft is explained before it is published, and what is live stays as it is', async () => {
  const { owner, base } = acme;
  await owner.ask('POST', `${base}/apis/orders/routes`, {
    name: 'moved',
    match: { path: { exact: '/old' } },
    redirect: { to: '/orders', status: 301 },
  });
  const url = `http://${host}/old`;
  expect(await explained({ url })).toMatchObject({ on: 'live', code: 'no_route' });
  const draft = await explained({ url, on: 'draft' });
  expect(draft).toMatchObject({ on: 'draft', kind: 'answer', status: 301, code: null, route: 'moved', refusals: [] });
  expect(draft.answer?.headers).toContainEqual(['location', expect.stringContaining('/orders')]);
});

test('a token is explained by its claims alone, and a real one is taken for well signed and says so', async () => {
  const { owner, base } = acme;
  const secret = 'a-shared-secret-of-more-than-32-bytes';
  await owner.ask('PUT', `${base}/secrets/login`, { value: secret });
  await owner.ask('PUT', `${base}/secrets/backend`, { value: 'Bearer planted-backend-token' });
  await owner.ask('POST', `${base}/apis/orders/routes`, {
    name: 'token',
    match: { path: { exact: '/token' } },
    policies: [
      { jwt: { issuers: [{ issuer: 'https://login.test', keys: [{ secret: 'secret:login' }] }] } },
      { headers: { request: { set: { 'x-backend-auth': 'secret:backend' } } } },
    ],
    split: { arms: [{ name: 'stable', upstream: 'orders-v1', weight: 10_000 }] },
  });
  const url = `http://${host}/token`;
  const claims = { iss: 'https://login.test', sub: 'ada', exp: Date.parse('2030-01-01T00:00:00Z') / 1000 };
  const good = await explained({ url, on: 'draft', claims });
  expect(good.forward?.requestHeaders.set).toContainEqual(['x-backend-auth', 'secret:backend']);
  for (const value of [secret, Buffer.from(secret).toString('base64url'), 'planted-backend-token'])
    expect(JSON.stringify(good)).not.toContain(value);
  expect(good.undecidable.map(({ what }) => what)).not.toContain('signature');
  const late = await explained({ url, on: 'draft', claims, at: '2031-01-01T00:00:00Z' });
  expect(late).toMatchObject({ status: 401, code: 'token_expired' });
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'HS256' })}.${part(claims)}.c2lnbmVk`;
  const real = await explained({ url, on: 'draft', headers: { Authorization: `Bearer ${token}` } });
  expect(real).toMatchObject({ kind: 'forward' });
  expect(real.undecidable.map(({ what }) => what)).toContain('signature');
});

test('a host of somebody else is unknown, whoever it belongs to', async () => {
  expect(await explained({ url: 'http://nobody.localhost/orders' })).toMatchObject({
    status: 404,
    code: 'unknown_host',
  });
});

test('a path that no gateway lets in is refused by name of the field', async () => {
  const { body, status } = await acme.owner.send<Problem>('POST', `${acme.base}/explain`, {
    url: `http://${host}/a%2Fb`,
  });
  expect({ status, code: body.code, pointer: body.errors?.[0]?.pointer }).toEqual({
    status: 400,
    code: 'invalid_body',
    pointer: '/url',
  });
});

describe('a consumer', () => {
  let consumer: Person;
  let application: string;
  beforeAll(async () => {
    consumer = await new Person(plane, 'dev@consumer.test').signUp();
    const started = await consumer.ask<QuickStart>('POST', '/v1/portal/acme/quick-start', { plan: 'free' });
    application = started.application.id;
  });
  const ask = async (body: object, id = application): Promise<{ status: number; body: PortalExplanation & Problem }> =>
    consumer.send('POST', `/v1/portal/acme/applications/${id}/explain`, { url: `http://${host}/orders/7`, ...body });

  test('is told what would come of an own request, and nothing of the inside', async () => {
    const { status, body } = await ask({});
    expect({ status, kind: body.kind }).toEqual({ status: 200, kind: 'forward' });
    expect(body.limits).toMatchObject([{ units: dailyUnits, left: dailyUnits }]);
    const limits = body.limits.map((limit) => ({ ...limit, resetMs: 0 }));
    const text = JSON.stringify({ ...body, limits }).replaceAll(/_[0-9a-f]{32}\b/g, '');
    for (const inside of ['orders-v1', 'orders-v2', 'hidden', 'bucket', '5000', '50 %', 'weight', 'revision'])
      expect(text).not.toContain(inside);
  });

  test("cannot ask for somebody else's application, credential or key", async () => {
    const own = acme.values;
    expect((await ask({}, own['application'])).body.code).toBe('not_found');
    expect((await ask({ credential: key.id })).body.code).toBe('not_found');
    expect((await ask({ headers: { apikey: key.key } })).body.code).toBe('not_found');
  });

  test('cannot ask about the draft, nor assume what only the provider may', async () => {
    for (const more of [{ on: 'draft' }, { claims: {} }, { forwardAuth: { status: 200 } }])
      expect((await ask(more)).body.code).toBe('invalid_body');
  });
});

test('without Redis what is left is not known, and the answer says so', async () => {
  const { REDIS_LIMITS_URL: _, ...env } = plane.env;
  const alone = await startAnother({ env });
  try {
    const asker = new Person({ ...plane, url: alone.url }, acme.owner.email);
    const body = { url: `http://${host}/orders/7`, credential: key.id };
    const explanation = await asker.ask<ExplanationOfRequest>('POST', `${acme.base}/explain`, body, {
      cookie: acme.owner.cookies,
    });
    expect(explanation).toMatchObject({ kind: 'forward', limits: [{ left: null, resetMs: null }] });
    expect(explanation.undecidable.map(({ what }) => what)).toContain('budget');
  } finally {
    await alone.process.stop();
  }
});
