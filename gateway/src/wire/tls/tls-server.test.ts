// Handshakes as the wire knows of them: of none that has begun does a drain lose the connection. Real sockets.
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectSecurely } from 'node:tls';
import { temporaryFolder } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tlsCertificate, tlsKey } from '../../identity/try-tls.js';
import { Http1Server } from '../http1/http1-server.js';
import { openCertificates } from './certificates.js';
import { TlsServer } from './tls-server.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let wire: Http1Server;
let server: Server;
let client: Socket;

beforeEach(async () => {
  folder = await temporaryFolder('sluice-tls-');
  mkdirSync(folder.path, { recursive: true });
  writeFileSync(join(folder.path, 'localhost.crt'), tlsCertificate);
  writeFileSync(join(folder.path, 'localhost.key'), tlsKey);
  wire = new Http1Server({
    onExchange: (exchange) => {
      exchange.start(200, ['content-length', '2']);
      exchange.write(Buffer.from('ok'));
      exchange.end();
    },
    onMalformed: ({ code }) => code,
  });
  const tls = new TlsServer(openCertificates(folder.path, Buffer.alloc(48)), wire, () => undefined);
  const accepted = Promise.withResolvers<void>();
  server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    tls.accept(socket);
    accepted.resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Connected, and no byte of a handshake has come.
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await accepted.promise;
});
afterEach(async () => {
  client.destroy();
  server.close();
  await folder.remove();
});

test('a drain waits for a handshake that is under way, and what is asked then is served', async () => {
  const ends: string[] = [];
  const drained = wire.drain({ boundMs: 60_000, idleMs: 60_000 }).then(() => ends.push('drained'));
  const secured = connectSecurely({ socket: client, servername: 'localhost', ca: tlsCertificate });
  secured.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const answer = await text(secured);
  ends.push('answered');
  await drained;
  expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n[^]*ok$/);
  expect(ends).toEqual(['answered', 'drained']);
});

test('a drain waits for a handshake no longer than its bound', async () => {
  await wire.drain({ boundMs: 1, idleMs: 1 });
  if (!client.closed) await once(client, 'close');
  expect(client.closed).toBe(true);
});

test('a drain does not wait for a handshake whose client has gone', async () => {
  const drained = wire.drain({ boundMs: 2 ** 30, idleMs: 1 });
  client.destroy();
  await expect(drained).resolves.toBeUndefined();
});

test('a handshake makes room for a connection when it has not ended for a second, and not before', async () => {
  expect(wire.makeRoom()).toBe(false);
  const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1000);
  const hasRoom = [wire.makeRoom(), wire.makeRoom()];
  now.mockRestore();
  expect(hasRoom).toEqual([true, false]);
  if (!client.closed) await once(client, 'close');
  expect(client.closed).toBe(true);
});
