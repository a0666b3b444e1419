// Requests that no handler should see: paths, queries and bodies that are not text, and methods that a path does not take.
import { request } from 'node:http';
import type { Problem } from '@sluice/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Person } from './support/person.js';

let plane: ControlPlane;
let person: Person;
beforeAll(async () => {
  plane = await startControlPlane();
  person = await new Person(plane, 'owner@acme.test').signUp();
  await person.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
});
afterAll(async () => {
  await plane.stop();
});

const base = '/v1/tenants/acme/environments/production';

test.each([
  '/v1/tenants/%00',
  `${base}/apis/%00`,
  `${base}/applications/app_%00`,
  '/v1/portal/%00',
  `/v1/tenants/${'a'.repeat(300)}`,
])('nothing has a name with a NUL or of endless length: GET %s', async (path) => {
  const answer = await person.send<Problem>('GET', path);
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
});

test.each([`${base}/apis/%E0%A4%A`, `${base}/apis/%FF`, '/v1/tenants/%'])(
  'a path that is no UTF-8 is a problem like any other: GET %s',
  async (path) => {
    const answer = await rawGet(path);
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json', body: { code: 'bad_request' } });
    expect(answer.body.requestId).toBe(answer.requestId);
  },
);

test('a NUL in a query is refused by name', async () => {
  const answer = await person.send<Problem>('GET', `${base}/apis?cursor=a%00`);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_query', errors: [{ pointer: '/cursor' }] } });
});

test.each([
  ['a NUL', '{"slug":"nul","title":"a\\u0000"}'],
  ['half a surrogate pair', '{"slug":"half","title":"a\\ud800"}'],
])('%s in a body is refused, not stored', async (_, body) => {
  const answer = await person.send<Problem>('POST', '/v1/tenants', body);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
  const inPublish = await person.send<Problem>('POST', `${base}/publish`, body.replace(/"slug".*"title"/, '"comment"'));
  expect(inPublish).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
});

test('a body that is no UTF-8 is refused, not guessed at', async () => {
  const latin1 = Buffer.from('{"slug":"bytes","title":"Caf\u00e9"}', 'latin1');
  expect(await post(latin1, 'application/json')).toMatchObject({ status: 400, body: { code: 'invalid_body' } });
  expect((await person.send('GET', '/v1/tenants/bytes')).status).toBe(404);
});

test('a body in another charset than UTF-8 is refused by its media type', async () => {
  const body = Buffer.from('{"slug":"charset","title":"Charset"}');
  expect(await post(body, 'application/json; charset=iso-8859-1')).toMatchObject({
    status: 415,
    body: { code: 'unsupported_media_type' },
  });
  expect((await post(body, 'application/json; charset="UTF-8"')).status).toBe(201);
});

test.each([
  ['PUT', '/v1/me', ['GET', 'HEAD']],
  ['PUT', '/v1/tenants', ['GET', 'HEAD', 'POST']],
  ['POST', `${base}/plans/free`, ['DELETE', 'GET', 'HEAD', 'PUT']],
  ['GET', '/v1/auth/sign-in/email', ['POST']],
])('%s of the known path %s tells which methods it takes', async (method, path, methods) => {
  const answer = await person.send<Problem>(method, path);
  expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(methods);
});

test('a missing body is called missing', async () => {
  expect(await person.send('POST', '/v1/tenants')).toMatchObject({
    status: 400,
    body: { code: 'invalid_body', errors: [{ pointer: '', message: 'the body is missing', fix: 'send JSON' }] },
  });
});

test('an address that is a member already asks for another address, not for another name', async () => {
  const answer = await person.send('POST', '/v1/tenants/acme/members', { email: person.email, role: 'viewer' });
  expect(answer).toMatchObject({
    status: 409,
    body: { code: 'name_taken', errors: [{ pointer: '/email', fix: 'invite another address' }] },
  });
});

async function post(body: Buffer<ArrayBuffer>, type: string): Promise<{ status: number; body: unknown }> {
  const res = await fetch(`${plane.url}/v1/tenants`, {
    method: 'POST',
    headers: { 'content-type': type, cookie: person.cookies },
    body,
  });
  return { status: res.status, body: await res.json() };
}

// fetch mends such a path before sending it.
async function rawGet(path: string): Promise<{ status: number; type: string; requestId: string; body: Problem }> {
  const { hostname, port } = new URL(plane.url);
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, path, agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          type: res.headers['content-type'] ?? '',
          requestId: String(res.headers['x-request-id']),
          body: JSON.parse(text) as Problem,
        }),
      );
    });
    req.on('error', reject).end();
  });
}
