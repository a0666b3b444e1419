// What the client makes of answers, against a real server that answers as the test says.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiClient, everyItem } from './index.js';

type Handler = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

let handler: Handler;
let url: string;
const server = createServer((req, res) => void handler(req, res));

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const path = { tenant: 'acme', environment: 'production' };

test('an operation becomes its method, its path with every parameter escaped, its query, its body and the token', async () => {
  let seen: object = {};
  handler = async (req, res) => {
    const { method, headers } = req;
    seen = {
      method,
      url: req.url,
      body: await text(req),
      type: headers['content-type'],
      authorization: headers.authorization,
      match: headers['if-match'],
      key: headers['idempotency-key'],
    };
    res.writeHead(200, { etag: '"2"', 'x-request-id': 'req_1' }).end('{"name":"orders"}');
  };
  const client = createApiClient({ url: `${url}/`, token: 'slp_secret' });
  const outcome = await client.call('revisions_publish', {
    path: { tenant: 'a/b c', environment: 'production' },
    query: { wait: 'applied' },
    body: { comment: 'now' },
    ifMatch: '"1"',
    idempotencyKey: 'k1',
  });
  expect(seen).toEqual({
    method: 'POST',
    url: '/v1/tenants/a%2Fb%20c/environments/production/publish?wait=applied',
    body: '{"comment":"now"}',
    type: 'application/json',
    authorization: 'Bearer slp_secret',
    match: '"1"',
    key: 'k1',
  });
  expect(outcome).toEqual({ ok: true, value: { name: 'orders' }, etag: '"2"', requestId: 'req_1' });
});

test('a problem is a refusal, with its errors, whatever its code', async () => {
  const errors = [{ pointer: '/a', message: 'wrong', fix: 'write b', line: 3, column: 1 }];
  handler = (_, res) =>
    void res
      .writeHead(422, { 'content-type': 'application/problem+json', 'x-request-id': 'req_2' })
      .end(JSON.stringify({ code: 'of_tomorrow', status: 422, title: 'No', detail: 'Not so', errors }));
  expect(await createApiClient({ url }).call('me_read')).toEqual({
    ok: false,
    failure: {
      kind: 'refused',
      problem: { code: 'of_tomorrow', status: 422, title: 'No', detail: 'Not so', requestId: 'req_2', errors },
    },
  });
});

test('a page of somebody else is a stranger, with success and without', async () => {
  for (const status of [200, 404, 502]) {
    handler = (_, res) => void res.writeHead(status, { 'content-type': 'text/html' }).end('<html>');
    expect(await createApiClient({ url }).call('me_read')).toMatchObject({
      ok: false,
      failure: { kind: 'stranger', status },
    });
  }
});

test('a redirect is not followed, so the token goes nowhere else', async () => {
  const asked: (string | undefined)[] = [];
  handler = (req, res) => {
    asked.push(req.url);
    res.writeHead(302, { location: '/elsewhere' }).end();
  };
  const outcome = await createApiClient({ url, token: 'slp_secret' }).call('me_read');
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'stranger', status: 302 } });
  expect(asked).toEqual(['/v1/me']);
});

test('nobody there, silence and an answer that breaks off are unreachable', async () => {
  expect(await createApiClient({ url: 'http://127.0.0.1:9' }).call('me_read')).toMatchObject({
    ok: false,
    failure: { kind: 'unreachable' },
  });
  handler = () => undefined;
  expect(await createApiClient({ url, timeoutMs: 50 }).call('me_read')).toEqual({
    ok: false,
    failure: { kind: 'unreachable', detail: 'no answer in time' },
  });
  handler = (_, res) => {
    res.writeHead(200, { 'content-length': '100' });
    res.write('{"a":', () => res.destroy());
  };
  expect(await createApiClient({ url }).call('me_read')).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
});

test('a list comes whole, page after page, and ends at the first refusal', async () => {
  const asked: string[] = [];
  const pages: Record<string, object> = {
    '': { items: [1, 2], nextCursor: 'two' },
    two: { items: [3], nextCursor: null },
  };
  handler = (req, res) => {
    const cursor = new URL(req.url ?? '', url).searchParams.get('cursor') ?? '';
    asked.push(cursor);
    res.writeHead(200).end(JSON.stringify(pages[cursor]));
  };
  const client = createApiClient({ url });
  expect(await everyItem(client, 'revisions_list', { path })).toMatchObject({ ok: true, value: [1, 2, 3] });
  expect(asked).toEqual(['', 'two']);
  expect(await everyItem(client, 'revisions_list', { path }, 1)).toMatchObject({ value: [1] });
  expect(asked).toHaveLength(3);
  pages['two'] = { code: 'internal', status: 500, title: 'Broken', detail: 'Broken' };
  const refusing = handler;
  handler = (req, res) => {
    if (req.url?.includes('cursor=two') === true) res.writeHead(500).end(JSON.stringify(pages['two']));
    else void refusing(req, res);
  };
  expect(await everyItem(client, 'revisions_list', { path })).toMatchObject({
    ok: false,
    failure: { kind: 'refused' },
  });
});
