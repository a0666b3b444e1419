// What browsers and upstreams get to see of the policies cors, headers and request-id.
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer, GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';

const page = 'https://shop.acme.test';
let stack: Stack;
let gateway: GatewayProcess;
let seen: IncomingMessage | undefined;

beforeAll(async () => {
  stack = await Stack.start();
  const { url } = await stack.upstream((req, res) => {
    seen = req;
    res.setHeader('access-control-allow-origin', '*');
    res.setHeader('access-control-allow-credentials', 'true');
    res.setHeader('server', 'apache');
    res.setHeader('x-old', '1');
    res.statusCode = req.url?.endsWith('/none') === true ? 404 : 200;
    res.end('upstream');
  });
  stack.feed.publish(
    documentOf({ one: url }, [
      routeTo('one', '/pages', {
        match: { path: { prefix: '/pages' }, methods: ['GET'] },
        policies: [{ cors: { origins: ['https://*.acme.test'], exposeHeaders: ['etag'] } }, { 'api-key': {} }],
      }),
      routeTo('one', '/free', { match: { path: { prefix: '/free' } } }),
      routeTo('one', '/headers', {
        policies: [
          { 'api-key': {} },
          {
            headers: {
              request: {
                set: { 'x-application': '{application.id}', 'x-user': '{identity.subject}', 'x-id': '{request.id}' },
                rename: { 'x-trace': 'x-correlation' },
              },
              response: { remove: ['server'], rename: { 'x-old': 'x-new' }, set: { 'x-route': '{route.name}' } },
            },
          },
        ],
      }),
      routeTo('one', '/id', { policies: [{ 'request-id': { header: 'x-correlation-id' } }, { 'api-key': {} }] }),
    ]),
  );
  stack.feed.admit('good');
  gateway = await stack.readyGateway({ THREADS: '1' });
});
afterAll(async () => stack.stop());

const key = { 'x-api-key': 'good' };
const allowed = ({ headers }: Answer): unknown => headers['access-control-allow-origin'];

describe('cors', () => {
  const preflight = async (origin: string, method: string, path = '/pages/x'): Promise<Answer> =>
    gateway.send(path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'x-api-key' },
    });

  test('a preflight is answered by the gateway, without a key, for the origins that are named alone', async () => {
    seen = undefined;
    const good = await preflight(page, 'GET');
    expect([good.status, allowed(good), good.headers['access-control-allow-headers']]).toEqual([
      204,
      page,
      'x-api-key',
    ]);
    expect(good.headers.vary).toContain('Origin');
    const bad = await preflight('https://evil.test', 'GET');
    expect([bad.status, allowed(bad), bad.headers['access-control-allow-methods']]).toEqual([
      204,
      undefined,
      undefined,
    ]);
    expect(seen).toBeUndefined();
  });

  test('without the policy a preflight is the upstream’s to answer', async () => {
    expect((await preflight(page, 'GET', '/free')).body).toBe('upstream');
  });

  test('every refusal can be read by the page: 401, 405, and the upstream’s own 404', async () => {
    const refused = await gateway.send('/pages/x', { headers: { origin: page } });
    expect([refused.status, allowed(refused)]).toEqual([401, page]);
    expect(refused.headers['access-control-expose-headers']).toMatch(/RateLimit.*etag/);
    expect((await preflight(page, 'DELETE')).status).toBe(204);
    const wrong = await gateway.send('/pages/x', { method: 'DELETE', headers: { origin: page } });
    expect([wrong.status, allowed(wrong)]).toEqual([405, page]);
    const none = await gateway.send('/pages/none', { headers: { origin: page, ...key } });
    expect([none.status, allowed(none)]).toEqual([404, page]);
  });

  test('what the upstream says about other pages does not reach them', async () => {
    const answer = await gateway.send('/pages/x', { headers: { origin: 'https://evil.test', ...key } });
    expect([answer.status, allowed(answer), answer.headers['access-control-allow-credentials']]).toEqual([
      200,
      undefined,
      undefined,
    ]);
    expect(answer.headers.vary).toBe('Origin');
  });
});

describe('headers', () => {
  test('the upstream learns who calls from the gateway, and never what a client claims', async () => {
    const forged = { 'x-application': 'forged', 'X-User': 'root', 'x-id': 'forged' };
    const answer = await gateway.send('/headers', { headers: { ...key, ...forged, 'x-trace': '7' } });
    expect(seen?.headers).toMatchObject({
      'x-application': expect.stringMatching(/^app_/) as string,
      'x-id': answer.headers['x-sluice-request-id'],
      'x-correlation': '7',
    });
    expect([seen?.headers['x-user'], seen?.headers['x-trace'], seen?.headers['x-api-key']]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(JSON.stringify(seen?.rawHeaders)).not.toMatch(/forged|root/);
  });

  test('an answer is edited on its way out', async () => {
    const { headers } = await gateway.send('/headers', { headers: key });
    expect([headers['server'], headers['x-old'], headers['x-new'], headers['x-route']]).toEqual([
      undefined,
      undefined,
      '1',
      'headers',
    ]);
  });
});

describe('request-id', () => {
  test('the client’s id goes on and comes back; without one it is the gateway’s', async () => {
    const mine = await gateway.send('/id', { headers: { ...key, 'x-correlation-id': 'order-7' } });
    expect([seen?.headers['x-correlation-id'], mine.headers['x-correlation-id']]).toEqual(['order-7', 'order-7']);
    const none = await gateway.send('/id', { headers: key });
    expect(none.headers['x-correlation-id']).toBe(none.headers['x-sluice-request-id']);
    expect(seen?.headers['x-correlation-id']).toBe(none.headers['x-sluice-request-id']);
  });

  test('a refusal carries it, too', async () => {
    const refused = await gateway.send('/id', { headers: { 'x-correlation-id': 'order-8' } });
    expect([refused.status, refused.headers['x-correlation-id']]).toEqual([401, 'order-8']);
  });
});
