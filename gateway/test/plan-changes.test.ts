// A subscription that moves to another plan takes along what it has used: gateways and a real Redis.
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';

let stack: Stack;
let gateways: GatewayProcess[];
let moves = 0;

// A year, so that no period ends under the test.
const plans = {
  small: { title: 'Small', apis: ['orders'], limits: [{ quota: '10/year' }] },
  large: { title: 'Large', apis: ['orders'], limits: [{ name: 'everything', quota: '25/year' }] },
  weekly: { title: 'Weekly', apis: ['orders'], limits: [{ quota: '5/week', anchor: 'subscription' }] },
};

beforeEach(async () => {
  stack = await Stack.start();
  moves = 0;
  const { url } = await stack.upstream((_req, res) => res.end('served'));
  stack.feed.publish(documentOf({ one: url }, [routeTo('one', '/keyed', withKey)], [], plans));
  stack.feed.admit('good', { plan: 'small' });
  gateways = [
    await stack.readyGateway({ GATEWAY_ID: 'gw-1', DATA_DIR: `${stack.dataDir}-1` }),
    await stack.readyGateway({ GATEWAY_ID: 'gw-2', DATA_DIR: `${stack.dataDir}-2` }),
  ];
});
afterEach(async () => stack.stop());

const moveTo = async (plan: string): Promise<void> => {
  moves += 1;
  const position = stack.feed.subscribe({ plan, planChanges: moves });
  await waitFor(
    () =>
      ['gw-1', 'gw-2'].every((id) =>
        stack.feed.heartbeats.some((beat) => beat.gatewayId === id && beat.position >= position),
      ),
    { what: `both gateways know that it is on ${plan}` },
  );
};

/** How many of `count` requests, to both gateways in turn, were served. */
const served = async (count: number): Promise<number> => {
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const answer = await gateways[index % 2]?.send('/keyed', { headers: { 'x-api-key': 'good' } });
    expect([200, 429]).toContain(answer?.status);
    if (answer?.status === 200) sum += 1;
  }
  return sum;
};

test('what was used of one plan counts against the other, up and down again, whatever the limits are called', async () => {
  expect(await served(6)).toBe(6);
  await moveTo('large');
  expect(await served(30)).toBe(19);
  await moveTo('small');
  expect(await served(4)).toBe(0);
  await moveTo('large');
  expect(await served(4)).toBe(0);
});

test('a plan with another period begins a count of its own, and the former one is there on return', async () => {
  expect(await served(8)).toBe(8);
  await moveTo('weekly');
  expect(await served(8)).toBe(5);
  await moveTo('small');
  expect(await served(8)).toBe(2);
});
