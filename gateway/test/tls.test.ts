// The TLS port: a certificate for each name, the same wire behind it, and files that change.
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect as connectPlainly } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tlsCertificate, tlsKey } from '../src/identity/try-tls.js';
import { host, otherOwner } from './feed-server.js';
import { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';
import { acme, other, renewed } from './tls-pairs.js';

let stack: Stack;
let gateway: GatewayProcess;
let seen: IncomingMessage | undefined;
/** Requests to the upstream of the other tenant. */
let seenByOther = 0;

beforeAll(async () => {
  stack = await Stack.start();
  const upstream = await stack.upstream((req, res) => {
    seen = req;
    req.pipe(res);
  });
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]), {
    hosts: [host, 'one.wild.test', '127.0.0.1'],
  });
  const ofOther = await stack.upstream((_req, res) => {
    seenByOther += 1;
    res.end('of the other');
  });
  stack.feed.publish(documentOf({ one: ofOther.url }, [routeTo('one', '/open')]), {
    hosts: ['other.test'],
    owner: otherOwner,
    tenantSlug: 'other',
  });
  const pairs = { acme, default: other, localhost: { crt: tlsCertificate, key: tlsKey } };
  gateway = await stack.readyGateway(stack.tlsEnvironment(pairs));
});
afterAll(async () => stack.stop());

async function open(servername: string | undefined, more: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({
    port: gateway.tlsPort,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...(servername === undefined ? {} : { servername }),
    ...more,
  });
  await once(socket, 'secureConnect');
  return socket;
}

async function nameShown(servername: string | undefined): Promise<string> {
  const socket = await open(servername);
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

async function send(path: string, body: string): Promise<string> {
  const req = request({
    port: gateway.tlsPort,
    host: '127.0.0.1',
    path,
    method: 'POST',
    headers: { host },
    servername: host,
    ca: [acme.crt, renewed.crt],
    agent: false,
  });
  req.end(body);
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  return `${res.statusCode} ${await text(res)}`;
}

const message = (to: string, body: string): string =>
  `POST /open HTTP/1.1\r\nHost: ${to}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

const bare = (to: string): string => `GET /open HTTP/1.1\r\nHost: ${to}\r\n\r\n`;

/** What comes until each of them has its answer. */
async function answers(socket: TLSSocket, messages: readonly string[]): Promise<string> {
  let received = '';
  const onData = (chunk: Buffer): void => void (received += chunk.toString());
  socket.on('data', onData);
  socket.write(messages.join(''));
  await waitFor(() => statusesOf(received).length === messages.length, { what: 'all are answered' });
  socket.off('data', onData);
  return received;
}

const statusesOf = (received: string): number[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

/** The status for each host in turn, all over one connection. */
async function statuses(servername: string | undefined, hosts: readonly string[], more?: ConnectionOptions) {
  const socket = await open(servername, more);
  const received = await answers(socket, hosts.map(bare));
  socket.destroy();
  return statusesOf(received);
}

test('a request over TLS is served like any other, and the upstream learns of the TLS', async () => {
  expect(await send('/open', 'hello')).toBe('200 hello');
  expect(seen?.headers['x-forwarded-proto']).toBe('https');
  expect(seen?.headers.forwarded).toContain('proto=https');
  expect(seen?.headers['x-forwarded-for']).toBe('127.0.0.1');
  const large = 'x'.repeat(3_000_000);
  expect(await send('/open', large)).toBe(`200 ${large}`);
});

test('each name has its certificate, and whoever asks for none of them gets the default', async () => {
  expect(await nameShown(host)).toBe('acme');
  expect(await nameShown('API.acme.test')).toBe('acme');
  expect(await nameShown('one.wild.test')).toBe('acme');
  expect(await nameShown('two.one.wild.test')).toBe('other');
  expect(await nameShown('wild.test')).toBe('other');
  expect(await nameShown('unknown.test')).toBe('other');
  expect(await nameShown(undefined)).toBe('other');
});

test('the connection is kept, and pipelined requests are answered in order', async () => {
  const socket = await open(host);
  const received = await answers(socket, [message(host, 'first'), message(host, 'second')]);
  expect(received.indexOf('first')).toBeLessThan(received.indexOf('second'));
  expect(statusesOf(received)).toEqual([200, 200]);
  const rest = text(socket);
  socket.write('GET / HTTP/1.1\r\nX : 1\r\n\r\n');
  expect(statusesOf(await rest)).toEqual([400]);
});

test('a connection that was opened for one tenant’s host carries nothing for another’s, and goes on', async () => {
  const socket = await open(host);
  const received = await answers(socket, [message(host, 'first'), bare('other.test'), message(host, 'second')]);
  expect(statusesOf(received)).toEqual([200, 421, 200]);
  expect(received).toContain('"code":"misdirected_request"');
  expect(received.indexOf('first')).toBeLessThan(received.indexOf('misdirected_request'));
  expect(received.indexOf('misdirected_request')).toBeLessThan(received.indexOf('second'));
  expect(statusesOf(await answers(socket, [message(host, 'third')]))).toEqual([200]);
  // A body that nobody takes ends the connection, as after any refusal; it is no request of its own.
  const rest = text(socket);
  socket.write(message('other.test', bare(host)));
  expect(statusesOf(await rest)).toEqual([421]);
  expect(seenByOther).toBe(0);
  await waitFor(async () => (await gateway.metric('sluice_problems_total{code="misdirected_request"}')) === 2, {
    what: 'both are counted',
  });
  // Over a connection of its own it is served.
  expect(await statuses('other.test', ['other.test', host])).toEqual([200, 421]);
  expect(seenByOther).toBe(1);
});

test('which hosts a connection carries is what its certificate says: names, names below an asterisk, addresses', async () => {
  expect(await statuses(host, [host, 'one.wild.test', 'API.acme.test.:443'])).toEqual([200, 200, 200]);
  expect(await statuses('one.wild.test', ['wild.test', 'two.one.wild.test', host])).toEqual([421, 421, 200]);
  expect(await statuses(host, ['unknown.test', '127.0.0.1', '[::1]'])).toEqual([421, 421, 421]);
  expect(await statuses('localhost', ['127.0.0.1', '127.0.0.2', '[::1]'])).toEqual([200, 421, 421]);
});

test('a client that asks for no name, or an unknown one, has the hosts of the default certificate', async () => {
  for (const name of [undefined, 'unknown.test'])
    expect(await statuses(name, ['other.test', host, 'unknown.test'])).toEqual([200, 421, 421]);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a resumed connection (%s) carries what the one before it did',
  async (version) => {
    const first = await open(host, { maxVersion: version, minVersion: version });
    await answers(first, [bare(host)]);
    const session = first.getSession();
    first.destroy();
    expect(session).toBeInstanceOf(Buffer);
    const again = await open(host, { ...(session === undefined ? {} : { session }), maxVersion: version });
    expect(again.isSessionReused()).toBe(true);
    expect(statusesOf(await answers(again, [bare(host), bare('other.test')]))).toEqual([200, 421]);
    again.destroy();
  },
);

test('a client that speaks HTTP/1.1 alone, or says nothing of it, is served; one that wants something else is not', async () => {
  expect((await open(host, { ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol).toBe('http/1.1');
  expect((await open(host)).alpnProtocol).toBe(false);
  await expect(open(host, { ALPNProtocols: ['h2'] })).rejects.toThrow(/no application protocol|alert|reset/i);
});

test('what is not TLS ends at the TLS port, and TLS ends at the plain one, and neither harms anybody', async () => {
  const plain = connectPlainly(gateway.tlsPort, '127.0.0.1');
  plain.on('error', () => undefined);
  plain.write('GET /open HTTP/1.1\r\nHost: api.acme.test\r\n\r\n');
  let received = '';
  plain.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  await once(plain, 'close');
  expect(received).not.toContain('HTTP/1.1');
  const confused = connect({ port: gateway.port, host: '127.0.0.1', rejectUnauthorized: false });
  await expect(once(confused, 'secureConnect')).rejects.toThrow(/wrong version|reset|alert|disconnected/i);
  expect(await send('/open', 'still here')).toBe('200 still here');
});

test('a renewed certificate is taken up without a restart, and a broken one changes nothing', async () => {
  stack.putCertificate('acme', { crt: 'broken', key: acme.key });
  await waitFor(() => gateway.output.includes('a changed certificate cannot be read'), {
    what: 'the log says so',
    timeoutMs: 30_000,
  });
  expect(await nameShown(host)).toBe('acme');
  stack.putCertificate('acme', renewed);
  await waitFor(async () => (await nameShown(host)) === 'renewed', {
    what: 'the new one is shown',
    timeoutMs: 30_000,
    intervalMs: 200,
  });
});

test('a folder without a certificate is one clear line with the remedy', async () => {
  const empty = `${stack.dataDir}-none`;
  mkdirSync(empty);
  const refused = new GatewayProcess(stack.environment({ TLS_CERTIFICATES_DIR: empty, GATEWAY_ID: 'gw-none' }));
  expect(await refused.exited).toBe(1);
  expect(refused.output).toContain(
    `TLS_CERTIFICATES_DIR: ${empty} holds no certificate; put <name>.crt and <name>.key`,
  );
});
