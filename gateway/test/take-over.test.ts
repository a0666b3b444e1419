// A new version takes the port over while the old one drains: nobody is refused or reset, limits and records stay exact.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fleetToken, host } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import type { Upstream } from './stack.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';
import { SteadyLoad } from './steady-load.js';
import { acme } from './tls-pairs.js';

let stack: Stack;
let upstream: Upstream;

beforeEach(async () => {
  stack = await Stack.start();
  upstream = await stack.upstream((_req, res) => res.end('ok'));
});
afterEach(async () => stack.stop());

test('three take-overs under load: no request fails, a limit is spent to the unit, each answer has one record', async () => {
  stack.feed.publish(
    documentOf(
      { one: upstream.url },
      [routeTo('one', '/open'), routeTo('one', '/keyed', withKey)],
      [{ window: '150/9999d' }],
    ),
  );
  stack.feed.admit('good');
  const gateway = await stack.readyGateway();
  const load = new SteadyLoad({ path: '/open', fresh: 4, kept: 4, port: () => gateway.port });
  const keyed = new SteadyLoad({
    path: '/keyed',
    headers: { 'x-api-key': 'good' },
    fresh: 1,
    kept: 1,
    port: () => gateway.port,
  });
  const pids = [gateway.pid];
  for (let generation = 1; generation <= 3; generation += 1) {
    const before = load.answered;
    await waitFor(() => load.answered > before + 50, { what: 'the load goes on' });
    pids.push(await takenOver(gateway, pids.at(-1) ?? 0));
  }
  const before = load.answered;
  await waitFor(() => load.answered > before + 50, { what: 'the last generation serves' });
  await waitFor(() => keyed.statuses.has(429), { what: 'the limit is used up', timeoutMs: 60_000 });
  await Promise.all([load.stop(), keyed.stop()]);

  expect([load.failures, keyed.failures]).toEqual([[], []]);
  expect([...load.statuses.keys()]).toEqual([200]);
  expect(keyed.statuses.get(200)).toBe(150);
  // Kept connections were told, not cut.
  expect(load.closes + keyed.closes).toBeGreaterThan(5);
  expect(new Set(pids).size).toBe(4);
  for (const pid of pids.slice(0, -1))
    await waitFor(() => !isAlive(pid), { what: 'the former generation has ended', timeoutMs: 60_000 });

  process.kill(pids.at(-1) ?? 0, 'SIGTERM');
  await gateway.exited;
  const recorded = new Map<string, number>();
  for (const text of stack.spooled())
    for (const [id] of text.matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)) {
      const key = id.replaceAll('-', '');
      recorded.set(key, (recorded.get(key) ?? 0) + 1);
    }
  const missing = [...load.requestIds, ...keyed.requestIds].filter((id) => recorded.get(id) !== 1);
  expect(missing).toEqual([]);
}, 300_000);

test('three take-overs of the TLS port under load: no connection is refused, no handshake fails', async () => {
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]));
  const gateway = await stack.readyGateway(stack.tlsEnvironment());
  const load = new SteadyLoad({
    path: '/open',
    fresh: 6,
    kept: 3,
    port: () => gateway.tlsPort,
    tls: { servername: host, ca: acme.crt },
  });
  const pids = [gateway.pid];
  for (let generation = 1; generation <= 3; generation += 1) {
    const before = load.answered;
    await waitFor(() => load.answered > before + 50, { what: 'the load goes on' });
    pids.push(await takenOver(gateway, pids.at(-1) ?? 0));
  }
  for (const pid of pids.slice(0, -1))
    await waitFor(() => !isAlive(pid), { what: 'the former generation has ended', timeoutMs: 60_000 });
  const before = load.answered;
  await waitFor(() => load.answered > before + 50, { what: 'the last generation serves' });
  await load.stop();

  expect(load.failures).toEqual([]);
  expect([...load.statuses.keys()]).toEqual([200]);
  expect(load.closes).toBeGreaterThan(2);
  expect(load.resumed).toBeGreaterThan(5);
}, 300_000);

test('a version that cannot start leaves the former one as it was', async () => {
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]));
  const file = `${stack.dataDir}-token`;
  mkdirSync(stack.dataDir, { recursive: true });
  writeFileSync(file, fleetToken);
  const gateway = await stack.readyGateway({ FLEET_TOKEN: '', FLEET_TOKEN_FILE: file });
  const kept = readFileSync(join(stack.dataDir, 'limits.json'), 'utf8');
  const load = new SteadyLoad({ path: '/open', fresh: 2, kept: 2, port: () => gateway.port });
  writeFileSync(file, 'short');
  gateway.signal('SIGUSR2');
  await waitFor(() => gateway.output.includes('the new version did not come to serve'), {
    what: 'the take-over is given up',
    timeoutMs: 60_000,
  });
  const before = load.answered;
  await waitFor(() => load.answered > before + 50, { what: 'the former version serves' });
  await load.stop();
  expect(load.failures).toEqual([]);
  expect([stack.servingPid(), readFileSync(join(stack.dataDir, 'limits.json'), 'utf8')]).toEqual([gateway.pid, kept]);

  // And it can still be taken over from.
  writeFileSync(file, fleetToken);
  expect(await takenOver(gateway, gateway.pid)).not.toBe(gateway.pid);
}, 300_000);

test('a SIGTERM while the former version drains cuts its requests soon, and each leaves its record', async () => {
  const held = await stack.upstream((_req, res) => void res.write('begun'));
  stack.feed.publish(documentOf({ one: held.url }, [routeTo('one', '/open')]));
  const gateway = await stack.readyGateway({ DRAIN_BOUND_MS: '200', RECORD_BEGIN_AFTER_MS: '600000' });
  const cut = await Promise.all(Array.from({ length: 4 }, async () => gateway.open('/open')));
  const ends = cut.map(
    async (res) =>
      new Promise<string>((resolve) => {
        res.on('error', () => resolve('broken')).on('end', () => resolve('whole'));
        res.resume();
      }),
  );
  await takenOver(gateway, gateway.pid);
  gateway.signal('SIGTERM');
  expect(await Promise.all(ends)).toEqual(cut.map(() => 'broken'));
  await waitFor(() => !isAlive(gateway.pid), { what: 'the former version has ended', timeoutMs: 30_000 });
  const spooled = stack.spooled().join('\n').replaceAll('-', '');
  const ids = cut.map((res) => String(res.headers['x-sluice-request-id']).replace('req_', ''));
  expect(ids.filter((id) => spooled.split(id).length !== 2)).toEqual([]);
}, 120_000);

/** Resolves with the pid of the generation that serves now. */
async function takenOver(gateway: GatewayProcess, pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR2');
  await waitFor(() => ![undefined, pid].includes(stack.servingPid()), {
    what: 'a new generation serves',
    timeoutMs: 90_000,
  });
  const successor = stack.servingPid() ?? 0;
  await waitFor(() => gateway.output.includes(`"successor":${successor}`), { what: 'the former one drains' });
  return successor;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A child that has ended and was not waited for is still there by name.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
