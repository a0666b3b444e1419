// https:// targets: who is believed, who we say that we are, and all that holds of plain connections.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { temporaryFolder } from '@sluice/local-stack';
import { expect, onTestFinished, test } from 'vitest';
import { BodyQueue } from '../body-queue.js';
import { certificateFolder } from '../certificate-folder.js';
import { BodyOnce } from '../request-body.js';
import { authority, clientCertificate, clientKey, serverCertificate, serverKey } from '../try-certificates.js';
import { loopback, RawTarget, Sender } from '../try-target.js';
import type { Peer } from '../try-target.js';
import { createUpstreams } from '../upstreams.js';

const server = { cert: serverCertificate, key: serverKey };
const whoAsks = (peer: Peer): void => {
  peer.socket.on('data', () => {
    const { servername, authorized } = peer.socket as TLSSocket;
    const { subject } = (peer.socket as TLSSocket).getPeerCertificate();
    const text = `${String(servername)} ${String(subject?.CN)} ${authorized}`;
    peer.say(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
  });
};
// users.test is no name that anyone else knows.
const resolve: NonNullable<Parameters<typeof createUpstreams>[1]>['resolve'] = (_name, _options, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 }]);
const upstreams = (certificateOf = certificateFolder(undefined)): ReturnType<typeof createUpstreams> =>
  createUpstreams(loopback, { resolve, certificateOf });

test('a target is believed by the document’s own authority, and asked for by its name', async () => {
  const target = await RawTarget.start(whoAsks, server);
  const sender = new Sender([target.url], { tls: { ca: authority } }, upstreams());
  expect(await sender.send().summary()).toBe('200 users.test undefined false whole');
  await new Promise((done) => setImmediate(() => setImmediate(done)));
  expect((await sender.send().over()).status).toBe(200);
});

test('a certificate of an authority that nobody named is refused, and the request never sent', async () => {
  const target = await RawTarget.start(whoAsks, server);
  expect(await new Sender([target.url], {}, upstreams()).send().summary()).toBe('0  upstream_unreachable');
  expect(target.peers.map(({ received }) => received).join('')).toBe('');
});

test('a certificate of another name is refused, and the request never sent', async () => {
  const target = await RawTarget.start(whoAsks, server);
  const url = target.url.replace('users.test', 'orders.test');
  expect(await new Sender([url], { tls: { ca: authority } }, upstreams()).send().summary()).toBe(
    '0  upstream_unreachable',
  );
  expect(target.peers.map(({ received }) => received).join('')).toBe('');
});

test('the document may say which name is asked for and checked', async () => {
  const target = await RawTarget.start(whoAsks, server);
  const url = target.url.replace('users.test', '127.0.0.1');
  const right = new Sender([url], { tls: { ca: authority, serverName: 'localhost' } }, upstreams());
  expect(await right.send().summary()).toBe('200 localhost undefined false whole');
  const wrong = new Sender([target.url], { tls: { ca: authority, serverName: 'orders.test' } }, upstreams());
  expect(await wrong.send().summary()).toBe('0  upstream_unreachable');
});

test('an address is checked as an address', async () => {
  const target = await RawTarget.start(whoAsks, server);
  const url = target.url.replace('users.test', '127.0.0.1');
  // The certificate names no address.
  expect(await new Sender([url], { tls: { ca: authority } }, upstreams()).send().summary()).toBe(
    '0  upstream_unreachable',
  );
});

test('insecure, and only insecure, checks nothing', async () => {
  const target = await RawTarget.start(whoAsks, server);
  const url = target.url.replace('users.test', 'orders.test');
  expect((await new Sender([url], { tls: { insecure: true } }, upstreams()).send().over()).status).toBe(200);
});

test('a client certificate is shown by its name, to the tenant that it was put there for', async () => {
  const folder = await temporaryFolder('sluice-certificates-');
  onTestFinished(async () => folder.remove());
  await mkdir(join(folder.path, 'ten_1'));
  await writeFile(join(folder.path, 'ten_1', 'billing.crt'), clientCertificate);
  await writeFile(join(folder.path, 'ten_1', 'billing.key'), clientKey);
  const target = await RawTarget.start(whoAsks, {
    ...server,
    ca: authority,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const tls = { ca: authority, clientCertificate: 'billing' };
  const sender = new Sender([target.url], { tls }, upstreams(certificateFolder(folder.path)));
  expect(await sender.send().summary()).toBe('200 users.test gateway of ten_1 true whole');
  const another = { tenantId: 'ten_2', environmentId: 'env_2', spec: { ...sender.spec } };
  expect(await sender.send(another).summary()).toBe('0  upstream_unreachable');
  const without = new Sender([target.url], { tls: { ca: authority } }, upstreams(certificateFolder(folder.path)));
  expect((await without.send().over()).status).toBe(0);
});

test('a certificate that was changed is shown by new connections', async () => {
  const folder = await temporaryFolder('sluice-certificates-');
  onTestFinished(async () => folder.remove());
  let now = 0;
  const certificateOf = certificateFolder(folder.path, () => now);
  await mkdir(join(folder.path, 'ten_1'));
  const put = async (cert: string): Promise<void> => writeFile(join(folder.path, 'ten_1', 'billing.crt'), cert);
  await writeFile(join(folder.path, 'ten_1', 'billing.key'), clientKey);
  expect(certificateOf('ten_1', 'billing')).toBeUndefined();
  await put(clientCertificate);
  now += 30_000;
  const first = certificateOf('ten_1', 'billing');
  now += 30_000;
  expect([first?.cert, certificateOf('ten_1', 'billing') === first]).toEqual([clientCertificate, true]);
  await put(serverCertificate);
  now += 30_000;
  expect(certificateOf('ten_1', 'billing')?.cert).toBe(serverCertificate);
  expect([certificateOf('../ten_1', 'billing'), certificateOf('ten_1', '../ten_1/billing')]).toEqual([
    undefined,
    undefined,
  ]);
});

test('bodies flow both ways, as fast as the slower side takes them', async () => {
  const megabyte = 1024 * 1024;
  const length = 8 * megabyte;
  const target = await RawTarget.start((peer) => {
    peer.socket.removeAllListeners('data');
    let left = length;
    let isHead = true;
    peer.socket.on('data', (bytes: Buffer) => {
      left -= isHead ? bytes.length - bytes.indexOf('\r\n\r\n') - 4 : bytes.length;
      isHead = false;
      if (left > 0) return;
      peer.say(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
      peer.socket.write(Buffer.alloc(length, 'd'));
    });
  }, server);
  const chunk = Buffer.alloc(65_536, 'u');
  let pushed = 0;
  const body: BodyQueue = new BodyQueue(length, () => {
    while (pushed < length) {
      pushed += chunk.length;
      if (!body.push(chunk, true)) return;
    }
    body.end();
  });
  const heard = new Sender([target.url], { tls: { ca: authority } }, upstreams()).send({
    method: 'POST',
    body: new BodyOnce(body),
  });
  let answered = 0;
  heard.onData = (bytes) => {
    answered += bytes.length;
    heard.text = '';
    setImmediate(() => heard.call.resume());
    return false;
  };
  await heard.over();
  expect([heard.end, answered]).toEqual(['whole', length]);
});
