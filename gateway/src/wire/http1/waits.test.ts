// How long each wait for a client may be, on a clock that the tests set; sockets are real.
import type { Socket } from 'node:net';
import { problems } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BodyReader } from '../../http1/body.js';
import { answer, head, settle, StagedWire } from '../testing/staged-wire.js';

let staged: StagedWire;
beforeEach(async () => {
  staged = await StagedWire.start();
});
afterEach(() => staged.stop());

test('slow headers: a head has ten seconds from its first byte, however it drips', async () => {
  const client = await staged.open();
  for (const byte of 'GET / HTTP') {
    client.socket.write(byte);
    await settle();
    staged.pass(900);
  }
  expect(client.isEnded).toBe(false);
  staged.pass(1200);
  await client.untilEnded();
  expect(client.text).toMatch(new RegExp(`^HTTP/1.1 ${problems.request_timeout.status} .*connection: close`, 's'));
  expect(staged.exchanges).toEqual([]);
});

test('a connection that says nothing ends after ten seconds, and an idle one after 65', async () => {
  const silent = await staged.open();
  const idle = await staged.open();
  staged.onExchange = answer;
  idle.socket.write(head('GET / HTTP/1.1'));
  await idle.until('ok');
  staged.pass(10_100);
  await silent.untilEnded();
  expect([silent.text, idle.isEnded]).toEqual(['', false]);
  staged.pass(50_000);
  idle.socket.write(head('GET / HTTP/1.1'));
  await staged.taken(2);
  await settle();
  staged.pass(60_000);
  expect(idle.isEnded).toBe(false);
  staged.pass(6000);
  await idle.untilEnded();
});

test('slow bodies: less than 3,000 bytes in 30 seconds fail the request, with a reason for the client', async () => {
  const reader: BodyReader = { onData: () => true, onEnd: () => undefined, onError: () => undefined };
  staged.onExchange = (exchange) => {
    exchange.onBodyFailed = ({ code }) => answer(exchange, code);
    exchange.takeBody()?.read(reader);
  };
  const slow = await staged.open();
  const steady = await staged.open();
  for (const client of [slow, steady]) client.socket.write(head('POST / HTTP/1.1', 'Content-Length: 100000'));
  await staged.taken(2);
  for (let window = 0; window < 3; window += 1) {
    slow.socket.write('x');
    steady.socket.write('x'.repeat(4000));
    await settle();
    staged.pass(30_100);
  }
  await slow.until('request_timeout');
  await slow.untilEnded();
  expect(slow.text).toContain('connection: close');
  expect([steady.text, steady.isEnded]).toEqual(['', false]);
});

test('a body that its reader does not take is no fault of the client', async () => {
  let reads = 0;
  staged.onExchange = (exchange) => {
    exchange.onBodyFailed = ({ code }) => answer(exchange, code);
    exchange.takeBody()?.read({ onData: () => (reads += 1) < 0, onEnd: () => undefined, onError: () => undefined });
  };
  const client = await staged.open();
  client.socket.write(`${head('POST / HTTP/1.1', 'Content-Length: 100000')}x`);
  await waitFor(() => reads === 1, { what: 'the reader has got something', intervalMs: 1 });
  staged.pass(30_100);
  staged.pass(30_100);
  await settle();
  expect([client.text, client.isEnded, staged.closes]).toEqual(['', false, []]);
});

test('slow readers: who takes nothing for a minute is cut off', async () => {
  const chunk = Buffer.alloc(64 * 1024);
  staged.onExchange = (exchange) => {
    exchange.start(200, []);
    const fill = (): void => {
      while (exchange.write(chunk));
    };
    exchange.onDrain = fill;
    fill();
  };
  const client = await staged.open();
  client.socket.pause();
  client.socket.write(head('GET / HTTP/1.1'));
  await staged.taken(1);
  await settle();
  staged.pass(59_000);
  expect(staged.closes).toEqual([]);
  staged.pass(1200);
  await waitFor(() => staged.closes.length === 1, { what: 'the exchange has ended', intervalMs: 1 });
  expect(staged.closes).toEqual([false]);
});

test('half-close: a client that has ended its side is heard while its answer moves, and a second longer', async () => {
  const client = await staged.open();
  client.socket.end(head('GET / HTTP/1.1'));
  const exchange = await staged.taken(1);
  await settle();
  staged.pass(900);
  exchange.start(200, []);
  exchange.write(Buffer.from('one'));
  await client.until('one');
  staged.pass(900);
  exchange.write(Buffer.from('two'));
  await client.until('two');
  expect(staged.closes).toEqual([]);
  staged.pass(1200);
  await waitFor(() => staged.closes.length === 1, { what: 'the exchange has ended', intervalMs: 1 });
  expect(staged.closes).toEqual([false]);
});

/** The system takes nothing more of a socket, until what is returned is called. */
function hold(socket: Socket | undefined): () => void {
  if (socket === undefined) throw new Error('no connection');
  const write = socket._write.bind(socket);
  const held: (() => void)[] = [];
  socket._write = (...args) => void held.push(() => write(...args));
  return () => {
    socket._write = write;
    for (const one of held.splice(0)) one();
  };
}

test('slow readers: the last piece of an answer, too, may take a minute before its connection closes', async () => {
  const client = await staged.open();
  client.socket.write(head('GET / HTTP/1.1', 'Connection: close'));
  const exchange = await staged.taken(1);
  const release = hold(staged.own);
  answer(exchange);
  await settle();
  staged.pass(50_000);
  await settle();
  release();
  await client.untilEnded();
  expect(client.text).toMatch(/ok$/);
});
