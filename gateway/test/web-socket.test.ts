// WebSockets through the gateway, and events that must not wait for each other.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { host } from './feed-server.js';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';
import { upgradeAccepted } from './upgrade-accepted.js';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const megabyte = 1024 * 1024;
let stack: Stack;
let gateway: GatewayProcess;
/** What each upgraded connection has said, by its path. */
const heard = new Map<string, string>();
const tunnels = new Map<string, Socket>();
let events: ServerResponse | undefined;

beforeAll(async () => {
  stack = await Stack.start();
  const { server, url } = await stack.upstream((_req, res) => {
    events = res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.flushHeaders();
  });
  server.on('upgrade', (req, socket: Socket, first: Buffer) => {
    const path = req.url ?? '';
    tunnels.set(path, socket);
    socket.on('error', () => undefined);
    const asked = path.includes('forged') ? 'x' : String(req.headers['sec-websocket-key']);
    const protocol = path.includes('h2c') ? 'h2c' : 'websocket';
    socket.write(`${upgradeAccepted(asked, ['X-Kept: yes'], protocol)}hello `);
    if (path.includes('deaf')) {
      socket.pause();
      return;
    }
    const hear = (bytes: Buffer): void => {
      heard.set(path, (heard.get(path) ?? '') + bytes.toString('latin1'));
      socket.write(bytes);
    };
    if (first.length > 0) hear(first);
    socket.on('data', hear);
    socket.on('end', () => socket.end());
  });
  stack.feed.publish(documentOf({ one: url }, [routeTo('one', '/ws'), routeTo('one', '/keyed', withKey)]));
  stack.feed.admit('good');
  gateway = await stack.readyGateway({ THREADS: '1' });
});
afterAll(async () => stack.stop());

const handshake = (path: string, ...more: string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: keep-alive, Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    ...more,
    '',
    '',
  ].join('\r\n');

class Client {
  text = '';
  isEnded = false;
  readonly socket: Socket;

  constructor(bytes: string) {
    this.socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
    this.socket.on('error', () => (this.isEnded = true));
    this.socket.on('end', () => (this.isEnded = true));
    this.socket.write(bytes, 'latin1');
  }

  async until(text: string): Promise<void> {
    await waitFor(() => this.text.includes(text), { what: `the client has got ${text}` });
  }
}

test('what either side says goes to the other one as it is, from the first byte on', async () => {
  const client = new Client(`${handshake('/ws/echo')}early `);
  await client.until('hello early ');
  expect(client.text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
  expect(client.text).toMatch(/\r\nupgrade: websocket\r\nconnection: upgrade\r\n/);
  expect(client.text).toContain('\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n');
  expect(client.text).toContain('\r\nX-Kept: yes\r\n');
  client.socket.write('GET /ws/smuggled HTTP/1.1\r\n\r\n\0\xff', 'latin1');
  await client.until('\0\xff');
  expect(heard.get('/ws/echo')).toBe('early GET /ws/smuggled HTTP/1.1\r\n\r\n\0\xff');
  client.socket.end();
  await waitFor(() => client.isEnded, { what: 'the end has come round' });
});

test('an upstream that ends a WebSocket ends the client’s side of it', async () => {
  const client = new Client(handshake('/ws/ends'));
  await client.until('hello ');
  tunnels.get('/ws/ends')?.end('bye');
  await waitFor(() => client.isEnded, { what: 'the client is told' });
  expect(client.text).toMatch(/hello bye$/);
  client.socket.destroy();
});

test('a client that goes away takes the upstream’s side along', async () => {
  const client = new Client(handshake('/ws/leaves'));
  await client.until('hello ');
  const gone = once(tunnels.get('/ws/leaves') ?? client.socket, 'close');
  client.socket.resetAndDestroy();
  await expect(gone).resolves.toBeDefined();
});

test.each(['/ws/forged', '/ws/h2c'])(
  'a 101 that does not answer what was asked for opens no tunnel: %s',
  async (path) => {
    const client = new Client(`${handshake(path)}GET /ws/smuggled HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await client.until('upstream_failed');
    expect(client.text).toMatch(/^HTTP\/1\.1 502 /);
    expect([client.text.includes('hello'), heard.get(path)]).toEqual([false, undefined]);
    client.socket.destroy();
  },
);

test('a WebSocket needs the key of its route like any request', async () => {
  const refused = new Client(handshake('/keyed/ws'));
  await refused.until('credential_missing');
  expect(refused.text).toMatch(/^HTTP\/1\.1 401 /);
  refused.socket.destroy();
  const admitted = new Client(handshake('/keyed/ws', 'X-Api-Key: good'));
  await admitted.until('hello ');
  admitted.socket.destroy();
});

test('an upstream that does not listen stops the client, and costs the gateway no memory', async () => {
  const client = new Client(handshake('/ws/deaf'));
  await client.until('hello ');
  const before = gateway.residentBytes;
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let written = 0;
  let isTaken = false;
  const take = (): void => void (isTaken = true);
  // Written until nothing has been taken between two looks.
  await waitFor(
    () => {
      if (written > 0 && !isTaken) return true;
      isTaken = false;
      while (client.socket.write(chunk, take)) written += chunk.length;
      written += chunk.length;
      return written > 50 * megabyte;
    },
    { what: 'the client is held back', intervalMs: 300 },
  );
  expect(written).toBeLessThan(50 * megabyte);
  expect(gateway.residentBytes - before).toBeLessThan(20 * megabyte);
  client.socket.destroy();
});

test('each event of an upstream reaches the client before the next one is written', async () => {
  const client = new Client(`GET /ws/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await client.until('text/event-stream');
  for (const event of ['one', 'two', 'three']) {
    expect(client.text).not.toContain(event);
    events?.write(`data: ${event}\n\n`);
    await client.until(`data: ${event}\n\n`);
  }
  client.socket.destroy();
});

test('a WebSocket leaves one record, with the bytes that went either way', async () => {
  expect(await gateway.stop()).toBe(0);
  const lines = stack
    .spooled()
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.includes('"/ws/echo"'));
  expect(lines).toHaveLength(1);
  // Its host, path, status; and the bytes of "early ..." and of "hello early ...".
  expect(lines[0]).toContain(`"${host}","/ws/echo",101,""`);
  expect(lines[0]).toMatch(/,37,43,/);
});
