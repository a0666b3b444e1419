import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from './free-port.js';

test('a port is drawn once, though nobody listens on it yet', async () => {
  const ports = await Promise.all(Array.from({ length: 400 }, async () => freePort()));
  expect(new Set(ports).size).toBe(ports.length);
});

test('another process sees that it is drawn', async () => {
  const socket = createSocket('udp4').bind({ port: await freePort(), address: '127.0.0.1', exclusive: true });
  expect(await once(socket, 'error')).toMatchObject([{ code: 'EADDRINUSE' }]);
  socket.close();
});

test('the port besides it is free, too, and is drawn with it', async () => {
  const besides = 10_000;
  const port = await freePort(besides);
  const server = createServer().listen(port + besides, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  const socket = createSocket('udp4').bind({ port: port + besides, address: '127.0.0.1', exclusive: true });
  expect(await once(socket, 'error')).toMatchObject([{ code: 'EADDRINUSE' }]);
  socket.close();
});
