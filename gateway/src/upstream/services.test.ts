// Questions to services, against real ones.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { waitFor } from '@sluice/local-stack';
import { expect, onTestFinished, test } from 'vitest';
import type { ServiceQuestion } from './services.js';
import { Services } from './services.js';
import { loopback } from './try-target.js';

interface Tried {
  readonly services: Services;
  readonly server: Server;
  /** Connections so far, in the order in which they came. */
  readonly sockets: Socket[];
  /** For each question, which connection it came by. */
  readonly usedBy: number[];
  readonly question: (more?: Partial<ServiceQuestion>) => ServiceQuestion;
}

async function service(listener: RequestListener, connections = 64): Promise<Tried> {
  const sockets: Socket[] = [];
  const usedBy: number[] = [];
  const server = createServer((req, res) => {
    usedBy.push(sockets.indexOf(req.socket));
    listener(req, res);
  });
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const services = new Services(loopback, { connections, keepAliveMs: 60_000 });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await services.close();
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/verify`);
  return {
    services,
    server,
    sockets,
    usedBy,
    question: (more) => ({
      owner: 'one',
      url,
      headers: [],
      timeoutMs: 5000,
      mostBytes: 1024,
      isRead: () => true,
      ...more,
    }),
  };
}

test('an owner’s questions follow each other on one connection, and no other owner’s are among them', async () => {
  const { services, usedBy, question } = await service((_req, res) => res.end('yes'));
  for (const owner of ['one', 'one', 'two', 'one', 'two']) {
    await services.ask(question({ owner }));
    // A connection rests for a turn of the event loop before it is used again.
    for (let turns = 0; turns < 3; turns += 1) await turn();
  }
  expect(usedBy).toEqual([0, 0, 1, 0, 1]);
});

test('beyond its connections, an owner’s questions wait for each other', async () => {
  const { services, sockets, question } = await service((_req, res) => res.end('yes'), 2);
  const answers = await Promise.all(Array.from({ length: 10 }, async () => services.ask(question())));
  expect(answers.map((answer) => answer.ok)).toEqual(Array.from({ length: 10 }, () => true));
  expect(sockets.length).toBe(2);
});

test('what is beyond the bound of a body is not read, and nobody uses that connection again', async () => {
  const { services, sockets, usedBy, question } = await service((_req, res) => {
    res.writeHead(200);
    const more = (): void => void (res.writable && res.write('x'.repeat(65_536), () => setImmediate(more)));
    more();
  });
  const answer = await services.ask(question({ mostBytes: 10 }));
  expect(answer).toMatchObject({ ok: true, status: 200, isWhole: false, body: Buffer.from('x'.repeat(10)) });
  await waitFor(() => sockets[0]?.destroyed === true, { what: 'the connection is closed' });
  await services.ask(question({ mostBytes: 10 }));
  expect(usedBy).toEqual([0, 1]);
});

test('a body of exactly the bound is whole, and of an answer that is not wanted none is read', async () => {
  const { services, question } = await service((req, res) => {
    if (req.url === '/elsewhere') res.writeHead(302, { Location: '/verify' }).write('never whole');
    else res.end('0123456789');
  });
  expect(await services.ask(question({ mostBytes: 10 }))).toMatchObject({
    isWhole: true,
    body: Buffer.from('0123456789'),
  });
  expect(await services.ask(question({ mostBytes: 9 }))).toMatchObject({
    isWhole: false,
    body: Buffer.from('012345678'),
  });
  const url = new URL('/elsewhere', question().url);
  const unwanted = await services.ask(question({ url, isRead: (status) => status === 200 }));
  expect(unwanted).toMatchObject({ ok: true, status: 302, isWhole: false, body: Buffer.alloc(0) });
  expect(unwanted.ok && unwanted.headers).toContainEqual(['location', '/verify']);
});

test('the time covers everything up to the last byte', async () => {
  const { services, question } = await service((req, res) => {
    if (req.url !== '/verify') return;
    res.write('a beginning');
  });
  const timeoutMs = 100;
  expect(await services.ask(question({ timeoutMs }))).toEqual({ ok: false, fault: 'timeout' });
  const url = new URL('/silent', question().url);
  expect(await services.ask(question({ timeoutMs, url }))).toEqual({ ok: false, fault: 'timeout' });
});

test('a service that breaks off, says what no head may say, or does not exist, is out of reach', async () => {
  const { services, server, question } = await service((_req, res) => {
    res.writeHead(200, { 'content-length': '10' }).write('half');
    setImmediate(() => res.destroy());
  });
  const unreachable = { ok: false, fault: 'unreachable' };
  expect(await services.ask(question())).toEqual(unreachable);
  expect(await services.ask(question({ headers: ['x-name', 'a\r\nx-other: b'] }))).toEqual(unreachable);
  server.close();
  await once(server, 'close');
  expect(await services.ask(question())).toEqual(unreachable);
});
