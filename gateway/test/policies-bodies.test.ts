// Bodies that are too large, and bodies that are copied.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { host } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

interface Got {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  body: string;
  isWhole: boolean;
  isBroken: boolean;
}

let stack: Stack;
let gateway: GatewayProcess;
const got: Got[] = [];
const copied: Got[] = [];
let isShadowSilent = false;

beforeAll(async () => {
  stack = await Stack.start();
  const keep = (list: Got[], req: IncomingMessage, res: ServerResponse): Got => {
    const one: Got = { req, res, body: '', isWhole: false, isBroken: false };
    list.push(one);
    req.on('data', (chunk: Buffer) => (one.body += chunk.toString()));
    req.once('end', () => (one.isWhole = true));
    req.once('close', () => (one.isBroken = !req.complete));
    return one;
  };
  const main = await stack.upstream((req, res) => {
    const one = keep(got, req, res);
    if (req.url?.endsWith('/early') === true) res.writeHead(200).write('begun');
    else req.once('end', () => res.end(`${one.body.length} bytes`));
  });
  const shadow = await stack.upstream((req, res) => {
    const one = keep(copied, req, res);
    if (!isShadowSilent) req.once('end', () => res.writeHead(500).end(`a copy of ${one.body.length}`));
  });
  stack.feed.publish(
    documentOf({ one: main.url, shadow: shadow.url, gone: 'http://127.0.0.1:1' }, [
      routeTo('one', '/small', { policies: [{ 'body-limit': { maxBytes: 10 } }] }),
      routeTo('one', '/copied', { policies: [{ mirror: { upstream: 'shadow', maxBodyBytes: 1000 } }] }),
      routeTo('one', '/lost', { policies: [{ mirror: { upstream: 'gone' } }] }),
      routeTo('one', '/some', { policies: [{ mirror: { upstream: 'shadow', shareBps: 3000 } }] }),
    ]),
  );
  gateway = await stack.readyGateway({ THREADS: '1' });
});
afterAll(async () => stack.stop());
beforeEach(() => {
  got.length = 0;
  copied.length = 0;
  isShadowSilent = false;
});

async function upload(path: string, parts: readonly string[]): Promise<{ status: number; body: string }> {
  const { port } = gateway;
  const req = httpRequest({ port, host: '127.0.0.1', path, method: 'POST', headers: { host }, agent: false });
  const answered = once(req, 'response') as Promise<[IncomingMessage]>;
  for (const part of parts) req.write(part);
  req.end();
  const [res] = await answered;
  let body = '';
  for await (const chunk of res) body += String(chunk);
  return { status: res.statusCode ?? 0, body };
}

describe('body-limit', () => {
  test('a body that says that it is too large is refused before the upstream hears of it', async () => {
    const answer = await gateway.send('/small', { method: 'POST', body: 'x'.repeat(11) });
    expect([answer.status, (JSON.parse(answer.body) as { code: string }).code, got.length]).toEqual([
      413,
      'too_large',
      0,
    ]);
    expect((await gateway.send('/small', { method: 'POST', body: 'x'.repeat(10) })).body).toBe('10 bytes');
  });

  test('a body without a length is counted while it flows; the upstream never sees more than the limit, nor an end', async () => {
    const answer = await upload('/small', ['12345', '67890', 'and more']);
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([413, { code: 'too_large' }]);
    await waitFor(() => got.every(({ isBroken }) => isBroken), { what: 'the upstream’s request is broken off' });
    for (const { body, isWhole } of got) expect([body.length <= 10, isWhole]).toEqual([true, false]);
    expect((await upload('/small', ['12345', '67890'])).body).toBe('10 bytes');
  });

  test('an answer that has begun is broken off', async () => {
    const req = httpRequest({
      port: gateway.port,
      host: '127.0.0.1',
      path: '/small/early',
      method: 'POST',
      headers: { host },
      agent: false,
    });
    req.on('error', () => undefined);
    req.write('1');
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    req.write('x'.repeat(20));
    res.resume();
    await expect(once(res, 'end')).rejects.toThrow(/aborted|ECONNRESET/);
  });
});

describe('mirror', () => {
  test('another upstream gets a marked copy, whole, and its answer goes nowhere', async () => {
    const answer = await upload('/copied/x?y=1', ['one', 'two']);
    expect([answer.status, answer.body]).toEqual([200, '6 bytes']);
    await waitFor(() => copied[0]?.isWhole === true, { what: 'the copy has arrived' });
    expect([copied[0]?.req.method, copied[0]?.req.url, copied[0]?.body]).toEqual(['POST', '/copied/x?y=1', 'onetwo']);
    expect(copied[0]?.req.headers).toMatchObject({ 'x-sluice-mirror': '1', 'x-forwarded-host': host });
    expect(got[0]?.req.headers['x-sluice-mirror']).toBeUndefined();
  });

  test('a body larger than is copied goes on whole, and the copy is never taken for whole', async () => {
    expect((await upload('/copied', ['x'.repeat(900), 'y'.repeat(900)])).body).toBe('1800 bytes');
    expect((await gateway.send('/copied', { method: 'POST', body: 'z'.repeat(2000) })).body).toBe('2000 bytes');
    expect(copied.filter(({ isWhole }) => isWhole)).toEqual([]);
  });

  test('requests go on when the other upstream is down, or answers nobody', async () => {
    expect((await upload('/lost', ['x'])).body).toBe('1 bytes');
    isShadowSilent = true;
    // More than may be under way at once.
    const answers = await Promise.all(
      Array.from({ length: 80 }, async () => gateway.send('/copied', { method: 'GET' })),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBe(80);
    await waitFor(() => copied.length >= 60, { what: 'copies have arrived' });
    expect(copied.length).toBeLessThanOrEqual(64);
    for (const { res } of copied) res.end();
  });

  test('a share of requests is copied', async () => {
    for (let sent = 0; sent < 100; sent += 1) await gateway.send('/some');
    // Five standard deviations of a binomial with n = 100 and p = 0.3 are 23.
    expect(Math.abs(copied.length - 30)).toBeLessThan(24);
  });
});
