// forward-auth against a real service.
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ForwardAuthCall } from '@sluice/engine';
import { waitFor } from '@sluice/local-stack';
import { expect, onTestFinished, test } from 'vitest';
import { addressRule } from '../upstream/allowed-address.js';
import type { ForwardAuth, ForwardAuthBounds } from './forward-auth.js';
import { createForwardAuth } from './forward-auth.js';
import { createIdentityCounters, IdentityCounters } from './identity-counters.js';
import { TryClock } from './try-clock.js';

interface Tried {
  readonly auth: ForwardAuth;
  readonly seen: IncomingMessage[];
  readonly clock: TryClock;
  readonly call: (more?: Partial<ForwardAuthCall>) => ForwardAuthCall;
}

async function service(
  listener: RequestListener,
  { allow = ['127.0.0.0/8'], bounds }: { allow?: string[]; bounds?: ForwardAuthBounds } = {},
): Promise<Tried> {
  const seen: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    seen.push(req);
    listener(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const clock = new TryClock();
  const counters = new IdentityCounters(createIdentityCounters(1), 0);
  const auth = createForwardAuth(addressRule(allow), counters, { bounds, clock });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await auth.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/verify?x=1`;
  const call = (more: Partial<ForwardAuthCall> = {}): ForwardAuthCall => ({
    address,
    timeoutMs: 5000,
    cacheMs: 0,
    headers: [],
    maxBodyBytes: 1024,
    ...more,
  });
  return { auth, seen, clock, call };
}

test('the service sees the headers that it is told, and its whole answer comes back', async () => {
  const { auth, seen, call } = await service((_req, res) =>
    res.writeHead(403, { 'x-user': 'ann', 'set-cookie': ['a=1', 'b=2'] }).end('no entry'),
  );
  const headers = [
    ['x-forwarded-uri', '/orders?page=2'],
    ['cookie', 'session=1'],
    ['host', 'inside.test'],
    ['transfer-encoding', 'chunked'],
    ['accept-encoding', 'gzip'],
  ] as const;
  const fact = await auth.askForwardAuth('one', call({ headers }));
  expect(fact).toMatchObject({ state: 'answered', status: 403, body: 'no entry' });
  expect(
    fact.state === 'answered' && fact.headers.filter(([name]) => name === 'set-cookie' || name === 'x-user'),
  ).toEqual([
    ['x-user', 'ann'],
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
  ]);
  expect(seen[0]).toMatchObject({ method: 'GET', url: '/verify?x=1' });
  expect(seen[0]?.headers).toMatchObject({ 'x-forwarded-uri': '/orders?page=2', cookie: 'session=1' });
  expect(seen[0]?.headers.host).toMatch(/^127\.0\.0\.1:/);
  expect(seen[0]?.headers['transfer-encoding']).toBeUndefined();
  expect(seen[0]?.headers['accept-encoding']).toBeUndefined();
});

test('a redirect is an answer, and is not followed', async () => {
  const { auth, seen, call } = await service((_req, res) => res.writeHead(302, { location: '/login' }).end());
  expect(await auth.askForwardAuth('one', call())).toMatchObject({ state: 'answered', status: 302 });
  expect(seen.length).toBe(1);
});

test('no more is read of a body than was asked for', async () => {
  const { auth, call } = await service((_req, res) => {
    res.writeHead(200);
    const more = (): void => void (res.writable && res.write('x'.repeat(65_536), () => setImmediate(more)));
    more();
  });
  const fact = await auth.askForwardAuth('one', call({ maxBodyBytes: 1000 }));
  expect(fact.state === 'answered' && fact.body).toBe('x'.repeat(1000));
});

test('an address that is not allowed, one where nobody listens, and one that is silent are told apart', async () => {
  const { auth, call } = await service(() => undefined);
  const forbidden = await service(() => undefined, { allow: [] });
  const fault = async (asked: ForwardAuth, one: ForwardAuthCall): Promise<unknown> => {
    const fact = await asked.askForwardAuth('one', one);
    return fact.state === 'unavailable' ? fact.fault : fact.state;
  };
  expect(await fault(forbidden.auth, forbidden.call())).toBe('forbidden_address');
  expect(
    await fault(forbidden.auth, {
      ...forbidden.call(),
      address: forbidden.call().address.replace('127.0.0.1', 'localhost'),
    }),
  ).toBe('forbidden_address');
  expect(await fault(auth, call({ address: 'http://127.0.0.1:1/' }))).toBe('unreachable');
  expect(await fault(auth, call({ address: 'file:///etc/passwd' }))).toBe('unreachable');
  expect(await fault(auth, call({ timeoutMs: 200 }))).toBe('timeout');
  expect(forbidden.seen.length).toBe(0);
});

test('an answer is kept as long as it is said, for equal calls of its own tenant', async () => {
  const { auth, seen, clock, call } = await service((_req, res) => res.end('yes'));
  const one = call({ cacheMs: 1000, headers: [['cookie', 'a']] });
  const known = (tenantId: string, which = one): unknown => auth.knownForwardAuth(tenantId, which)?.state;
  expect(known('one')).toBeUndefined();
  await auth.askForwardAuth('one', one);
  expect([known('one'), known('two'), known('one', { ...one, headers: [['cookie', 'b']] })]).toEqual([
    'answered',
    undefined,
    undefined,
  ]);
  clock.pass(1000);
  expect(known('one')).toBeUndefined();
  await auth.askForwardAuth('one', call());
  expect(known('one', call())).toBeUndefined();
  expect(seen.length).toBe(2);
});

test('a service that fails is asked again', async () => {
  const { auth, call } = await service((_req, res) => res.writeHead(500).end());
  const one = call({ cacheMs: 1000 });
  expect(await auth.askForwardAuth('one', one)).toMatchObject({ state: 'answered', status: 500 });
  expect(auth.knownForwardAuth('one', one)).toBeUndefined();
});

test('an answer that sets a cookie is one caller’s own, and is not kept', async () => {
  const { auth, call } = await service((_req, res) =>
    res.writeHead(302, { location: '/login', 'set-cookie': 'state=for-one-caller' }).end(),
  );
  const one = call({ cacheMs: 1000 });
  expect(await auth.askForwardAuth('one', one)).toMatchObject({ state: 'answered', status: 302 });
  expect(auth.knownForwardAuth('one', one)).toBeUndefined();
});

test('a large answer is not kept, whether it is its body or its headers that are large', async () => {
  for (const [headers, body] of [
    [{}, 'x'.repeat(9000)],
    [{ 'x-user': 'x'.repeat(9000) }, ''],
  ] as const) {
    const { auth, call } = await service((_req, res) => res.writeHead(200, headers).end(body));
    const one = call({ cacheMs: 1000, maxBodyBytes: 65_536 });
    expect(await auth.askForwardAuth('one', one)).toMatchObject({ state: 'answered', status: 200 });
    expect(auth.knownForwardAuth('one', one)).toBeUndefined();
  }
});

test('a tenant whose service hangs is refused above its bound, and another is served', async () => {
  const { auth, seen, call } = await service(
    (req, res) => {
      if (req.headers['x-tenant'] === 'fast') res.end('yes');
    },
    { bounds: { connections: 4, open: 8 } },
  );
  const slow = Array.from({ length: 20 }, async () => auth.askForwardAuth('slow', call({ timeoutMs: 3000 })));
  const refused = await Promise.all(slow.slice(8));
  expect(new Set(refused.map((fact) => fact.state === 'unavailable' && fact.fault))).toEqual(new Set(['busy']));
  expect(await auth.askForwardAuth('fast', call({ headers: [['x-tenant', 'fast']] }))).toMatchObject({ status: 200 });
  await waitFor(() => seen.length === 5, { what: 'four hang, and one was answered' });
  expect(
    new Set((await Promise.all(slow.slice(0, 8))).map((fact) => fact.state === 'unavailable' && fact.fault)),
  ).toEqual(new Set(['timeout']));
});
