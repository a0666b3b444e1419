// More than a gateway can serve: what it refuses, whom, and how it says so.
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { host } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import type { Upstream } from './stack.js';
import { documentOf, routeTo, Stack } from './stack.js';
import { SteadyLoad } from './steady-load.js';
import { acme } from './tls-pairs.js';

let stack: Stack;
let upstream: Upstream;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  stack = await Stack.start();
  upstream = await stack.upstream((req, res) => {
    req.resume();
    req.once('end', () => res.end('ok'));
  });
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await stack.stop();
});

test('an overloaded gateway sheds the tenant that floods it, with Retry-After, and serves the other one', async () => {
  const other = { tenantId: `ten_${'2'.repeat(32)}`, environmentId: `env_${'2'.repeat(32)}` };
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]), {
    hosts: ['quiet.test'],
    owner: other,
  });
  const gateway = await stack.readyGateway({
    THREADS: '1',
    SHED_DELAY_MS: '5',
    NODE_OPTIONS: `--import ${fileURLToPath(new URL('slow-thread.ts', import.meta.url))}`,
  });
  const flood = new SteadyLoad({ path: '/open', fresh: 0, kept: 60, port: () => gateway.port });
  const quiet = new SteadyLoad({
    path: '/open',
    headers: { host: 'quiet.test' },
    fresh: 1,
    kept: 1,
    port: () => gateway.port,
  });
  await waitFor(() => (flood.statuses.get(503) ?? 0) > 200, { what: 'the flood is shed', timeoutMs: 60_000 });
  const served = quiet.answered;
  const kept = flood.statuses.get(200) ?? 0;
  await waitFor(() => quiet.answered > served + 20 && (flood.statuses.get(200) ?? 0) > kept, {
    what: 'both go on being served',
    timeoutMs: 60_000,
  });
  const answers = await Promise.all(Array.from({ length: 40 }, async () => gateway.send('/open')));
  await Promise.all([flood.stop(), quiet.stop()]);
  expect([flood.failures, quiet.failures]).toEqual([[], []]);
  expect([...quiet.statuses.keys()]).toEqual([200]);
  expect(new Set(flood.statuses.keys())).toEqual(new Set([200, 503]));
  const shed = answers.find(({ status }) => status === 503);
  expect(JSON.parse(shed?.body ?? '{}')).toMatchObject({ code: 'overloaded', status: 503, instance: '/open' });
  expect(['1', '2', '3']).toContain(shed?.headers['retry-after']);
  expect(await gateway.metric('sluice_requests_shed_total')).toBeGreaterThan(200);
  expect(await gateway.metric('sluice_problems_total{code="overloaded"}')).toBeGreaterThan(200);
  expect(await gateway.metric('sluice_thread_delay_seconds{thread="0"}')).toBeGreaterThan(0.005);
}, 180_000);

test('at MAX_CONNECTIONS those without a request make room; when all have one, who comes is told in a problem', async () => {
  const gateway = await stack.readyGateway({ THREADS: '1', MAX_CONNECTIONS: '20' });
  await Promise.all(Array.from({ length: 20 }, async () => opened(gateway, '')));
  await waitFor(async () => (await gateway.metric('sluice_connections_open')) === 20, { what: 'all are open' });
  // Slow heads and idle connections are no way to keep others out.
  expect((await gateway.send('/open')).status).toBe(200);
  expect(await gateway.metric('sluice_connections_evicted_total')).toBe(1);

  const slow = `POST /open HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 10\r\n\r\nx`;
  const bodies = await Promise.all(Array.from({ length: 20 }, async () => opened(gateway, slow)));
  await waitFor(async () => (await gateway.metric('sluice_requests_in_flight')) === 20, { what: 'all are in flight' });
  const refused = await gateway.send('/open');
  expect([refused.status, JSON.parse(refused.body).code, refused.headers.connection]).toEqual([
    503,
    'overloaded',
    'close',
  ]);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(await gateway.metric('sluice_connections_refused_total{bound="process"}')).toBe(1);
  for (const socket of bodies) socket.write('xxxxxxxxx');
  await waitFor(async () => (await gateway.metric('sluice_requests_in_flight')) === 0, { what: 'all are answered' });
  expect((await gateway.send('/open')).status).toBe(200);
});

test('at MAX_CONNECTIONS handshakes that do not come make room first, on both ports', async () => {
  const gateway = await stack.readyGateway({ THREADS: '1', MAX_CONNECTIONS: '20', ...overTls() });
  const kept = await opened(gateway, `GET /open HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await once(kept, 'data');
  const silent = await Promise.all(
    Array.from({ length: 19 }, async () => opened(gateway, '', '127.0.0.1', tlsPort(gateway))),
  );
  await waitFor(async () => (await gateway.metric('sluice_connections_open')) === 20, { what: 'all are open' });
  const openSinceMs = performance.now();
  await waitFor(() => performance.now() - openSinceMs > 1000, { what: 'they have had time to come' });
  const closed = once(silent[0] ?? kept, 'close');
  expect((await gateway.send('/open')).status).toBe(200);
  await closed;
  await waitFor(async () => (await gateway.metric('sluice_connections_open')) === 19, {
    what: 'the answered one has gone',
  });
  await opened(gateway, '');
  const secured = connectSecurely({ port: tlsPort(gateway), host: '127.0.0.1', servername: host, ca: acme.crt });
  sockets.push(secured);
  await once(secured, 'secureConnect');
  expect(await gateway.metric('sluice_connections_evicted_total')).toBe(2);
  expect([kept, ...silent.slice(0, 2)].map((socket) => socket.closed)).toEqual([false, true, true]);
});

test('MAX_CONNECTIONS_PER_ADDRESS bounds one address and no other', async () => {
  const gateway = await stack.readyGateway({ MAX_CONNECTIONS_PER_ADDRESS: '12' });
  for (let index = 0; index < 12; index += 1) await opened(gateway, '', '127.0.0.2');
  await waitFor(async () => (await gateway.metric('sluice_connections_open')) === 12, { what: 'all are open' });
  const beyond = await opened(gateway, '', '127.0.0.2');
  const [answer] = (await once(beyond, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 503 .*\r\n[\s\S]*"code":"overloaded"/);
  expect((await gateway.send('/open')).status).toBe(200);
  expect(await gateway.metric('sluice_connections_refused_total{bound="address"}')).toBe(1);
  sockets[0]?.destroy();
  await waitFor(async () => (await gateway.metric('sluice_connections_open')) === 11, { what: 'one has gone' });
  const again = await opened(gateway, `GET /open HTTP/1.1\r\nHost: ${host}\r\n\r\n`, '127.0.0.2');
  const [served] = (await once(again, 'data')) as [Buffer];
  expect(served.toString()).toMatch(/^HTTP\/1\.1 200/);
});

test('beyond its bounds the TLS port closes, and answers nobody in clear', async () => {
  const gateway = await stack.readyGateway({ MAX_CONNECTIONS_PER_ADDRESS: '1', ...overTls() });
  await opened(gateway, '');
  await waitFor(async () => (await gateway.metric('sluice_connections_open')) === 1, { what: 'one is open' });
  const beyond = await opened(gateway, '', '127.0.0.1', tlsPort(gateway));
  let bytes = '';
  beyond.on('data', (chunk: Buffer) => (bytes += chunk.toString('latin1')));
  await once(beyond, 'close');
  expect(bytes).toBe('');
  expect(await gateway.metric('sluice_connections_refused_total{bound="address"}')).toBe(1);
});

function overTls(): Record<string, string> {
  const folder = `${stack.dataDir}-certificates`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'acme.crt'), acme.crt);
  writeFileSync(join(folder, 'acme.key'), acme.key);
  return { TLS_PORT: '0', TLS_CERTIFICATES_DIR: folder };
}

const tlsPort = (gateway: GatewayProcess): number => Number(/"tlsPort":(\d+)/.exec(gateway.output)?.[1]);

async function opened(
  gateway: GatewayProcess,
  first: string,
  from = '127.0.0.1',
  port = gateway.port,
): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined).on('end', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  if (first !== '') socket.write(first);
  return socket;
}
