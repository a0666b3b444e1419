// What clients see, under load, when a gateway drains, is killed, or has its configuration changed again and again.
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Upstream } from './stack.js';
import { documentOf, routeTo, Stack } from './stack.js';
import { SteadyLoad } from './steady-load.js';

let stack: Stack;
let upstream: Upstream;

beforeEach(async () => {
  stack = await Stack.start();
  upstream = await stack.upstream((_req, res) => res.end('ok'));
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]));
});
afterEach(async () => stack.stop());

test('SIGTERM under load: /readyz says no first, and whoever was let in is answered and told that the connection ends', async () => {
  const [one, two] = await Promise.all([
    stack.readyGateway({ DRAIN_DELAY_MS: '8000' }),
    stack.readyGateway({ GATEWAY_ID: 'gw-two', DATA_DIR: `${stack.dataDir}-two` }),
  ]);
  // What a load balancer does: it asks, and sends nobody where the answer is no.
  let balanced = one;
  const load = new SteadyLoad({ path: '/open', fresh: 6, kept: 6, port: () => balanced.port });
  await waitFor(() => load.answered > 100, { what: 'the load goes on' });
  one.signal('SIGTERM');
  await waitFor(async () => (await one.ready()).status === 503, { what: 'it says that it is not ready' });
  const before = load.answered;
  await waitFor(() => load.answered > before + 5, { what: 'it goes on serving who comes' });
  balanced = two;
  expect(await one.exited).toBe(0);
  await load.stop();
  expect(load.failures).toEqual([]);
  expect([...load.statuses.keys()]).toEqual([200]);
  expect(load.closes).toBeGreaterThanOrEqual(6);
}, 120_000);

test('SIGKILL of one of two gateways: only what was in flight on it fails', async () => {
  const [one, two] = await Promise.all([
    stack.readyGateway(),
    stack.readyGateway({ GATEWAY_ID: 'gw-two', DATA_DIR: `${stack.dataDir}-two` }),
  ]);
  let balanced = one;
  const onKilled = new SteadyLoad({ path: '/open', fresh: 4, kept: 4, port: () => balanced.port });
  const onOther = new SteadyLoad({ path: '/open', fresh: 4, kept: 4, port: () => two.port });
  await waitFor(() => Math.min(onKilled.answered, onOther.answered) > 100, { what: 'the load goes on' });
  balanced = two;
  const { inFlight } = onKilled;
  one.signal('SIGKILL');
  await one.exited;
  const before = onKilled.answered;
  await waitFor(() => onKilled.answered > before + 100, { what: 'the other gateway serves its clients' });
  await Promise.all([onKilled.stop(), onOther.stop()]);
  expect(onOther.failures).toEqual([]);
  expect(onKilled.failures.length).toBeLessThanOrEqual(inFlight);
  expect([...onKilled.statuses.keys(), ...onOther.statuses.keys()]).toEqual([200, 200]);
}, 120_000);

test('25 configurations, one every 200 ms, under load: no request fails, and the last one is in force', async () => {
  const gateway = await stack.readyGateway();
  const load = new SteadyLoad({ path: '/open', fresh: 4, kept: 4, port: () => gateway.port });
  for (let round = 1; round <= 25; round += 1) {
    stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open'), routeTo('one', `/round-${round}`)]));
    await delay(200); // the pace of the storm
  }
  await stack.untilCaughtUp();
  const before = load.answered;
  await waitFor(() => load.answered > before + 20, { what: 'the load goes on' });
  await load.stop();
  expect(load.failures).toEqual([]);
  expect([...load.statuses.keys()]).toEqual([200]);
  // No connection was given up for a configuration.
  expect(load.closes).toBe(0);
  expect([(await gateway.send('/round-25')).status, (await gateway.send('/round-24')).status]).toEqual([200, 404]);
}, 120_000);
