// How long an upstream may take, when a request is sent again, and failures on purpose.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { host } from './feed-server.js';
import type { Answer, GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

let stack: Stack;
let gateway: GatewayProcess;
let onRequest: (req: IncomingMessage, res: ServerResponse, number: number, body: string) => void = () => undefined;
let onHead: (req: IncomingMessage, res: ServerResponse, number: number) => unknown = () => undefined;
const bodies: string[] = [];

beforeAll(async () => {
  stack = await Stack.start();
  const flaky = await stack.upstream((req, res) => {
    const number = bodies.push('');
    onHead(req, res, number);
    if (res.writableEnded) return;
    req.on('data', (chunk: Buffer) => (bodies[number - 1] += chunk.toString()));
    req.once('end', () => onRequest(req, res, number, bodies[number - 1] ?? ''));
  });
  // Each has a retry budget of its own.
  const upstreams = {
    flaky: flaky.url,
    again: flaky.url,
    last: flaky.url,
    writes: flaky.url,
    uploads: flaky.url,
    many: flaky.url,
    'half-gone': { targets: [{ url: 'http://127.0.0.1:1' }, { url: flaky.url }] },
  };
  const retries = (settings: object): Readonly<Record<string, unknown>> => ({
    policies: [{ retries: { backoffMs: 1, ...settings } }],
  });
  stack.feed.publish(
    documentOf(upstreams, [
      routeTo('flaky', '/plain'),
      routeTo('again', '/again', retries({ attempts: 3 })),
      routeTo('last', '/last', retries({ attempts: 1 })),
      routeTo('many', '/many', retries({ attempts: 3 })),
      routeTo('writes', '/writes', retries({ methods: ['POST'], maxBufferBytes: 100 })),
      routeTo('uploads', '/uploads', retries({ methods: ['POST'], maxBufferBytes: 100 })),
      routeTo('half-gone', '/half-gone', retries({})),
      routeTo('flaky', '/first-byte', { policies: [{ timeouts: { firstByteMs: 1000 } }] }),
      routeTo('flaky', '/total', { policies: [{ timeouts: { totalMs: 500 } }] }),
      routeTo('flaky', '/per-try', { policies: [{ timeouts: { perTryMs: 300 } }, { retries: { backoffMs: 1 } }] }),
      routeTo('flaky', '/abort', { policies: [{ fault: { abort: { status: 503 }, when: { header: 'x-chaos' } } }] }),
      routeTo('flaky', '/delay', { policies: [{ fault: { delay: { delayMs: 1500 } } }] }),
    ]),
  );
  gateway = await stack.readyGateway({ THREADS: '1' });
});
afterAll(async () => stack.stop());
beforeEach(() => {
  bodies.length = 0;
  onHead = () => undefined;
  onRequest = (_req, res) => res.end('good');
});

const codeOf = ({ body }: Answer): unknown => (JSON.parse(body) as { code: string }).code;
const failFirst =
  (count: number, fail: (req: IncomingMessage, res: ServerResponse) => void): typeof onRequest =>
  (req, res, number, body) => {
    if (number <= count) fail(req, res);
    else res.end(`good ${body}`);
  };
const drop = (req: IncomingMessage): void => void req.socket.destroy();
const refuse = (_req: IncomingMessage, res: ServerResponse): void => void res.writeHead(503).end('later');

describe('retries', () => {
  test('without the policy a request that an upstream may have seen is sent once', async () => {
    onRequest = failFirst(1, drop);
    const answer = await gateway.send('/plain');
    expect([answer.status, codeOf(answer), bodies.length]).toEqual([502, 'upstream_failed', 1]);
    onRequest = failFirst(2, refuse);
    expect([(await gateway.send('/plain')).body, bodies.length]).toEqual(['later', 2]);
  });

  test('with it, a broken connection and a status that is worth it are followed by another try', async () => {
    onRequest = failFirst(1, drop);
    expect([(await gateway.send('/again')).body, bodies.length]).toEqual(['good ', 2]);
    bodies.length = 0;
    onRequest = failFirst(2, refuse);
    expect([(await gateway.send('/again')).body, bodies.length]).toEqual(['good ', 3]);
  });

  test('the last try’s answer is the client’s', async () => {
    onRequest = failFirst(99, refuse);
    const answer = await gateway.send('/last');
    expect([answer.status, answer.body, bodies.length]).toEqual([503, 'later', 2]);
  });

  test('a method that is not listed is sent once', async () => {
    onRequest = failFirst(1, drop);
    const answer = await gateway.send('/last', { method: 'POST', body: 'x' });
    expect([codeOf(answer), bodies.length]).toEqual(['upstream_failed', 1]);
  });

  test('a body that was kept is sent whole again; a larger one is sent once', async () => {
    onRequest = failFirst(1, refuse);
    const small = await gateway.send('/writes', { method: 'POST', body: 'x'.repeat(100) });
    expect([small.body, bodies]).toEqual([`good ${'x'.repeat(100)}`, ['x'.repeat(100), 'x'.repeat(100)]]);
    bodies.length = 0;
    const large = await gateway.send('/writes', { method: 'POST', body: 'x'.repeat(101) });
    expect([large.status, bodies.length]).toEqual([503, 1]);
  });

  test('a try that is refused in the midst of an upload is followed by one that gets all of it', async () => {
    const req = httpRequest({
      port: gateway.port,
      host: '127.0.0.1',
      path: '/uploads',
      method: 'POST',
      headers: { host },
      agent: false,
    });
    const answered = once(req, 'response') as Promise<[IncomingMessage]>;
    onHead = (_req, res, number) => number === 1 && res.writeHead(503).end();
    req.write('first ');
    // The next try begins while the rest is still with the client.
    await waitFor(() => bodies.length === 2, { what: 'the second try has begun' });
    req.end('x'.repeat(200));
    const [res] = await answered;
    let text = '';
    for await (const chunk of res) text += String(chunk);
    expect(text).toBe('good');
    expect(bodies[1]).toBe(`first ${'x'.repeat(200)}`);
  });

  test('repetitions have a budget: a failing upstream gets little more than its requests', async () => {
    onRequest = failFirst(1_000_000, refuse);
    const begun = performance.now();
    await Promise.all(Array.from({ length: 100 }, async () => gateway.send('/many')));
    const seconds = (performance.now() - begun) / 1000;
    // Three tries each would be 400. A fifth of what is under way, over three rounds, and three a second beside.
    expect(bodies.length).toBeGreaterThan(100);
    expect(bodies.length).toBeLessThanOrEqual(100 + 3 * 20 + 3 * (1 + seconds));
  });

  test('a target whose connection never opens is passed over, whatever the method', async () => {
    for (let round = 0; round < 4; round += 1)
      expect((await gateway.send('/half-gone', { method: 'POST', body: 'x' })).status).toBe(200);
    expect(bodies.length).toBe(4);
  });
});

describe('timeouts', () => {
  const never = (): void => undefined;

  test('an answer that does not begin in time is a 504', async () => {
    onRequest = never;
    const answer = await gateway.send('/first-byte');
    expect([answer.status, codeOf(answer)]).toEqual([504, 'upstream_timeout']);
  });

  test('all of it together has its time, too: a 504, or a broken answer where it has begun', async () => {
    onRequest = never;
    expect(codeOf(await gateway.send('/total'))).toBe('upstream_timeout');
    onRequest = (_req, res) => void res.writeHead(200).write('begun');
    await expect(gateway.send('/total')).rejects.toThrow(/aborted|ECONNRESET/);
  });

  test('a try that takes too long is followed by another', async () => {
    onRequest = failFirst(1, never);
    expect([(await gateway.send('/per-try')).body, bodies.length]).toEqual(['good ', 2]);
  });
});

describe('fault', () => {
  test('only a request that carries the header fails', async () => {
    expect((await gateway.send('/abort')).status).toBe(200);
    const answer = await gateway.send('/abort', { headers: { 'x-chaos': '1' } });
    expect([answer.status, bodies.length]).toEqual([503, 1]);
    expect(answer.body).toContain('injected');
  });

  test('a delayed request reaches the upstream late, and not at all when its client has left', async () => {
    const leaving = connect(gateway.port, '127.0.0.1');
    leaving.write('GET /delay HTTP/1.1\r\nHost: api.acme.test\r\n\r\n');
    await waitFor(async () => (await gateway.metric('sluice_requests_in_flight')) > 0, {
      what: 'the request is held back',
    });
    leaving.destroy();
    const begun = performance.now();
    expect((await gateway.send('/delay')).status).toBe(200);
    expect(bodies.length).toBe(1);
    // Timers may be early by less than a millisecond.
    expect(performance.now() - begun).toBeGreaterThan(1499);
  });
});
