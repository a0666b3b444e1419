// What goes over a connection: early answers, framing, pipelining.
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BodyReader } from '../../http1/body.js';
import type { Exchange } from '../exchange.js';
import { answer, head, settle, StagedWire } from '../testing/staged-wire.js';

let staged: StagedWire;
beforeEach(async () => {
  staged = await StagedWire.start();
});
afterEach(() => staged.stop());

test('early answer: what a client still sends is read for a second, and then the connection ends', async () => {
  staged.onExchange = answer;
  const client = await staged.open();
  client.socket.write(`${head('POST / HTTP/1.1', 'Content-Length: 100000')}x`);
  await client.until('ok');
  await client.untilEnded(); // our half of it
  client.socket.write('x'.repeat(1000));
  await settle();
  expect([client.text.includes('connection: close'), client.socket.destroyed, staged.closes]).toEqual([
    true,
    false,
    [true],
  ]);
  staged.pass(1200);
  const isRefused = (): boolean => {
    client.socket.write('x');
    return client.socket.destroyed;
  };
  await waitFor(isRefused, { what: 'nobody reads it any more', intervalMs: 1 });
  expect(client.socket.destroyed).toBe(true);
});

const answerEarly = (exchange: Exchange): void => {
  const reader: BodyReader = { onData: () => true, onEnd: () => undefined, onError: () => undefined };
  exchange.takeBody()?.read(reader);
  answer(exchange);
};

test('early answer: who drips what nobody will read is not listened to until the connection ends', async () => {
  staged.onExchange = answerEarly;
  const client = await staged.open();
  client.socket.write(`${head('POST / HTTP/1.1', 'Content-Length: 100000')}x`);
  await client.until('ok');
  const isPaused = (): boolean => {
    client.socket.write('x');
    return staged.own?.isPaused() === true;
  };
  await waitFor(isPaused, { what: 'nobody listens', intervalMs: 1 });
  expect(client.isEnded).toBe(false);
  staged.pass(1200);
  await client.untilEnded();
});

test('early answer: the rest of a body that comes at once leaves the connection for the next request', async () => {
  staged.onExchange = answerEarly;
  const client = await staged.open();
  client.socket.write(head('POST / HTTP/1.1', 'Content-Length: 100000'));
  await client.until('ok');
  client.socket.write('x'.repeat(100_000));
  client.text = '';
  client.socket.write(head('GET /next HTTP/1.1'));
  await client.until('ok');
  expect(staged.exchanges.map(({ path }) => path)).toEqual(['/', '/next']);
});

test('an answer that is longer or shorter than it said breaks the connection, and never looks whole', async () => {
  staged.onExchange = (exchange) => {
    exchange.start(200, ['content-length', '5']);
    exchange.write(Buffer.from(exchange.path === '/long' ? 'abcdefg' : 'abc'));
    exchange.end();
  };
  for (const path of ['/long', '/short']) {
    const client = await staged.open();
    client.socket.write(head(`GET ${path} HTTP/1.1`));
    await client.untilEnded();
    expect(client.text).not.toContain('abcde');
  }
  expect(staged.closes).toEqual([false, false]);
});

test('framing is written anew, and what no header may hold becomes a space', async () => {
  staged.onExchange = (exchange) => {
    exchange.start(200, ['Transfer-Encoding', 'gzip', 'Connection', 'x', 'X-A', 'b\r\nX-Injected: 1', 'X-B', '\u010a']);
    exchange.write(Buffer.from('ok'));
    exchange.end();
  };
  const client = await staged.open();
  client.socket.write(head('GET / HTTP/1.1'));
  await client.until('0\r\n\r\n');
  expect(client.text).toMatch(
    /^HTTP\/1\.1 200 OK\r\nX-A: b  X-Injected: 1\r\nX-B:  \r\ndate: [^\r]+ GMT\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n$/,
  );
});

test('answers without a body have none, whatever is written: HEAD, 204 and 304', async () => {
  staged.onExchange = (exchange) => {
    exchange.start(Number(exchange.path.slice(1)), ['content-length', '2']);
    exchange.write(Buffer.from('ok'));
    exchange.end();
  };
  const client = await staged.open();
  client.socket.write(head('HEAD /200 HTTP/1.1') + head('GET /204 HTTP/1.1') + head('GET /304 HTTP/1.1'));
  await client.until('304');
  await settle();
  const parts = client.text.split('\r\n\r\n');
  expect(parts).toHaveLength(4);
  expect(parts.map((part) => /content-length/.test(part))).toEqual([true, false, true, false]);
  expect(parts[3]).toBe('');
});

test('HTTP/1.0: an answer of unknown length ends with the connection, and one of a length may keep it', async () => {
  staged.onExchange = (exchange) => {
    exchange.start(200, exchange.path === '/known' ? ['content-length', '2'] : []);
    exchange.write(Buffer.from('ok'));
    exchange.end();
  };
  const client = await staged.open();
  client.socket.write(head('GET /known HTTP/1.0', 'Connection: keep-alive'));
  await client.until('ok');
  expect(client.text).toContain('connection: keep-alive');
  client.text = '';
  client.socket.write(head('GET /unknown HTTP/1.0', 'Connection: keep-alive'));
  await client.untilEnded();
  expect(client.text).toMatch(/connection: close\r\n\r\nok$/);
});

test('pipelining: a request is taken only when the answer before it is out', async () => {
  const client = await staged.open();
  client.socket.write(head('GET /one HTTP/1.1') + head('GET /two HTTP/1.1'));
  const first = await staged.taken(1);
  await settle();
  expect(staged.exchanges).toHaveLength(1);
  answer(first);
  expect((await staged.taken(2)).path).toBe('/two');
});
