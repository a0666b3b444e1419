import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootTestServers } from '@sluice/local-stack';
import type { BootedTestServers } from '@sluice/local-stack';
import type { RequestRecord } from '@sluice/contracts';
import * as clickhouse from '../index.js';
import { recordOf, segmentOf } from '../record-fixture.js';
import { bucketMsOf } from './timeseries.js';

let servers: BootedTestServers<{ clickhouse: true }>;
let client: clickhouse.ClickHouseClient;

const minute = 60_000;
const noon = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 12 * 60 * minute;
const at = (minutes: number, ms = 0) => noon + minutes * minute + ms;
const scope = { tenantId: 'ten_a', environmentId: 'env_a', from: new Date(at(0, 30_000)), to: new Date(at(9, 1)) };

const limited = {
  arm: '',
  status: 429,
  code: 'limit_exceeded',
  upstream: '',
  target: '',
  response_bytes: 7,
  limit_left: 0,
};
const refused = {
  arm: '',
  status: 401,
  code: 'key_unknown',
  subscription_id: '',
  application_id: '',
  plan: '',
  limit_left: -1,
};
const records: RequestRecord[] = [
  ...Array.from({ length: 90 }, (_, index) => recordOf({ time: at(1, index), duration_us: (index + 1) * 1_000 })),
  ...Array.from({ length: 10 }, () => recordOf({ time: at(2), arm: 'canary', status: 503, duration_us: 500_000 })),
  ...Array.from({ length: 20 }, () => recordOf({ time: at(2), ...limited })),
  ...Array.from({ length: 5 }, () => recordOf({ time: at(3), ...refused })),
  recordOf({ time: at(4), status: 301 }),
  recordOf({ time: at(4), status: 404 }),
  // An upstream's own 429 was sent on: accepted, and yet in the 429s.
  recordOf({ time: at(4), status: 429, application_id: 'app_2', subscription_id: 'sub_2', plan: 'pro' }),
  recordOf({ time: at(8), api: 'users', route: 'all' }),
  // Outside of the range.
  recordOf({ time: at(-1) }),
  recordOf({ time: at(10) }),
  // Others'.
  ...Array.from({ length: 30 }, () => recordOf({ time: at(1), tenant_id: 'ten_b' })),
  ...Array.from({ length: 40 }, () => recordOf({ time: at(1), environment_id: 'env_b' })),
].map((record, index) => Object.assign(record, { seq: index + 1 }));
const inRange = 90 + 10 + 20 + 5 + 3 + 1;

beforeAll(async () => {
  servers = await bootTestServers({ clickhouse: true });
  const { url } = servers.clickhouse;
  await clickhouse.migrateClickHouse(url);
  client = clickhouse.createClickHouse(url);
  await clickhouse.insertSegment(client, segmentOf(0, records.slice(0, 60)));
  await clickhouse.insertSegment(client, segmentOf(1, records.slice(60)));
});
afterAll(async () => {
  await client.close();
  await servers.stop();
});

test("tile = sum of the chart's points = usage = rows = roll-up", async () => {
  const series = await clickhouse.queryTimeseries(client, scope);
  const sums = series.points.reduce(
    (sum, point) => ({ requests: sum.requests + point.requests, bytes: sum.bytes + point.responseBytes }),
    { requests: 0, bytes: 0 },
  );
  const usage = await clickhouse.queryUsage(client, scope);
  const rows = await clickhouse.countRows(client, clickhouse.wholeMinutesOf(scope));
  const rollup = await clickhouse.countRollup(client, scope);
  expect(series.totals.requests).toBe(inRange);
  expect(sums).toEqual({ requests: inRange, bytes: series.totals.responseBytes });
  expect(rows).toEqual({ rows: inRange, distinct: inRange, accepted: 104, limited: 20, refused: 5 });
  expect(rollup).toEqual({ rows: inRange, accepted: 104, limited: 20, refused: 5 });
  expect(usage.totals).toEqual({ requests: inRange, accepted: 104, limited: 20, refused: 5 });
});

test('status classes keep 429 apart from 4xx, and add up to the requests', async () => {
  const { totals } = await clickhouse.queryTimeseries(client, scope);
  expect(totals).toMatchObject({ s2xx: 91, s3xx: 1, s4xx: 6, s429: 21, s5xx: 10 });
  expect(totals.s2xx + totals.s3xx + totals.s4xx + totals.s429 + totals.s5xx).toBe(totals.requests);
});

test('every minute of the range is a point, empty ones with zeros and without a latency', async () => {
  const series = await clickhouse.queryTimeseries(client, scope);
  expect([series.bucketMs, series.from, series.to]).toEqual([
    minute,
    new Date(at(0)).toISOString(),
    new Date(at(10)).toISOString(),
  ]);
  expect(series.points.map((point) => Date.parse(point.time))).toEqual(
    Array.from({ length: 10 }, (_, index) => at(index)),
  );
  expect(series.points[6]).toMatchObject({ requests: 0, s5xx: 0, p50Ms: null, p99Ms: null });
  expect(series.newest).toBe(new Date(at(8)).toISOString());
});

test('latency is of the requests that were sent on, whatever was refused beside them', async () => {
  const series = await clickhouse.queryTimeseries(client, { ...scope, api: 'orders', route: 'list', arm: 'stable' });
  expect(series.points[1]?.p50Ms).toBeGreaterThan(43);
  expect(series.points[1]?.p50Ms).toBeLessThan(48);
  expect(series.points[3]).toMatchObject({ requests: 0, p50Ms: null });
  const canary = await clickhouse.queryTimeseries(client, { ...scope, arm: 'canary' });
  expect(canary.totals).toMatchObject({ requests: 10, p50Ms: 500, p99Ms: 500 });
});

test('an empty range answers zeros, no newest record and every bucket', async () => {
  const from = new Date(at(-300));
  const series = await clickhouse.queryTimeseries(client, { ...scope, from, to: new Date(at(-240)) });
  expect(series).toMatchObject({ newest: null, totals: { requests: 0, p50Ms: null } });
  expect(series.points.length).toBe(60);
});

test('a long range has larger buckets, whose sum is still exact', async () => {
  const week = { ...scope, from: new Date(at(0) - 7 * 86_400_000), to: new Date(at(9)) };
  const series = await clickhouse.queryTimeseries(client, week);
  expect(series.points.length).toBeLessThanOrEqual(202);
  expect(series.points.reduce((sum, point) => sum + point.requests, 0)).toBe(series.totals.requests);
  expect(series.totals.requests).toBe(inRange + 1);
  expect(bucketMsOf({ fromMs: 0, toMs: 365 * 86_400_000 })).toBe(86_400_000);
});

test("an arm's share is of what its route sent on", async () => {
  const { arms } = await clickhouse.queryArmTraffic(client, scope);
  expect(arms.map(({ route, arm, requests }) => [route, arm, requests])).toEqual([
    ['list', 'canary', 10],
    ['list', 'stable', 93],
    ['all', 'stable', 1],
  ]);
  expect(arms.find(({ arm }) => arm === 'canary')?.share).toBeCloseTo(10 / 103);
  const [canary] = (await clickhouse.queryArmTraffic(client, { ...scope, arm: 'canary' })).arms;
  expect(canary?.share).toBeCloseTo(10 / 103);
});

test('usage has a line for each subscription, and none for requests without one', async () => {
  const usage = await clickhouse.queryUsage(client, scope);
  expect(usage.subscriptions).toEqual([
    {
      subscriptionId: 'sub_1',
      applicationId: 'app_1',
      plan: 'free',
      requests: 123,
      accepted: 103,
      limited: 20,
      refused: 0,
    },
    { subscriptionId: 'sub_2', applicationId: 'app_2', plan: 'pro', requests: 1, accepted: 1, limited: 0, refused: 0 },
  ]);
  const mine = await clickhouse.queryUsage(client, { ...scope, applicationId: 'app_2' });
  expect(mine.totals.requests).toBe(1);
});

test('the pages of the request list hold every request once, the newest first, also within one millisecond', async () => {
  const seen: { id: string; time: string }[] = [];
  let after: clickhouse.RequestCursor | undefined;
  do {
    const page = await clickhouse.queryRequestList(client, {
      ...scope,
      from: new Date(at(0)),
      to: new Date(at(10)),
      limit: 7,
      after,
    });
    seen.push(...page.items.map(({ id, time }) => ({ id, time })));
    after = page.nextCursor === null ? undefined : clickhouse.parseRequestCursor(page.nextCursor);
  } while (after !== undefined);
  expect(seen.length).toBe(inRange);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(inRange);
  expect(seen.map(({ time }) => time)).toEqual(
    seen
      .map(({ time }) => time)
      .sort()
      .toReversed(),
  );
});

test('the request list filters by status, route, arm and application', async () => {
  const list = async (filter: object) =>
    (await clickhouse.queryRequestList(client, { ...scope, limit: 200, ...filter })).items.length;
  expect(await list({ status: 503 })).toBe(10);
  expect(await list({ route: 'all' })).toBe(1);
  expect(await list({ arm: 'canary', api: 'orders' })).toBe(10);
  expect(await list({ application: 'app_2' })).toBe(1);
});

test('a cursor that this list never gave out is no cursor', () => {
  for (const text of [
    '',
    'x',
    Buffer.from('[1]').toString('base64url'),
    Buffer.from(`[-1,"' OR 1=1"]`).toString('base64url'),
  ]) {
    expect(clickhouse.parseRequestCursor(text)).toBeUndefined();
  }
});

const one = records[0] ?? recordOf();
const requestId = `req_${one.id.replaceAll('-', '')}`;

test('a request is found by its id alone, with units in milliseconds and its reasons parsed', async () => {
  const found = await clickhouse.queryRequestById(client, { ...scope, requestId });
  expect(found).toMatchObject({
    id: requestId,
    durationMs: 1,
    upstreamMs: 9,
    limitLeft: 41,
    reasons: [{ code: 'route_matched' }],
  });
  expect(
    await clickhouse.queryRequestById(client, {
      ...scope,
      requestId: requestId.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    }),
  ).toBeUndefined();
  const [unlimited] = (await clickhouse.queryRequestList(client, { ...scope, status: 401, limit: 1 })).items;
  expect(unlimited?.limitLeft).toBeNull();
});

// Each function that reads tenants' rows, asked in the name of somebody else. `foreign` must contain nothing.
const questions: Record<
  string,
  (foreign: { tenantId: string; environmentId: string; from: Date; to: Date }) => Promise<number>
> = {
  queryTimeseries: async (foreign) => (await clickhouse.queryTimeseries(client, foreign)).totals.requests,
  queryArmTraffic: async (foreign) => (await clickhouse.queryArmTraffic(client, foreign)).arms.length,
  queryUsage: async (foreign) => {
    const usage = await clickhouse.queryUsage(client, foreign);
    return usage.totals.requests + usage.subscriptions.length;
  },
  queryLastUses: async (foreign) => (await clickhouse.queryLastUses(client, foreign, ['key_1'])).size,
  queryRequestList: async (foreign) =>
    (await clickhouse.queryRequestList(client, { ...foreign, limit: 200 })).items.length,
  queryRequestById: async (foreign) =>
    (await clickhouse.queryRequestById(client, { ...foreign, requestId })) === undefined ? 0 : 1,
  countRows: async (foreign) => (await clickhouse.countRows(client, foreign)).rows,
  countRollup: async (foreign) => (await clickhouse.countRollup(client, foreign)).rows,
  countPurgeable: async (foreign) =>
    Object.values(await clickhouse.countPurgeable(client, foreign)).reduce((sum, rows) => sum + rows, 0),
  queryMonthlyUse: async (foreign) =>
    (await clickhouse.queryMonthlyUse(client, foreign)).reduce((sum, { requests }) => sum + requests, 0),
};
const aboutSegments = new Set(['countSegment', 'countSegmentsSince', 'querySegmentsByBoot']);

test("no query returns another tenant's or another environment's rows", async () => {
  const exported = Object.keys(clickhouse).filter((name) => /^(query|count)/.test(name) && !aboutSegments.has(name));
  expect(Object.keys(questions).sort()).toEqual(exported.sort());
  for (const [name, ask] of Object.entries(questions)) {
    expect(await ask(scope), `${name}, own`).toBeGreaterThan(0);
    expect(await ask({ ...scope, tenantId: 'ten_c' }), `${name}, another tenant`).toBe(0);
    expect(await ask({ ...scope, environmentId: 'env_c' }), `${name}, another environment`).toBe(0);
    expect(await ask({ ...scope, tenantId: "ten_a' OR 1=1 --" }), `${name}, injected`).toBe(0);
  }
});

test('a key was last used by its newest request, whatever came of it and whenever; a try credential is not kept', async () => {
  const keys = { ...scope, environmentId: 'env_keys' };
  const used = (credential_id: string, minutes: number, more: Partial<RequestRecord> = {}) =>
    recordOf({ time: at(minutes), environment_id: 'env_keys', credential_id, ...more });
  const rows = [used('key_b', 2), used('key_a', 1), used('key_b', 7, refused), used('key_b', 3), used('try_c', 5)];
  const segment = segmentOf(
    3,
    rows.map((record, index) => Object.assign(record, { seq: index + 1 })),
  );
  // As a log-worker does that was killed before it could say that it was done.
  await clickhouse.insertSegment(client, segment);
  await clickhouse.completeSegment(client, segment);
  const ask = async (of: typeof scope) =>
    Object.fromEntries(await clickhouse.queryLastUses(client, of, ['key_a', 'key_b', 'try_c', 'key_d']));
  expect(await ask(keys)).toEqual({
    key_a: new Date(at(1)).toISOString(),
    key_b: new Date(at(7)).toISOString(),
  });
  expect(await ask({ ...keys, tenantId: 'ten_b' })).toEqual({});
});

// Streams, in an environment of their own: `begin` and `end` of one, `begin` alone of another, and a request beside them.
const streams = { ...scope, environmentId: 'env_streams' };
const stream = (over: Partial<RequestRecord>) =>
  recordOf({ time: at(5), environment_id: 'env_streams', route: 'events', duration_us: 10_000_000, ...over });
const over = stream({ status: 101, phase: 'begin', response_bytes: 40 });
const underWay = stream({ time: at(6), status: 101, phase: 'begin', response_bytes: 60 });
const streamRecords = [
  over,
  underWay,
  { ...over, phase: 'end' as const, status: 499, response_bytes: 500, duration_us: 90_000_000 },
  stream({ route: 'list', duration_us: 1000 }),
].map((record, index) => Object.assign(record, { seq: index + 1 }));
const idOf = ({ id }: { id: string }) => `req_${id.replaceAll('-', '')}`;

test('a request with two records counts once, by its end, and one under way not yet', async () => {
  await clickhouse.insertSegment(client, segmentOf(2, streamRecords));
  const rows = await clickhouse.countRows(client, clickhouse.wholeMinutesOf(streams));
  expect(rows).toEqual({ rows: 2, distinct: 2, accepted: 2, limited: 0, refused: 0 });
  const { distinct, ...counted } = rows;
  expect(await clickhouse.countRollup(client, streams)).toEqual(counted);
  const { totals } = await clickhouse.queryTimeseries(client, streams);
  expect(totals).toMatchObject({ requests: distinct, s2xx: 1, s4xx: 1, responseBytes: 600 });
  expect((await clickhouse.queryTimeseries(client, { ...streams, route: 'events' })).totals.p50Ms).toBe(90_000);
  expect((await clickhouse.queryUsage(client, streams)).totals.requests).toBe(2);
  const { arms } = await clickhouse.queryArmTraffic(client, streams);
  expect(arms.map(({ route, requests }) => [route, requests])).toEqual([
    ['events', 1],
    ['list', 1],
  ]);
});

test('the log shows a request under way as such, and one that has ended once, as it ended', async () => {
  const list = async (filter: object) =>
    (await clickhouse.queryRequestList(client, { ...streams, limit: 10, ...filter })).items.map(
      ({ id, phase, status }) => [id, phase, status],
    );
  const first = [idOf(underWay), 'begin', 101];
  expect(await list({ route: 'events' })).toEqual([first, [idOf(over), 'end', 499]]);
  expect(await list({ limit: 1 })).toEqual([first]);
  // It was 101 when it had lasted 10 s, and is not any more.
  expect(await list({ status: 101 })).toEqual([first]);
  expect(await list({ status: 499 })).toEqual([[idOf(over), 'end', 499]]);
});

test('one request, asked for by its id, is as it ended, and as it was while it goes on', async () => {
  const found = async (record: RequestRecord) =>
    clickhouse.queryRequestById(client, { ...streams, requestId: idOf(record) });
  expect(await found(over)).toMatchObject({ phase: 'end', status: 499, durationMs: 90_000, responseBytes: 500 });
  expect(await found(underWay)).toMatchObject({ phase: 'begin', status: 101, durationMs: 10_000, responseBytes: 60 });
});
