import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { curlOf, sendRequest, urlBelow, pathBelow } from './send-request';

const server = createServer((req, res) => {
  res.writeHead(req.headers['x-api-key'] === 'good' ? 200 : 401, {
    'content-type': 'application/json',
    'x-sluice-request-id': 'req_1',
    ratelimit: '"window-60000";r=9;t=30',
    'ratelimit-policy': '"window-60000";q=10;w=60',
  });
  res.end('{"ok":true}');
});
let origin = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

test('an answer carries status, time, body, request id and what is left of the limit', async () => {
  const answer = await sendRequest({ method: 'GET', url: origin, keyHeader: 'x-api-key', key: 'good' });
  expect(answer).toMatchObject({
    status: 200,
    sizeBytes: 11,
    body: '{\n  "ok": true\n}',
    requestId: 'req_1',
    isCut: false,
  });
  expect(answer?.limit).toEqual({ left: 9, units: 10, windowSeconds: 60, resetSeconds: 30 });
});

test('a refusal is an answer, and no answer is null', async () => {
  expect(await sendRequest({ method: 'GET', url: origin, keyHeader: null, key: '' })).toMatchObject({ status: 401 });
  expect(await sendRequest({ method: 'GET', url: 'http://127.0.0.1:1', keyHeader: null, key: '' })).toBeNull();
});

test('the curl line is what Send sends', () => {
  const request = { method: 'POST', url: urlBelow('http://a.test/users/', '/v1'), keyHeader: 'x-api-key', key: 'k' };
  expect(curlOf(request)).toBe("curl -i -X POST 'http://a.test/users/v1' \\\n  -H 'x-api-key: k'");
});

test('an operation is named by the path that the gateway gets, never by a slash that it does not', () => {
  expect(pathBelow('http://acme.localhost:8080/orders', '')).toBe('/orders');
  expect(pathBelow('http://acme.localhost:8080/orders', '/{id}')).toBe('/orders/{id}');
  expect(pathBelow('http://acme.localhost:8080', '')).toBe('/');
  expect(pathBelow('http://acme.localhost:8080', '/users')).toBe('/users');
});
