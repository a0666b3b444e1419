import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { healthSpecSchema } from '@sluice/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { addressRule } from '../allowed-address.js';
import { authority, clientCertificate, clientKey, serverCertificate, serverKey } from '../try-certificates.js';
import { checkTarget } from './check-target.js';
import type { CheckedTarget } from './check-target.js';

async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const health = (more: object = {}) => healthSpecSchema.parse({ path: '/up?deep=1', ...more });
const check = async (more: Partial<CheckedTarget> & { url: string }) =>
  checkTarget({
    address: undefined,
    health: health(),
    tls: undefined,
    certificate: undefined,
    isAllowed: addressRule(['127.0.0.0/8']),
    signal: new AbortController().signal,
    ...more,
  });
const start = async (listener: RequestListener): Promise<number> => listen(createServer(listener));

test.each([
  [200, ['2xx'], null],
  [204, ['2xx'], null],
  [301, ['2xx'], 'it answered the check with 301'],
  [301, ['2xx', '3xx'], null],
  [404, [404], null],
  [500, ['2xx', 404], 'it answered the check with 500'],
])('an answer of %i, where %j say that it is well', async (status, statuses, outcome) => {
  const port = await start((_req, res) => void res.writeHead(status, { location: '/' }).end('x'.repeat(100_000)));
  expect(await check({ url: `http://127.0.0.1:${port}`, health: health({ statuses }) })).toBe(outcome);
});

test('asks with GET, below the target’s own path, under its own name, whichever address is asked', async () => {
  const seen: unknown[] = [];
  const port = await start((req, res) => {
    seen.push([req.method, req.url, req.headers.host]);
    res.end();
  });
  expect(await check({ url: `http://users.test:${port}/v1/`, address: '127.0.0.1' })).toBeNull();
  expect(seen).toEqual([['GET', '/v1/up?deep=1', `users.test:${port}`]]);
});

test('fails where nobody answers in time, nobody listens, or the connection breaks', async () => {
  const silent = await start(() => undefined);
  const url = `http://127.0.0.1:${silent}`;
  expect(await check({ url, health: { ...health(), timeoutMs: 50 } })).toBe('it did not answer the check within 50 ms');
  const breaking = await start((req) => void req.socket.destroy());
  expect(await check({ url: `http://127.0.0.1:${breaking}` })).toMatch(/^the check could not reach it \(ECONNRESET\)$/);
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise<void>((resolve) => gone.close(() => resolve()));
  expect(await check({ url: `http://127.0.0.1:${port}` })).toBe('the check could not reach it (ECONNREFUSED)');
});

test.each(['http://127.0.0.1:1', 'http://[::1]:1', 'http://localhost:1', 'http://[::ffff:127.0.0.1]:1'])(
  'connects to no address that upstreams may not lead to: %s',
  async (url) => {
    expect(await check({ url, isAllowed: addressRule([]) })).toMatch(/not an allowed address|SLUICE_FORBIDDEN_ADDRESS/);
  },
);

test('an answer to something that was not asked for ends the check, whatever Node makes of it', async () => {
  const answers = [
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
    'HTTP/1.1 103 Early\r\n\r\n',
    'SSH-2.0\r\n',
  ];
  for (const answer of answers) {
    const port = await listen(createServer().on('connection', (socket) => void socket.end(answer)));
    expect([answer, await check({ url: `http://127.0.0.1:${port}` })]).toEqual([answer, expect.stringMatching(/./)]);
  }
});

test('a check that cannot even begin has failed, and never throws: it would end the gateway', async () => {
  const url = 'http://127.0.0.1:1';
  // Published before such paths were refused.
  for (const path of ['/\u010d', '/\u0001'])
    expect(await check({ url, health: { ...health(), path } })).toBe(
      'the check could not reach it (ERR_UNESCAPED_CHARACTERS)',
    );
  // The operator has replaced one of the two files, and not yet the other.
  const certificate = { cert: clientCertificate, key: serverKey };
  const tls = { clientCertificate: 'mine' };
  expect(await check({ url: 'https://127.0.0.1:1', tls, certificate })).toMatch(
    /^the check could not reach it \(ERR_OSSL_/,
  );
});

test('says nothing of a check that was called off', async () => {
  const stopping = new AbortController();
  const port = await start(() => stopping.abort());
  expect(await check({ url: `http://127.0.0.1:${port}`, signal: stopping.signal })).toBeUndefined();
});

test('an https target is verified as requests do: by its authority, its name, and with the certificate that it asks for', async () => {
  const server = createTlsServer(
    { key: serverKey, cert: serverCertificate, ca: authority, requestCert: true, rejectUnauthorized: true },
    (_req, res) => void res.end(),
  );
  const port = await listen(server);
  const at = { address: '127.0.0.1', certificate: { cert: clientCertificate, key: clientKey } };
  const ask = async (host: string, tls: CheckedTarget['tls'], more: Partial<CheckedTarget> = {}) =>
    check({ url: `https://${host}:${port}`, tls, ...at, ...more });
  expect(await ask('users.test', { ca: authority })).toBeNull();
  expect(await ask('users.test', undefined)).toMatch(
    /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED|UNABLE_TO_GET_ISSUER/,
  );
  expect(await ask('other.test', { ca: authority })).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await ask('other.test', { ca: authority, serverName: 'users.test' })).toBeNull();
  expect(await ask('other.test', { insecure: true })).toBeNull();
  expect(await ask('users.test', { ca: authority }, { certificate: undefined })).toMatch(/could not reach it/);
  expect(await ask('users.test', { ca: authority, clientCertificate: 'mine' }, { certificate: undefined })).toBe(
    'the gateway holds no client certificate named mine',
  );
});
