// The TLS port: a certificate for each name, the same wire behind it, and files that change.
import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect as connectPlainly } from 'node:net';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { waitFor } from '@sluice/local-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { host } from './feed-server.js';
import { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack } from './stack.js';
import { acme, other, renewed } from './tls-pairs.js';
import type { Pair } from './tls-pairs.js';

let stack: Stack;
let gateway: GatewayProcess;
let folder = '';
let seen: IncomingMessage | undefined;

beforeAll(async () => {
  stack = await Stack.start();
  folder = `${stack.dataDir}-certificates`;
  mkdirSync(folder);
  put('acme', acme);
  put('default', other);
  const upstream = await stack.upstream((req, res) => {
    seen = req;
    req.pipe(res);
  });
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]));
  gateway = await stack.readyGateway({ TLS_PORT: '0', TLS_CERTIFICATES_DIR: folder });
});
afterAll(async () => stack.stop());

/** As a careful operator does it: whole files take the place of whole files. */
function put(name: string, { crt, key }: Pair): void {
  for (const [ending, text] of Object.entries({ key, crt })) {
    writeFileSync(`${folder}/${name}.${ending}.new`, text);
    renameSync(`${folder}/${name}.${ending}.new`, `${folder}/${name}.${ending}`);
  }
}

const tlsPort = (): number => Number(/"tlsPort":(\d+)/.exec(gateway.output)?.[1]);

async function open(servername: string | undefined, more: { ALPNProtocols?: string[] } = {}): Promise<TLSSocket> {
  const socket = connect({
    port: tlsPort(),
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
    port: tlsPort(),
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
  let text = '';
  for await (const chunk of res) text += String(chunk);
  return `${res.statusCode} ${text}`;
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
  const message = (body: string): string =>
    `POST /open HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  socket.write(message('first') + message('second'));
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await waitFor(() => text.includes('first') && text.includes('second'), { what: 'both are answered' });
  expect(text.indexOf('first')).toBeLessThan(text.indexOf('second'));
  socket.write('GET / HTTP/1.1\r\nX : 1\r\n\r\n');
  await once(socket, 'end');
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400']);
  socket.destroy();
});

test('a client that speaks HTTP/1.1 alone, or says nothing of it, is served; one that wants something else is not', async () => {
  expect((await open(host, { ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol).toBe('http/1.1');
  expect((await open(host)).alpnProtocol).toBe(false);
  await expect(open(host, { ALPNProtocols: ['h2'] })).rejects.toThrow(/no application protocol|alert|reset/i);
});

test('what is not TLS ends at the TLS port, and TLS ends at the plain one, and neither harms anybody', async () => {
  const plain = connectPlainly(tlsPort(), '127.0.0.1');
  plain.on('error', () => undefined);
  plain.write('GET /open HTTP/1.1\r\nHost: api.acme.test\r\n\r\n');
  let text = '';
  plain.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  await once(plain, 'close');
  expect(text).not.toContain('HTTP/1.1');
  const confused = connect({ port: gateway.port, host: '127.0.0.1', rejectUnauthorized: false });
  await expect(once(confused, 'secureConnect')).rejects.toThrow(/wrong version|reset|alert|disconnected/i);
  expect(await send('/open', 'still here')).toBe('200 still here');
});

test('a renewed certificate is taken up without a restart, and a broken one changes nothing', async () => {
  put('acme', { crt: 'broken', key: acme.key });
  await waitFor(() => gateway.output.includes('a changed certificate cannot be read'), {
    what: 'the log says so',
    timeoutMs: 30_000,
  });
  expect(await nameShown(host)).toBe('acme');
  put('acme', renewed);
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
