// Secrets by reference, the whole way: set through the API, sealed in the database, in force on a gateway that is a process.
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DocumentChange, DocumentValidation, Problem, Revision, Secret } from '@sluice/contracts';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startControlPlane, type ControlPlane } from './support/control-plane.js';
import { Fleet, type Gateway } from './support/fleet.js';
import { Person } from './support/person.js';
import { connectSuperuser } from './support/superuser.js';

const base = '/v1/tenants/acme/environments/production';
const values = ['first-value-of-thirty-two-bytes-and-more', 'second-value-of-thirty-two-bytes-and-more'] as const;
const backend = 'Bearer planted-backend-token';

let plane: ControlPlane;
let folder: TemporaryFolder;
let fleet: Fleet;
let gateway: Gateway;
let owner: Person;
let upstream: Server;
let seen: string | undefined;

beforeAll(async () => {
  upstream = createServer((req, res) => {
    seen = req.headers['x-backend-auth']?.toString();
    res.end('{}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  [plane, folder] = await Promise.all([startControlPlane(), temporaryFolder('sluice-secrets-')]);
  fleet = await Fleet.start(plane, folder.path);
  owner = await new Person(plane, 'owner@acme.test').signUp();
  await owner.ask('POST', '/v1/tenants', { slug: 'acme', title: 'Acme' });
  const { port } = upstream.address() as AddressInfo;
  await owner.ask('POST', `${base}/document/sync`, documentFor(`http://127.0.0.1:${port}`));
});
afterAll(async () => {
  await fleet.stop();
  await plane.stop();
  await folder.remove();
  upstream.close();
});

const documentFor = (url: string): object => ({
  sluice: 1,
  upstreams: { one: { targets: [{ url }] } },
  apis: {
    orders: {
      title: 'Orders',
      routes: [
        {
          name: 'signed',
          match: { path: { prefix: '/signed' } },
          policies: [
            { jwt: { issuers: [{ issuer: 'us', keys: [{ secret: 'secret:hmac' }] }] } },
            { headers: { request: { set: { 'x-backend-auth': 'secret:backend' } } } },
          ],
          split: { arms: [{ name: 'stable', upstream: 'one', weight: 10_000 }] },
        },
        {
          name: 'open',
          match: { path: { prefix: '/open' } },
          split: { arms: [{ name: 'stable', upstream: 'one', weight: 10_000 }] },
        },
      ],
    },
  },
});

const set = (name: string, value: string): Promise<Secret> => owner.ask('PUT', `${base}/secrets/${name}`, { value });

function tokenBy(secret: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256' })}.${part({ iss: 'us', sub: 'ann', exp: 4_000_000_000 })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** The status that a gateway answers to a token signed by this secret. */
async function askWith(secret: string, { port }: Gateway = gateway, path = '/signed'): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'acme.localhost', authorization: `Bearer ${tokenBy(secret)}` };
    request({ host: '127.0.0.1', port, path, headers, agent: false }, (res) =>
      res.resume().once('end', () => resolve(res.statusCode ?? 0)),
    )
      .once('error', reject)
      .end();
  });
}

test('a document may refer to what is not set yet, and everything says so until it is; publishing refuses with the place', async () => {
  const validation = await owner.ask<DocumentValidation>(
    'POST',
    `${base}/document/validate`,
    documentFor('http://a.test'),
  );
  expect(validation).toMatchObject({ isValid: true, missingSecrets: ['backend', 'hmac'] });
  await set('hmac', values[0]);
  const change = await owner.ask<DocumentChange>('POST', `${base}/document/apply?dryRun=true`, { sluice: 1 });
  expect(change.missingSecrets).toEqual(['backend']);
  const refused = await owner.send<Problem>('POST', `${base}/publish`, {});
  expect(refused).toMatchObject({
    status: 422,
    body: {
      code: 'invalid_document',
      errors: [{ pointer: '/apis/orders/routes/1/policies/1/headers/request/set/x-backend-auth' }],
    },
  });
  expect(refused.body.errors?.[0]?.fix).toContain('secrets set backend');
});

test('a value goes in and never comes out: name, version and users do', async () => {
  const first = await set('backend', 'Bearer nothing yet');
  expect(first).toMatchObject({ name: 'backend', version: 1 });
  const { headers, body } = await owner.send<Secret>('PUT', `${base}/secrets/backend`, { value: backend });
  expect(body).toEqual({
    name: 'backend',
    version: 2,
    createdAt: first.createdAt,
    changedAt: expect.any(String) as unknown,
    usedBy: [{ object: 'apis/orders/routes/signed', isInDraft: true, isLive: false }],
  });
  const stale = await owner.send<Problem>('PUT', `${base}/secrets/backend`, { value: 'x' }, { 'if-match': '"stale"' });
  expect(stale).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
  expect(stale.headers.get('etag')).toBe(headers.get('etag'));
  const listed = JSON.stringify(await owner.ask('GET', `${base}/secrets`));
  expect(listed).toContain('"hmac"');
  for (const value of [...values, backend]) expect(listed).not.toContain(value);
});

test('gateways have what was published, and a new value at once, without publishing', async () => {
  await owner.ask('POST', `${base}/publish`, {});
  gateway = await fleet.add('gw-1');
  expect(await askWith(values[0])).toBe(200);
  expect(seen).toBe(backend);
  expect(await askWith(values[1])).toBe(401);
  await set('hmac', values[1]);
  await waitFor(async () => (await askWith(values[1])) === 200, { what: 'the new value is in force' });
  expect(await askWith(values[0])).toBe(401);
  const { items } = await owner.ask<{ items: Revision[] }>('GET', `${base}/revisions`);
  expect(items).toHaveLength(1);
});

test('a value that the live configuration could not work with is refused, and the one before stays in force', async () => {
  const refused = await owner.send<Problem>('PUT', `${base}/secrets/hmac`, { value: 'too short' });
  expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_body', errors: [{ pointer: '/value' }] } });
  expect(await owner.ask<Secret>('GET', `${base}/secrets/hmac`)).toMatchObject({ version: 2 });
  expect(await askWith(values[1])).toBe(200);
});

test('one that is referred to stays, and says by whom', async () => {
  const refused = await owner.send<Problem>('DELETE', `${base}/secrets/hmac`);
  expect(refused).toMatchObject({ status: 409, body: { code: 'still_in_use' } });
  expect(refused.body.detail).toContain('apis/orders/routes/signed');
  await set('unused', 'x');
  expect(await owner.send('DELETE', `${base}/secrets/unused`)).toMatchObject({ status: 204 });
  expect(await owner.send('GET', `${base}/secrets/unused`)).toMatchObject({ status: 404 });
});

test('a dump synced onto another environment has the same hash, whatever the values there', async () => {
  await owner.ask('POST', '/v1/tenants/acme/environments', { name: 'staging' });
  const staging = '/v1/tenants/acme/environments/staging';
  const document = await owner.ask<object>('GET', `${base}/document`);
  const change = await owner.ask<DocumentChange>('POST', `${staging}/document/sync`, document);
  expect(change.missingSecrets).toEqual(['backend', 'hmac']);
  expect(await owner.send('POST', `${staging}/publish`, {})).toMatchObject({ status: 422 });
  for (const name of ['backend', 'hmac'])
    await owner.ask('PUT', `${staging}/secrets/${name}`, { value: 'another-value-of-thirty-two-bytes-and-more' });
  const [there, here] = [
    await owner.ask<Revision>('POST', `${staging}/publish`, {}),
    await owner.ask<Revision>('GET', `${base}/revisions/1`),
  ];
  expect(there.hash).toBe(here.hash);
});

test('a gateway starts from disk with its secrets, and the file shows none', async () => {
  await plane.kill();
  await gateway.stop();
  const file = await readFile(join(folder.path, 'gw-1', 'snapshot', 'last-good.snapshot'), 'latin1');
  for (const value of [...values, backend, 'secret:hmac']) expect(file).not.toContain(value);
  gateway = await fleet.add('gw-1');
  expect(await askWith(values[1])).toBe(200);
  expect(seen).toBe(backend);
  await plane.startAgain();
});

test('a secret that cannot be opened refuses what refers to it, by receipt and with the place, and nothing else', async () => {
  const superuser = await connectSuperuser(plane.postgresUrl);
  await superuser.tamper("UPDATE sluice.secrets SET sealed = sealed || '\\x00'::bytea WHERE name = 'hmac'");
  await superuser.end();
  const newcomer = await fleet.add('gw-2');
  expect(await askWith(values[1], newcomer)).toBe(404);
  expect(await askWith(values[1], newcomer, '/open')).toBe(200);
  const receipt = await waitFor(
    async () =>
      (await owner.ask<Revision>('GET', `${base}/revisions/1`)).receipts.find(({ gatewayId }) => gatewayId === 'gw-2'),
    { what: 'the receipt of the newcomer comes' },
  );
  expect(receipt.refusals).toMatchObject([
    {
      object: 'apis/orders/routes/signed',
      code: 'secret_missing',
      detail: expect.stringContaining('keys/0/secret') as unknown,
    },
  ]);
  expect(await askWith(values[1])).toBe(200);
  await set('hmac', values[1]);
  await waitFor(async () => (await askWith(values[1], newcomer)) === 200, {
    what: 'the value that was set again is in force',
  });
});
