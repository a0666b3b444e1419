// Upstreams whose targets break, behind a real gateway of two threads: what clients notice of it, and for how long.
import type { RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

let stack: Stack;
let gateway: GatewayProcess;
const targets: BreakingTarget[] = [];

/** A target that a test takes down and brings back, at one address. */
class BreakingTarget {
  seen = 0;
  answer: RequestListener = (_req, res) => void res.end(this.url);
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const server = createServer((req, res) => {
      this.seen += 1;
      this.answer(req, res);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server?.close(() => resolve()));
    this.#server?.closeAllConnections();
    await closed;
  }
}

async function targetsOf(count: number): Promise<BreakingTarget[]> {
  const made = Array.from({ length: count }, () => new BreakingTarget());
  await Promise.all(made.map(async (target) => target.start()));
  targets.push(...made);
  return made;
}

const urls = (of: readonly BreakingTarget[]) => of.map(({ url }) => ({ url }));
const fail =
  (status: number): RequestListener =>
  (_req, res) =>
    void res.writeHead(status).end();

/** Puts one upstream in force, behind every path, and forgets what was seen. */
async function publish(spec: Parameters<typeof documentOf>[0][string], more: object = {}): Promise<void> {
  stack.feed.publish(documentOf({ main: spec, ...more }, [routeTo('main', '/')]));
  await stack.untilCaughtUp();
}

/** The answers' statuses to so many requests, one after the other. */
async function statuses(count: number, headers: Readonly<Record<string, string>> = {}): Promise<number[]> {
  const all: number[] = [];
  for (let turn = 0; turn < count; turn += 1) all.push((await gateway.send('/', { headers })).status);
  return all;
}

const failures = (all: readonly number[]): number => all.filter((status) => status >= 500).length;

beforeAll(async () => {
  stack = await Stack.start();
  gateway = await stack.readyGateway();
});
afterAll(async () => {
  await stack.stop();
  await Promise.all(targets.map(async (target) => target.stop()));
});

describe('a target that is dead', () => {
  test('costs no request anything, is ejected, and serves again when it is back', async () => {
    const [dead, well] = (await targetsOf(2)) as [BreakingTarget, BreakingTarget];
    await publish({ targets: urls([dead, well]), ejection: { baseMs: 1000 } });
    await dead.stop();
    expect(failures(await statuses(40))).toBe(0);
    expect(await gateway.metric('sluice_upstream_ejections_total{cause="connect-failures"}')).toBeGreaterThanOrEqual(1);
    await waitFor(() => stateOf(dead) === 'ejected', { what: 'the control plane is told of it' });
    await dead.start();
    const before = dead.seen;
    await waitFor(
      async () => {
        expect(failures(await statuses(2))).toBe(0);
        return dead.seen > before;
      },
      { what: 'it serves again' },
    );
    await waitFor(() => stateOf(dead) === 'healthy', { what: 'the control plane is told that it is back' });
  });
});

describe('a target that answers 500', () => {
  test('is ejected by the first, and no other request fails', async () => {
    const [broken, well] = (await targetsOf(2)) as [BreakingTarget, BreakingTarget];
    broken.answer = fail(500);
    await publish({ targets: urls([broken, well]), ejection: { consecutive5xx: 1 } });
    const all = await statuses(40);
    expect(failures(all)).toBe(1);
    expect(broken.seen).toBe(1);
  });

  test('stays ejected through revisions that change other upstreams, and this one', async () => {
    const [broken, well] = (await targetsOf(2)) as [BreakingTarget, BreakingTarget];
    broken.answer = fail(500);
    const spec = { targets: urls([broken, well]), ejection: { consecutive5xx: 1 } };
    await publish(spec);
    await statuses(10);
    await publish(spec, { other: well.url });
    expect(failures(await statuses(10))).toBe(0);
    await publish({ ...spec, balance: 'least-request', timeoutMs: 5000 });
    expect(failures(await statuses(10))).toBe(0);
    expect(broken.seen).toBe(1);
  });

  test('is used all the same where as many are ejected as may be', async () => {
    const four = await targetsOf(4);
    for (const target of four) target.answer = fail(500);
    await publish({ targets: urls(four), ejection: { consecutive5xx: 1, maxPercent: 50 } });
    await statuses(20);
    const before = four.map(({ seen }) => seen);
    await statuses(20);
    expect(four.filter(({ seen }, index) => seen > (before[index] ?? 0))).toHaveLength(2);
  });

  test('gets requests again when hardly any other is left', async () => {
    const four = await targetsOf(4);
    const [well, ...broken] = four as [BreakingTarget, ...BreakingTarget[]];
    for (const target of broken) target.answer = fail(500);
    await publish({ targets: urls(four), ejection: { consecutive5xx: 1, maxPercent: 100, panicPercent: 30 } });
    await statuses(20);
    const before = broken.map(({ seen }) => seen);
    const all = await statuses(20);
    // A quarter is well: below the threshold, it is not made to bear everything.
    expect(broken.every(({ seen }, index) => seen > (before[index] ?? 0))).toBe(true);
    expect([failures(all) > 0, well.seen > 0]).toEqual([true, true]);
  });
});

test('a canary without a healthy target falls back to stable', async () => {
  const [stable, canary] = (await targetsOf(2)) as [BreakingTarget, BreakingTarget];
  const arms = [
    { name: 'stable', upstream: 'main', weight: 0 },
    { name: 'canary', upstream: 'canary', weight: 10_000 },
  ];
  stack.feed.publish(
    documentOf({ main: stable.url, canary: { targets: urls([canary]), ejection: { baseMs: 1000 } } }, [
      routeTo('main', '/', { split: { arms } }),
    ]),
  );
  await stack.untilCaughtUp();
  expect((await gateway.send('/')).body).toBe(canary.url);
  await canary.stop();
  const all = await statuses(20);
  expect(failures(all)).toBe(3);
  expect(all.slice(3)).toEqual(Array.from({ length: 17 }, () => 200));
  expect(stable.seen).toBe(17);
  await canary.start();
  await waitFor(async () => (await gateway.send('/')).body === canary.url, { what: 'the canary is back' });
});

describe('active checks', () => {
  test('take a target out before a request meets it, and bring it back', async () => {
    const [one, two] = (await targetsOf(2)) as [BreakingTarget, BreakingTarget];
    let isWell = true;
    let checks = 0;
    one.answer = (req, res) => {
      const isCheck = req.url === '/v1/up';
      if (isCheck) checks += 1;
      res.writeHead(isWell || !isCheck ? 200 : 503).end(one.url);
    };
    const health = { path: '/up', intervalMs: 1000, timeoutMs: 500, unhealthyAfter: 2, healthyAfter: 1 };
    await publish({ targets: urls([one, two]).map(({ url }) => ({ url: `${url}/v1` })), health });
    await waitFor(() => checks > 0, { what: 'it is checked' });
    expect(new Set(await bodies(6))).toEqual(new Set([one.url, two.url]));
    isWell = false;
    await waitFor(() => stateOf(one, '/v1') === 'unhealthy', { what: 'it is out' });
    expect(new Set(await bodies(6))).toEqual(new Set([two.url]));
    isWell = true;
    await waitFor(() => stateOf(one, '/v1') === 'healthy', { what: 'it is back' });
    expect(new Set(await bodies(6))).toEqual(new Set([one.url, two.url]));
    expect(await gateway.metric('sluice_upstream_checks_total{outcome="bad"}')).toBeGreaterThanOrEqual(2);
  });
});

describe('balancing', () => {
  test('least-request gives a slow target hardly anything', async () => {
    const [slow, quick] = (await targetsOf(2)) as [BreakingTarget, BreakingTarget];
    const held: ServerResponse[] = [];
    slow.answer = (_req, res) => void held.push(res);
    await publish({ targets: urls([slow, quick]), balance: 'least-request' });
    const open = Array.from({ length: 60 }, async () => gateway.send('/'));
    await waitFor(() => quick.seen + slow.seen === 60, { what: 'all have arrived' });
    for (let turn = 0; turn < 40; turn += 1) open.push(gateway.send('/'));
    await waitFor(() => quick.seen + slow.seen === 100, { what: 'all have arrived' });
    const before = slow.seen;
    // With those in flight on it, it is out of the question while the other one has none.
    expect(failures(await statuses(20))).toBe(0);
    expect(slow.seen).toBe(before);
    for (const res of held) res.end();
    await Promise.all(open);
  });

  test('consistent-hash keeps users with their target, and moves those of a dead one alone', async () => {
    const three = await targetsOf(3);
    await publish({ targets: urls(three), balance: 'consistent-hash', hashBy: 'header:x-user' });
    const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);
    const owners = async (): Promise<string[]> => {
      const all: string[] = [];
      for (const user of users) all.push((await gateway.send('/', { headers: { 'x-user': user } })).body);
      return all;
    };
    const before = await owners();
    expect(await owners()).toEqual(before);
    expect(new Set(before).size).toBe(3);
    const [dead] = three as [BreakingTarget];
    await dead.stop();
    const after = await owners();
    expect(after.filter((url, index) => url !== before[index]).length).toBe(
      before.filter((url) => url === dead.url).length,
    );
    await dead.start();
  });
});

describe('the circuit breaker', () => {
  test('answers upstream_overloaded at once, over all threads, and lets in again what there is room for', async () => {
    const [target] = (await targetsOf(1)) as [BreakingTarget];
    const held: ServerResponse[] = [];
    target.answer = (_req, res) => void held.push(res);
    await publish({ targets: urls([target]), limits: { requests: 4 } });
    const first = Array.from({ length: 4 }, async () => gateway.send('/'));
    await waitFor(() => held.length === 4, { what: 'the upstream has as much as it may' });
    for (let turn = 0; turn < 6; turn += 1) {
      const { status, body, headers } = await gateway.send('/');
      expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([503, 'upstream_overloaded']);
      expect(headers['retry-after']).toBe('1');
    }
    held.shift()?.end();
    await Promise.race(first);
    const next = gateway.send('/');
    await waitFor(() => target.seen === 5, { what: 'another one is let in' });
    for (const res of held) res.end();
    expect(failures((await Promise.all([...first, next])).map(({ status }) => status))).toBe(0);
    expect(await gateway.metric('sluice_upstream_refusals_total{limit="requests"}')).toBe(6);
  });
});

async function bodies(count: number): Promise<string[]> {
  const all: string[] = [];
  for (let turn = 0; turn < count; turn += 1) all.push((await gateway.send('/')).body);
  return all;
}

/** As the gateway has told last. */
function stateOf({ url }: BreakingTarget, path = ''): string | undefined {
  const { upstreams = [] } = stack.feed.healthReports.at(-1) ?? {};
  return upstreams.flatMap((upstream) => upstream.targets).find((target) => target.url === url + path)?.state;
}
