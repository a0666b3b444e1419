import {
  ejectionSpecSchema,
  healthSpecSchema,
  upstreamCreateSchema,
  upstreamLimitsSchema,
  upstreamSpecSchema,
  upstreamTimeoutsSchema,
  upstreamTlsSchema,
} from '@sluice/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyTarget, emptyUpstream, upstreamDraftOf, upstreamOf } from './upstream-draft';

const stamps = { id: `up_${'0'.repeat(32)}`, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
const integer = (min: number, max: number) => fc.integer({ min, max });
const part = (schema: { parse: (part: unknown) => object }, model: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(model, { requiredKeys: [] }).map((written) => schema.parse(written));
const health = {
  path: fc.constantFrom('/', '/up?deep=1'),
  intervalMs: integer(60_000, 3_600_000),
  timeoutMs: integer(50, 10_000),
  unhealthyAfter: integer(1, 20),
  healthyAfter: integer(1, 20),
  statuses: fc.array(fc.oneof(integer(200, 599), fc.constantFrom('2xx', '3xx', '4xx')), {
    minLength: 1,
    maxLength: 20,
  }),
};
const ejection = {
  consecutive5xx: integer(0, 1000),
  consecutiveGatewayErrors: integer(0, 1000),
  consecutiveConnectFailures: integer(0, 1000),
  baseMs: integer(1000, 300_000),
  maxMs: integer(300_000, 86_400_000),
  maxPercent: integer(0, 100),
  panicPercent: integer(0, 100),
};
const limits = {
  connections: integer(1, 100_000),
  pending: integer(0, 100_000),
  requests: integer(1, 1_000_000),
  retries: integer(0, 100_000),
};
const timeouts = {
  connectMs: integer(1, 60_000),
  idleMs: integer(1, 86_400_000),
  keepAliveMs: integer(0, 3_600_000),
};
const tls = {
  ca: fc.constantFrom(
    '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n',
    '\n-----BEGIN CERTIFICATE-----',
  ),
  clientCertificate: fc.constant('to-users'),
  serverName: fc.constant('users.internal'),
  insecure: fc.boolean(),
};
const fields = {
  targets: fc.array(
    fc.record(
      {
        url: fc.constantFrom('http://users:3000', 'https://a.test/v1/'),
        weight: integer(1, 1000),
        resolve: fc.constantFrom('name', 'all'),
      },
      { requiredKeys: ['url', 'weight'] },
    ),
    { minLength: 1, maxLength: 4 },
  ),
  timeoutMs: integer(1, 600_000),
  balance: fc.constant('consistent-hash'),
  hashBy: fc.constantFrom('ip', 'application', 'header:x-user', 'cookie:Session.id'),
  health: part(healthSpecSchema, health),
  ejection: part(ejectionSpecSchema, ejection),
  limits: part(upstreamLimitsSchema, limits),
  timeouts: part(upstreamTimeoutsSchema, timeouts),
  tls: part(upstreamTlsSchema, tls),
  reuse: fc.constantFrom('tenant', 'credential'),
  identity: fc.record({ token: fc.boolean() }),
  tags: fc.subarray(['team-a', 'team-b'], { minLength: 1 }),
};
const upstream = fc.oneof(
  fc.record(fields, { requiredKeys: ['targets', 'timeoutMs', 'balance'] }),
  fc.record(
    { targets: fields.targets, balance: fc.constantFrom('round-robin', 'least-request') },
    { requiredKeys: ['targets'] },
  ),
);

test('an upstream that goes through the form comes out as it went in', () => {
  fc.assert(
    fc.property(upstream, (written) => {
      const known = { name: 'users', ...upstreamSpecSchema.parse(written) };
      expect(upstreamOf(upstreamDraftOf({ ...stamps, ...known }))).toEqual(known);
    }),
  );
});

test('what an upstream says that goes without saying is kept, too', () => {
  const written = {
    targets: [{ url: 'http://users', resolve: 'name' }],
    balance: 'consistent-hash',
    hashBy: 'ip',
    tls: {},
    reuse: 'tenant',
    identity: { token: false },
  };
  const known = { name: 'users', ...upstreamSpecSchema.parse(written) };
  expect(upstreamOf(upstreamDraftOf({ ...stamps, ...known }))).toEqual(known);
});

test('these upstreams have every field that there is', () => {
  const parts = { health, ejection, limits, timeouts, tls };
  expect(Object.keys(fields).toSorted()).toEqual(Object.keys(upstreamSpecSchema.shape).toSorted());
  for (const [name, schema] of Object.entries({
    health: healthSpecSchema,
    ejection: ejectionSpecSchema,
    limits: upstreamLimitsSchema,
    timeouts: upstreamTimeoutsSchema,
    tls: upstreamTlsSchema,
  })) {
    expect(Object.keys(parts[name as keyof typeof parts]).toSorted()).toEqual(Object.keys(schema.shape).toSorted());
  }
});

test('a name and a URL are enough, and nothing else is said', () => {
  const [target] = emptyUpstream().targets;
  const draft = {
    ...emptyUpstream(),
    name: 'users',
    targets: [{ ...emptyTarget([]), ...target, url: 'http://users' }],
  };
  expect(upstreamOf(draft)).toEqual({ name: 'users', targets: [{ url: 'http://users' }] });
  expect(upstreamCreateSchema.parse(upstreamOf(draft))).toEqual({
    name: 'users',
    targets: [{ url: 'http://users', weight: 1 }],
    timeoutMs: 30_000,
  });
});

const filled = () => ({ ...emptyUpstream(), name: 'users', targets: [{ ...emptyTarget([]), url: 'http://users' }] });

test('one number of a part is said alone, and the schema adds the others', () => {
  const draft = { ...filled(), limits: { ...filled().limits, connections: '2,048' } };
  expect(upstreamOf(draft)).toMatchObject({ limits: { connections: 2048 } });
  expect(upstreamCreateSchema.parse(upstreamOf(draft)).limits).toEqual({ connections: 2048, pending: 1024 });
});

test('a part that is emptied is no longer said', () => {
  const spec = upstreamSpecSchema.parse({ targets: [{ url: 'http://users' }], ejection: {}, health: {} });
  const draft = upstreamDraftOf({ ...stamps, name: 'users', ...spec });
  const { ejection: _, health: __, ...rest } = spec;
  expect(
    upstreamOf({ ...draft, ejection: emptyUpstream().ejection, health: { ...draft.health, isOn: false } }),
  ).toEqual({ name: 'users', ...rest });
});

test('what callers are told apart by is sent of a hash alone, and a header is sent as gateways read it', () => {
  const draft = { ...filled(), hashKind: 'header' as const, hashName: ' X-User ' };
  expect(upstreamOf({ ...draft, balance: 'consistent-hash' })).toMatchObject({ hashBy: 'header:x-user' });
  expect(upstreamOf({ ...draft, balance: 'least-request' })).not.toHaveProperty('hashBy');
});
