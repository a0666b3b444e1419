// Bodies flow both ways as fast as the slower side takes them, and no faster.
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createHash, randomBytes } from 'node:crypto';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { host } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';

const megabyte = 1024 * 1024;
const bigBytes = 50 * megabyte;
let stack: Stack;
let gateway: GatewayProcess;
let sentByUpstream = 0;
let takenByUpstream = 0;
let waiting: { req: IncomingMessage; res: ServerResponse } | undefined;

beforeAll(async () => {
  stack = await Stack.start();
  const upstream = await stack.upstream((req, res) => {
    if (req.url === '/flood') flood(res);
    else if (req.url === '/echo') req.pipe(res);
    else if (req.url === '/hash') {
      const hash = createHash('sha256');
      req.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => res.end(hash.digest('hex')));
    } else if (req.url === '/slow-reader') {
      waiting = { req, res };
    } else if (req.url === '/early') res.writeHead(413).end('too much');
    else if (req.url === '/early-close') {
      // What has come in and was never read makes the kernel reset the connection, right after the answer.
      const answer = 'HTTP/1.1 413 Payload Too Large\r\nContent-Length: 8\r\nConnection: close\r\n\r\ntoo much';
      req.socket.end(answer, () => req.socket.destroy());
    } else waiting = { req, res };
  });
  stack.feed.publish(
    documentOf({ one: upstream.url, gone: 'http://127.0.0.1:1' }, [
      routeTo('one', '/s', { strip: '/s' }),
      routeTo('one', '/keyed', withKey),
      routeTo('gone', '/gone'),
    ]),
  );
  gateway = await stack.readyGateway({ THREADS: '1' });
});
afterAll(async () => stack.stop());

function flood(res: ServerResponse): void {
  sentByUpstream = 0;
  res.writeHead(200, { 'content-length': bigBytes });
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const more = (): void => {
    while (sentByUpstream < bigBytes) {
      sentByUpstream += chunk.length;
      if (!res.write(chunk)) return void res.once('drain', more);
    }
    res.end();
  };
  more();
}

function upload(
  path: string,
  headers: Record<string, string> = {},
): { req: ClientRequest; answer: Promise<IncomingMessage> } {
  const req = httpRequest({
    port: gateway.port,
    host: '127.0.0.1',
    path,
    method: 'POST',
    headers: { host, ...headers },
    agent: false,
  });
  const answer = once(req, 'response').then(([res]) => res as IncomingMessage);
  answer.catch(() => undefined); // a test that destroys the request asks for no answer
  return { req, answer };
}

const text = async (res: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of res) body += String(chunk);
  return body;
};

/** Writes as fast as the other side takes it. Resolves when `bytes` are written, or nothing has moved for `stallMs`. */
async function pour(req: ClientRequest, bytes: number, stallMs: number): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024, 'u');
  let written = 0;
  while (written < bytes) {
    written += chunk.length;
    if (req.write(chunk)) continue;
    const stalled = await Promise.race([
      once(req, 'drain').then(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), stallMs)),
    ]);
    if (stalled) break;
  }
  return written;
}

test('a client that does not read stops the upstream, and costs the gateway no memory', async () => {
  await gateway.send('/s/echo');
  const before = gateway.residentBytes;
  const res = await gateway.open('/s/flood');
  let last = -1;
  // The upstream is stopped when what it could send has not grown between two looks.
  await waitFor(() => sentByUpstream === last || void (last = sentByUpstream), {
    what: 'the upstream is held back',
    intervalMs: 300,
  });
  expect(sentByUpstream).toBeLessThan(bigBytes / 2);
  expect(gateway.residentBytes - before).toBeLessThan(20 * megabyte);
  let bytes = 0;
  for await (const chunk of res) bytes += (chunk as Buffer).length;
  expect(bytes).toBe(bigBytes);
});

test('an upstream that does not read stops the client, and costs the gateway no memory', async () => {
  const before = gateway.residentBytes;
  const { req, answer } = upload('/s/slow-reader');
  const written = await pour(req, bigBytes, 700);
  expect(written).toBeLessThan(bigBytes / 2);
  expect(gateway.residentBytes - before).toBeLessThan(20 * megabyte);
  waiting?.req
    .on('data', (chunk: Buffer) => (takenByUpstream += chunk.length))
    .on('end', () => waiting?.res.end('done'));
  await once(req, 'drain');
  const rest = await pour(req, bigBytes - written, 5000);
  req.end();
  expect(await text(await answer)).toBe('done');
  expect(takenByUpstream).toBe(written + rest);
});

test('an upload arrives whole, with and without a length', async () => {
  const body = randomBytes(3 * megabyte);
  const sum = createHash('sha256').update(body).digest('hex');
  const known = await gateway.send('/s/hash', { method: 'PUT', body });
  const chunked = upload('/s/hash');
  for (let at = 0; at < body.length; at += 100_000) chunked.req.write(body.subarray(at, at + 100_000));
  chunked.req.end();
  expect([known.body, await text(await chunked.answer)]).toEqual([sum, sum]);
});

test('both directions flow at the same time', async () => {
  const { req, answer } = upload('/s/echo');
  req.write('ping');
  const res = await answer;
  expect(String((await once(res, 'data'))[0])).toBe('ping');
  req.end('pong');
  expect(await text(res)).toBe('pong');
});

test('a refused upload gets its answer, and its body is not awaited', async () => {
  const { req, answer } = upload('/keyed', { 'content-length': String(bigBytes) });
  req.on('error', () => undefined); // the connection may end while we still write
  req.write(Buffer.alloc(200_000));
  const res = await answer;
  expect([res.statusCode, res.headers.connection]).toEqual([401, 'close']);
  expect(await text(res)).toContain('credential_missing');
  req.destroy();
});

test('a client that expects 100 Continue is told to go on only when its body is wanted', async () => {
  const refused = upload('/keyed', { expect: '100-continue', 'content-length': '4' });
  let continues = 0;
  refused.req.on('continue', () => (continues += 1)).flushHeaders();
  expect((await refused.answer).statusCode).toBe(401);
  expect(continues).toBe(0);
  refused.req.destroy();
  const taken = upload('/s/echo', { expect: '100-continue', 'content-length': '4' });
  taken.req.flushHeaders();
  await once(taken.req, 'continue');
  taken.req.end('body');
  expect(await text(await taken.answer)).toBe('body');
});

test('an upstream that answers before it has read the body is heard', async () => {
  const { req, answer } = upload('/s/early', { 'content-length': String(bigBytes) });
  req.on('error', () => undefined);
  req.write(Buffer.alloc(100_000));
  expect((await answer).statusCode).toBe(413);
  req.destroy();
});

test('the answer of an upstream that resets the connection after it, in the middle of an upload, is relayed', async () => {
  const seen: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const { req, answer } = upload('/s/early-close', { 'content-length': String(20 * megabyte) });
    req.on('error', () => undefined);
    const chunk = Buffer.alloc(megabyte);
    for (let sent = 0; sent < 20; sent += 1) req.write(chunk);
    const res = await answer;
    seen.push(`${res.statusCode} ${await text(res)}`);
    req.destroy();
  }
  expect(seen).toEqual(Array.from({ length: 20 }, () => '413 too much'));
});

test('a client that goes away takes its upstream request along', async () => {
  const countGone = async (): Promise<number> => gateway.metric('sluice_requests_total{status="499"}');
  const before = await countGone();
  waiting = undefined;
  const { req } = upload('/s/never');
  req.on('error', () => undefined);
  req.end('x');
  const { res } = await waitFor(() => waiting, { what: 'the request has reached the upstream' });
  const closed = once(res, 'close');
  req.destroy();
  await closed;
  const counted = await waitFor(async () => countGone().then((count) => count > before && count), {
    what: 'the request is counted as 499',
  });
  expect(counted).toBe(before + 1);
});

test.each([1000, 66_000, 300_000])(
  'after a failed upload of %i bytes the connection is closed, or serves the next request',
  async (bytes) => {
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write(`POST /gone HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${bytes}\r\n\r\n`);
    socket.write(Buffer.alloc(bytes));
    let answered = '';
    let isAsked = false;
    // Throws on a reset, with which a client may lose its answer.
    for await (const chunk of socket) {
      answered += String(chunk);
      if (isAsked || !answered.endsWith('}') || /connection: close/i.test(answered)) continue;
      isAsked = true;
      socket.write(`GET /s/echo HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    }
    expect(answered).toContain('upstream_unreachable');
    expect(answered.match(/HTTP\/1.1 200/g)?.length ?? 0).toBe(isAsked ? 1 : 0);
  },
  10_000,
);

test.each(['/gone', '/s/early'])(
  'a client that goes away in the middle of an upload to %s, after its answer, harms nobody else',
  async (path) => {
    const { req, answer } = upload(path, { 'content-length': String(bigBytes) });
    req.on('error', () => undefined);
    req.write(Buffer.alloc(100_000));
    await answer;
    req.destroy();
    await waitFor(async () => (await gateway.metric('sluice_requests_in_flight')) === 0, {
      what: 'the gateway has noticed',
    });
    expect((await gateway.send('/s/echo', { method: 'POST', body: 'still here' })).body).toBe('still here');
  },
);
