// How a gateway starts and ends, and what it leaves behind: limits to the unit, one record for each request.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GatewayProcess } from './gateway-process.js';
import type { Upstream } from './stack.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';

let stack: Stack;
let upstream: Upstream;
let held: ServerResponse | undefined;

beforeEach(async () => {
  held = undefined;
  stack = await Stack.start();
  upstream = await stack.upstream((req, res) => {
    if (req.url === '/hold') {
      res.write('begun ');
      held = res;
    } else res.end('ok');
  });
});
afterEach(async () => stack.stop());

test('a limit is spent to the unit and not one further, by two gateways, and the answers say what is left', async () => {
  // A window that cannot roll over during the test.
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/keyed', withKey)], [{ window: '60/9999d' }]));
  stack.feed.admit('good');
  stack.feed.setCredential('second-key', 'active');
  const gateways = await Promise.all([
    stack.readyGateway(),
    stack.readyGateway({ GATEWAY_ID: 'gw-two', DATA_DIR: `${stack.dataDir}-two` }),
  ]);
  const first = await gateways[0].send('/keyed', { headers: { 'x-api-key': 'good' } });
  expect(first.headers['ratelimit-policy']).toBe('"window-863913600000";q=60;w=863913600');
  expect(first.headers['ratelimit']).toMatch(/^"window-863913600000";r=59;t=\d+$/);

  let accepted = 1;
  let refused = 0;
  for (let round = 0; round < 15; round += 1) {
    const answers = await Promise.all(
      gateways.flatMap((gateway) =>
        ['good', 'second-key', 'good'].map(async (key) => gateway.send('/keyed', { headers: { 'x-api-key': key } })),
      ),
    );
    accepted += answers.filter((answer) => answer.status === 200).length;
    refused += answers.filter((answer) => answer.status === 429).length;
  }
  expect([accepted, accepted + refused]).toEqual([60, 91]);
  const last = await gateways[1].send('/keyed', { headers: { 'x-api-key': 'good' } });
  expect([last.status, JSON.parse(last.body).code, Number(last.headers['retry-after']) > 0]).toEqual([
    429,
    'limit_exceeded',
    true,
  ]);
  expect(last.headers['ratelimit']).toMatch(/;r=0;/);
});

test('each answer leaves one record that says why', async () => {
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/a'), routeTo('one', '/keyed', withKey)]));
  stack.feed.admit('good');
  const gateway = await stack.readyGateway();
  const ids = [];
  for (const path of ['/a', '/keyed', '/nothing']) {
    const answer = await gateway.send(path, { headers: { 'x-api-key': 'good', 'x-request-id': 'mine' } });
    ids.push(String(answer.headers['x-sluice-request-id']).slice(4));
  }
  await gateway.send('/a', { host: 'unknown.test' });
  expect(await gateway.stop()).toBe(0);
  const text = stack.spooled().join('\n').replaceAll('-', '');
  for (const id of ids) expect(text.split(id)).toHaveLength(2);
  expect(text).toContain('route_matched');
  expect(text).toContain('key_accepted');
  expect(text).not.toContain('unknown.test');
});

test('records beyond SPOOL_MAX_BYTES are shed and counted, and traffic goes on', async () => {
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]));
  const gateway = await stack.readyGateway({ SPOOL_MAX_BYTES: '1048576' });
  const path = `/open/${'x'.repeat(8000)}`;
  // Nobody acknowledges a segment here: all of them stay on the disk.
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(Array.from({ length: 10 }, async () => gateway.send(path)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  }
  const counted = async (): Promise<[kept: number, shed: number]> => [
    await gateway.metric('sluice_records_appended_total'),
    await gateway.metric('sluice_records_shed_total{reason="disk"}'),
  ];
  await waitFor(async () => (await counted()).reduce((sum, count) => sum + count, 0) === 200, {
    what: 'every record is kept or counted as shed',
  });
  const [kept, shed] = await counted();
  expect([kept > 50, shed > 50]).toEqual([true, true]);
});

test('SIGTERM stops accepting, ends what is in flight, and exits 0', async () => {
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/s', { strip: '/s' })]));
  const gateway = await stack.readyGateway();
  const res = await gateway.open('/s/hold');
  gateway.signal('SIGTERM');
  await waitFor(
    async () =>
      gateway.send('/s').then(
        () => false,
        () => true,
      ),
    { what: 'new connections are refused' },
  );
  expect((await gateway.ready()).body).toMatchObject({ ok: false, reason: 'draining' });
  held?.end('ended');
  let body = '';
  for await (const chunk of res) body += String(chunk);
  expect(body).toBe('begun ended');
  expect(await gateway.exited).toBe(0);
});

test('a bad environment names every wrong variable, no value, and exits 78', async () => {
  const gateway = new GatewayProcess(
    stack.environment({
      CONTROL_URL: 'n0pe',
      FLEET_TOKEN: 'sh0rt',
      GATEWAY_ID: 'a b',
      UPSTREAM_ALLOW: '10.0.0.0/99',
      PORT: '99999',
    }),
  );
  expect(await gateway.exited).toBe(78);
  for (const name of ['CONTROL_URL', 'FLEET_TOKEN', 'GATEWAY_ID', 'UPSTREAM_ALLOW', 'PORT'])
    expect(gateway.output).toContain(`  ${name}: is not valid`);
  expect(gateway.output).not.toMatch(/n0pe|sh0rt|a b,|\/99|99999/);
  const bare = new GatewayProcess({});
  expect(await bare.exited).toBe(78);
  expect(bare.output).toContain('REDIS_LIMITS_URL: is missing');
});

test('a taken port is one clear line with the remedy', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const port = String((other.address() as AddressInfo).port);
  for (const name of ['PORT', 'OPS_PORT']) {
    const gateway = new GatewayProcess(stack.environment({ [name]: port }));
    expect(await gateway.exited).toBe(1);
    expect(gateway.output).toContain(`${name}: ${port} is taken by another process`);
  }
  other.close();
});

test('a second gateway on the same port is refused, though both may share ports among threads', async () => {
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/a')]));
  const first = await stack.readyGateway();
  const second = new GatewayProcess(
    stack.environment({ PORT: String(first.port), GATEWAY_ID: 'gw-two', DATA_DIR: `${stack.dataDir}-two` }),
  );
  expect(await second.exited).toBe(1);
  expect(second.output).toContain(`PORT: ${first.port} is taken`);
});

test('metrics tell what was answered', async () => {
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/a')]));
  const gateway = await stack.readyGateway();
  await gateway.send('/a');
  await gateway.send('/a', { host: 'unknown.test' });
  await waitFor(async () => (await gateway.metric('sluice_requests_total{status="2xx"}')) === 1, {
    what: 'the answer is counted',
  });
  expect(await gateway.metric('sluice_problems_total{code="unknown_host"}')).toBe(1);
  expect(await gateway.metric('sluice_request_duration_seconds_count')).toBe(2);
  expect(await gateway.metric('sluice_requests_in_flight')).toBe(0);
  expect(await gateway.metric('sluice_snapshot_position')).toBe(1);
});
