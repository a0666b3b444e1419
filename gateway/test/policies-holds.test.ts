// What requests hold of limits: slots while they run, and units whose cost is known only from the answer.
import type { ServerResponse } from 'node:http';
import { startRedis, waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer, GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

let stack: Stack;
let gateway: GatewayProcess;
const held: ServerResponse[] = [];

beforeAll(async () => {
  stack = await Stack.start();
  const { url } = await stack.upstream((req, res) => {
    if (req.url?.startsWith('/held') === true) held.push(res);
    else res.writeHead(200, { 'x-cost': req.url?.slice('/costly/'.length) ?? '' }).end('good');
  });
  const withKey = { policies: [{ 'api-key': {} }] };
  const document = documentOf({ one: url }, [
    routeTo('one', '/held', withKey),
    routeTo('one', '/costly', { ...withKey, cost: { max: 40, header: 'x-cost' } }),
  ]) as { plans: { free: { limits: unknown[] }; elsewhere: { apis: string[]; limits: unknown[] } } };
  document.plans.free.limits = [{ concurrency: 2 }];
  document.plans.elsewhere = { ...document.plans.elsewhere, apis: ['orders'], limits: [{ window: '100/day' }] };
  stack.feed.publish(document);
  stack.feed.admit('slots');
  stack.feed.admit('costs', { plan: 'elsewhere', subscription: 'sub_2' });
  gateway = await stack.readyGateway({ THREADS: '1' });
});
afterAll(async () => stack.stop());

const codeOf = ({ body }: Answer): unknown => (JSON.parse(body) as { code: string }).code;
const ask = async (path: string, key: string): Promise<Answer> => gateway.send(path, { headers: { 'x-api-key': key } });

test('a slot is taken while a request runs, and free when its answer is sent or its client has left', async () => {
  const first = ask('/held', 'slots');
  const second = await new Promise<{ destroy: () => void }>((resolve) => {
    void gateway.open('/held', { headers: { 'x-api-key': 'slots' } }).then(resolve);
    void waitFor(() => held.length === 2, { what: 'both are under way' }).then(() =>
      held[1]?.writeHead(200).write('.'),
    );
  });
  const third = await ask('/held', 'slots');
  expect([third.status, codeOf(third)]).toEqual([429, 'limit_exceeded']);
  second.destroy();
  await waitFor(() => held[1]?.destroyed === true, { what: 'the second has left' });
  const fourth = ask('/held', 'slots');
  await waitFor(() => held.length === 3, { what: 'its slot is free' });
  held[2]?.end('fourth');
  held[0]?.end('first');
  expect([(await first).body, (await fourth).body]).toEqual(['first', 'fourth']);
});

test('what an answer says it did cost is what is taken: the rest of the reserve is there for others', async () => {
  const leftAfter = async (cost: number): Promise<number> => {
    const answer = await ask(`/costly/${cost}`, 'costs');
    expect(answer.status).toBe(200);
    return Number(/;r=(\d+)/.exec(String(answer.headers['ratelimit']))?.[1]);
  };
  expect(await leftAfter(1)).toBe(99);
  expect(await leftAfter(40)).toBe(59);
  expect(await leftAfter(0)).toBe(59);
  expect(await leftAfter(39)).toBe(20);
  // The reserve of 40 cannot be had any more, whatever the request would cost.
  expect(codeOf(await ask('/costly/1', 'costs'))).toBe('limit_exceeded');
});

test('a request whose slot can no longer be renewed is ended, here and upstream', async () => {
  const redis = await startRedis();
  const own = await stack.readyGateway({
    THREADS: '1',
    GATEWAY_ID: 'gw-cut-off',
    DATA_DIR: `${stack.dataDir}-cut-off`,
    REDIS_LIMITS_URL: redis.url,
  });
  held.length = 0;
  const answer = own.send('/held', { headers: { 'x-api-key': 'slots' } });
  await waitFor(() => held.length === 1, { what: 'the request is under way' });
  await redis.stop();
  expect(codeOf(await answer)).toBe('limit_unavailable');
  await waitFor(() => held[0]?.destroyed === true, { what: 'the upstream has been left' });
});
