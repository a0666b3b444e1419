// The guide docs/protecting-a-route.md: what it has people send works as it says there.
import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, Stack } from './stack.js';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const secret = randomBytes(32).toString('hex');

let stack: Stack;
let gateway: GatewayProcess;

beforeAll(async () => {
  stack = await Stack.start();
  const upstream = await stack.upstream((req, res) => res.end(req.url));
  const made = spawnSync(process.execPath, [fileOf('scripts/hash-password.mjs')], { input: 'horse', encoding: 'utf8' });
  const guide = await readFile(fileOf('docs/protecting-a-route.md'), 'utf8');
  const routes = [...guide.matchAll(/\$env\/apis\/orders\/routes -d '(\{.*?\n\})'/gs)].map(([, body = '']) => {
    // What the control plane keeps under the name, and tells gateways beside the document.
    const text = body.replace('secret:my-tokens', secret).replace("'$hash'", () => made.stdout.trim());
    return JSON.parse(text) as Record<string, unknown>;
  });
  if (routes.length !== 2) throw new Error(`the guide has ${routes.length} routes`);
  stack.feed.publish(documentOf({ 'orders-v1': upstream.url }, routes));
  gateway = await stack.readyGateway();
});
afterAll(async () => stack.stop());

test('a route that takes only tokens', async () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256' })}.${part({ iss: 'me', sub: 'ann', exp: Math.floor(Date.now() / 1000) + 600 })}`;
  const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  const send = async (headers: Record<string, string>): Promise<readonly [number, string]> => {
    const { status, body } = await gateway.send('/by-token/orders', { headers });
    return [status, status === 200 ? body : (JSON.parse(body) as { code: string }).code];
  };
  expect(await send({})).toEqual([401, 'credential_missing']);
  expect(await send({ authorization: `Bearer ${token}` })).toEqual([200, '/orders']);
  expect((await send({ authorization: `Bearer ${token}x` }))[0]).toBe(401);
});

test('a route that takes a name and a password', async () => {
  const statusOf = async (password: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`;
    return (await gateway.send('/by-password/orders', { headers: { authorization } })).status;
  };
  expect(await statusOf('horse')).toBe(200);
  for (let guess = 0; guess < 10; guess += 1) expect(await statusOf(`guess ${guess}`)).toBe(401);
  expect(await statusOf('one more')).toBe(429);
  expect(await statusOf('horse')).toBe(429);
});
