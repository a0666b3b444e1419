// What the control plane says comes into force at once and whole; without it the gateway goes on, and starts.
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { environmentId, FeedServer } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import type { Upstream } from './stack.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';

let stack: Stack;
let one: Upstream;
let two: Upstream;

beforeEach(async () => {
  stack = await Stack.start();
  one = await stack.upstream((_req, res) => res.end('one'));
  two = await stack.upstream((_req, res) => res.end('two'));
});
afterEach(async () => stack.stop());

const canaryRoute = {
  name: 'canary',
  match: { path: { prefix: '/canary' } },
  split: {
    sticky: 'none',
    arms: [
      { name: 'stable', upstream: 'one', weight: 10_000 },
      { name: 'canary', upstream: 'two', weight: 0 },
    ],
  },
};
const publish = (...routes: Record<string, unknown>[]): { position: number; revision: number } =>
  stack.feed.publish(
    documentOf(
      { one: one.url, two: two.url },
      routes.length > 0 ? routes : [routeTo('one', '/keyed', withKey), canaryRoute],
    ),
  );
const statusWith = async (gateway: GatewayProcess, key: string): Promise<number> =>
  (await gateway.send('/keyed', { headers: { 'x-api-key': key } })).status;

test('a revoked key is refused as soon as the gateway says that it has the change', async () => {
  publish();
  stack.feed.admit('good');
  const gateway = await stack.readyGateway();
  expect(await statusWith(gateway, 'good')).toBe(200);
  stack.feed.setCredential('good', 'revoked');
  await stack.untilCaughtUp();
  for (let round = 0; round < 8; round += 1) expect(await statusWith(gateway, 'good')).toBe(401);
  expect((await gateway.send('/keyed', { headers: { 'x-api-key': 'good' } })).body).toContain('credential_revoked');
});

test('weights that are set move requests without a publish, and outlive one', async () => {
  publish();
  const gateway = await stack.readyGateway();
  expect((await gateway.send('/canary')).headers['x-sluice-arm']).toBe('stable');
  stack.feed.push({ kind: 'weights', route: 'orders/canary', version: 1, weights: { stable: 0, canary: 10_000 } }, 1);
  await stack.untilCaughtUp();
  const moved = await gateway.send('/canary');
  expect([moved.headers['x-sluice-arm'], moved.body]).toEqual(['canary', 'two']);
  publish(canaryRoute);
  await stack.untilCaughtUp();
  expect((await gateway.send('/canary')).body).toBe('two');
});

test('a revision is answered with a receipt that names what was refused, and serves the rest', async () => {
  publish();
  const gateway = await stack.readyGateway();
  const { revision } = publish(routeTo('one', '/fine'), routeTo('missing', '/lost'));
  const receipt = await waitFor(() => stack.feed.receipts.find((one) => one.revision === revision), {
    what: 'the receipt has come',
  });
  expect(receipt).toMatchObject({
    state: 'applied',
    environmentId,
    refusals: [{ object: 'apis/orders/routes/lost', code: 'upstream_missing' }],
  });
  expect((await gateway.send('/fine')).status).toBe(200);
  expect((await gateway.send('/lost')).status).toBe(404);
});

test('a revision whose hash is not its document’s is refused whole, and the former one stays', async () => {
  publish(routeTo('one', '/former'));
  const gateway = await stack.readyGateway();
  const { revision } = stack.feed.publish(documentOf({ one: one.url }, [routeTo('one', '/forged')]), {
    hash: 'f'.repeat(64),
  });
  const receipt = await waitFor(() => stack.feed.receipts.find((one) => one.revision === revision), {
    what: 'the receipt has come',
  });
  expect(receipt).toMatchObject({ state: 'refused', refusals: [{ object: 'document', code: 'hash_mismatch' }] });
  expect([(await gateway.send('/former')).status, (await gateway.send('/forged')).status]).toEqual([200, 404]);
});

test('a gateway starts from its disk and serves without the control plane, and catches up when it is back', async () => {
  publish();
  stack.feed.admit('good');
  const first = await stack.readyGateway();
  await stack.untilCaughtUp();
  expect(await first.stop()).toBe(0);
  await stack.feed.stop();
  const second = await stack.readyGateway();
  expect(await statusWith(second, 'good')).toBe(200);
  expect((await second.ready()).body).toMatchObject({ isConnected: false });
  expect(second.output).toContain('CONTROL_URL');
  stack.feed.heartbeats.length = 0;
  stack.feed.setCredential('good', 'revoked');
  await stack.feed.start();
  await stack.untilCaughtUp();
  expect(await statusWith(second, 'good')).toBe(401);
});

test('a snapshot older than MAX_SNAPSHOT_AGE_MS makes the gateway not ready, and traffic goes on', async () => {
  publish();
  const gateway = await stack.readyGateway({ MAX_SNAPSHOT_AGE_MS: '1000' });
  await stack.feed.stop();
  await waitFor(async () => (await gateway.ready()).status === 503, { what: 'the gateway is not ready any more' });
  expect((await gateway.ready()).body['reason']).toMatch(/last heard/);
  expect((await gateway.send('/canary')).status).toBe(200);
});

test('a control plane of another history is followed from its own snapshot, and what it does not name is gone', async () => {
  publish();
  stack.feed.admit('good');
  const gateway = await stack.readyGateway();
  expect(await statusWith(gateway, 'good')).toBe(200);
  const { port } = new URL(stack.feed.url);
  await stack.feed.stop();
  const other = new FeedServer();
  other.historyId = 'history-2';
  other.publish(documentOf({ one: one.url }, [routeTo('one', '/keyed', withKey)]));
  await other.start(Number(port));
  try {
    await waitFor(async () => (await statusWith(gateway, 'good')) === 401, {
      what: 'the key of the other history is gone',
    });
  } finally {
    await other.stop();
  }
});

test('a wrong fleet token is a clear error that names FLEET_TOKEN, and stops no traffic', async () => {
  publish();
  const gateway = await stack.readyGateway();
  stack.feed.token = 'another-fleet-token';
  await stack.feed.stop();
  await stack.feed.start();
  const newcomer = stack.gateway({ GATEWAY_ID: 'gw-new', DATA_DIR: `${stack.dataDir}-new` });
  await waitFor(() => gateway.output.includes('FLEET_TOKEN is not valid'), { what: 'the gateway says what is wrong' });
  expect((await gateway.send('/canary')).status).toBe(200);

  await newcomer.untilListening();
  await waitFor(async () => JSON.stringify((await newcomer.ready()).body).includes('FLEET_TOKEN'), {
    what: 'the newcomer names FLEET_TOKEN',
  });
  const answer = await newcomer.send('/canary');
  expect([answer.status, JSON.parse(answer.body).code]).toEqual([503, 'configuration_pending']);
});
