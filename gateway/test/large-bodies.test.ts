// A gigabyte each way: it flows through, and the gateway does not grow by it.
import { request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { host } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

const megabyte = 1024 * 1024;
const gigabyte = 1024 * megabyte;
// What a collector leaves lying for a while.
const mostGrowth = 96 * megabyte;
let stack: Stack;
let gateway: GatewayProcess;

/** Each byte says where it stands, so that none can be lost, doubled or another's. */
const pattern = Buffer.alloc(megabyte);
for (let at = 0; at < pattern.length; at += 4) pattern.writeUInt32LE(at, at);

beforeAll(async () => {
  stack = await Stack.start();
  const upstream = await stack.upstream((req, res) => {
    if (req.method === 'GET') void pour(res, req.url === '/chunked');
    else void count(req).then((bytes) => res.end(String(bytes)));
  });
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/s', { strip: '/s' })]));
  gateway = await stack.readyGateway({ THREADS: '1' });
});
afterAll(async () => stack.stop());

async function pour(to: ServerResponse, isChunked: boolean): Promise<void> {
  if (!isChunked) to.setHeader('content-length', gigabyte);
  await pourInto(to);
  to.end();
}

async function pourInto(to: NodeJS.WritableStream): Promise<void> {
  for (let sent = 0; sent < gigabyte; sent += pattern.length) if (!to.write(pattern)) await once(to, 'drain');
}

/** Bytes, as long as they are the pattern's; -1 otherwise. */
async function count(from: IncomingMessage): Promise<number> {
  let bytes = 0;
  for await (const chunk of from) {
    const part = chunk as Buffer;
    for (let at = 0; at < part.length;) {
      const place = (bytes + at) % pattern.length;
      const length = Math.min(part.length - at, pattern.length - place);
      if (part.compare(pattern, place, place + length, at, at + length) !== 0) return -1;
      at += length;
    }
    bytes += part.length;
  }
  return bytes;
}

/** The most that the gateway has grown while something ran. */
async function growthDuring(run: () => Promise<void>): Promise<number> {
  const before = gateway.residentBytes;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, gateway.residentBytes)), 50);
  await run();
  clearInterval(watch);
  return most - before;
}

test.each(['/s/', '/s/chunked'])(
  'a gigabyte down (%s) arrives whole, and the memory stays flat',
  async (path) => {
    await gateway.send('/s/', { method: 'POST', body: 'warm' });
    let bytes = 0;
    const growth = await growthDuring(async () => {
      const req = request({ port: gateway.port, host: '127.0.0.1', path, headers: { host }, agent: false }).end();
      const [res] = (await once(req, 'response')) as [IncomingMessage];
      bytes = await count(res);
    });
    expect(bytes).toBe(gigabyte);
    expect(growth).toBeLessThan(mostGrowth);
  },
  120_000,
);

test.each([true, false])(
  'a gigabyte up (with a length: %s) arrives whole, and the memory stays flat',
  async (hasLength) => {
    let answer = '';
    const growth = await growthDuring(async () => {
      const headers = { host, ...(hasLength ? { 'content-length': String(gigabyte) } : {}) };
      const req = request({
        port: gateway.port,
        host: '127.0.0.1',
        path: '/s/',
        method: 'POST',
        headers,
        agent: false,
      });
      const response = once(req, 'response');
      await pourInto(req);
      req.end();
      const [res] = (await response) as [IncomingMessage];
      for await (const chunk of res) answer += String(chunk);
    });
    expect(answer).toBe(String(gigabyte));
    expect(growth).toBeLessThan(mostGrowth);
  },
  120_000,
);
