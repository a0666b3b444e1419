// How long each wait for a client may be, on a clock that the tests set; sockets are real.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { problems } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BodyReader } from '../../http1/body.js';
import { TimerWheel } from '../../http1/timer-wheel.js';
import { Turns } from '../../http1/turns.js';
import type { Exchange } from '../exchange.js';
import { Http1Server } from './http1-server.js';

let now = 0;
let wheel: TimerWheel;
let wire: Http1Server;
let server: Server;
let accepted = 0;
/** The server's side of the newest connection. */
let own: Socket | undefined;
const clients: Client[] = [];
let exchanges: Exchange[] = [];
/** What became of each exchange. */
let closes: boolean[] = [];
let onExchange: (exchange: Exchange) => void;

beforeEach(async () => {
  now = 1000;
  accepted = 0;
  // Of this test alone: connections of the one before may still be closing.
  const ownExchanges: Exchange[] = [];
  const ownCloses: boolean[] = [];
  exchanges = ownExchanges;
  closes = ownCloses;
  onExchange = () => undefined;
  wheel = new TimerWheel(() => now);
  wire = new Http1Server(
    {
      onExchange: (exchange) => {
        ownExchanges.push(exchange);
        exchange.onClose = (isComplete) => ownCloses.push(isComplete);
        onExchange(exchange);
      },
      onMalformed: ({ code }) => code,
    },
    { wheel, turns: new Turns() },
  );
  server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    wire.accept(socket);
    own = socket;
    accepted += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.destroy();
  server.close();
});

class Client {
  text = '';
  isEnded = false;
  readonly socket: Socket;

  private constructor() {
    this.socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
    this.socket.on('error', () => (this.isEnded = true));
    this.socket.on('end', () => (this.isEnded = true));
    clients.push(this);
  }

  static async open(): Promise<Client> {
    const before = accepted;
    const client = new Client();
    await waitFor(() => accepted > before, { what: 'the connection is accepted', intervalMs: 1 });
    return client;
  }

  async until(text: string): Promise<void> {
    await waitFor(() => this.text.includes(text), { what: `the client has got ${text}`, intervalMs: 1 });
  }

  async untilEnded(): Promise<void> {
    await waitFor(() => this.isEnded, { what: 'the connection has ended', intervalMs: 1 });
  }
}

const pass = (ms: number): void => {
  now += ms;
  wheel.turn();
};
/** What has been written to the server has been read. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
};
const head = (line: string, ...more: string[]): string => [line, 'Host: a.test', ...more, '', ''].join('\r\n');
const taken = async (count: number): Promise<Exchange> => {
  await waitFor(() => exchanges.length === count, { what: `request ${count} is taken`, intervalMs: 1 });
  const exchange = exchanges[count - 1];
  if (exchange === undefined) throw new Error('no exchange');
  return exchange;
};
const answer = (exchange: Exchange, body = 'ok'): void => {
  exchange.start(200, ['content-length', String(body.length)]);
  exchange.write(Buffer.from(body));
  exchange.end();
};

test('slow headers: a head has ten seconds from its first byte, however it drips', async () => {
  const client = await Client.open();
  for (const byte of 'GET / HTTP') {
    client.socket.write(byte);
    await settle();
    pass(900);
  }
  expect(client.isEnded).toBe(false);
  pass(1200);
  await client.untilEnded();
  expect(client.text).toMatch(new RegExp(`^HTTP/1.1 ${problems.request_timeout.status} .*connection: close`, 's'));
  expect(exchanges).toEqual([]);
});

test('a connection that says nothing ends after ten seconds, and an idle one after 65', async () => {
  const silent = await Client.open();
  const idle = await Client.open();
  onExchange = answer;
  idle.socket.write(head('GET / HTTP/1.1'));
  await idle.until('ok');
  pass(10_100);
  await silent.untilEnded();
  expect([silent.text, idle.isEnded]).toEqual(['', false]);
  pass(50_000);
  idle.socket.write(head('GET / HTTP/1.1'));
  await taken(2);
  await settle();
  pass(60_000);
  expect(idle.isEnded).toBe(false);
  pass(6000);
  await idle.untilEnded();
});

test('slow bodies: less than 3,000 bytes in 30 seconds fail the request, with a reason for the client', async () => {
  const reader: BodyReader = { onData: () => true, onEnd: () => undefined, onError: () => undefined };
  onExchange = (exchange) => {
    exchange.onBodyFailed = ({ code }) => answer(exchange, code);
    exchange.takeBody()?.read(reader);
  };
  const slow = await Client.open();
  const steady = await Client.open();
  for (const client of [slow, steady]) client.socket.write(head('POST / HTTP/1.1', 'Content-Length: 100000'));
  await taken(2);
  for (let window = 0; window < 3; window += 1) {
    slow.socket.write('x');
    steady.socket.write('x'.repeat(4000));
    await settle();
    pass(30_100);
  }
  await slow.until('request_timeout');
  await slow.untilEnded();
  expect(slow.text).toContain('connection: close');
  expect([steady.text, steady.isEnded]).toEqual(['', false]);
});

test('a body that its reader does not take is no fault of the client', async () => {
  let reads = 0;
  onExchange = (exchange) => {
    exchange.onBodyFailed = ({ code }) => answer(exchange, code);
    exchange.takeBody()?.read({ onData: () => (reads += 1) < 0, onEnd: () => undefined, onError: () => undefined });
  };
  const client = await Client.open();
  client.socket.write(`${head('POST / HTTP/1.1', 'Content-Length: 100000')}x`);
  await waitFor(() => reads === 1, { what: 'the reader has got something', intervalMs: 1 });
  pass(30_100);
  pass(30_100);
  await settle();
  expect([client.text, client.isEnded, closes]).toEqual(['', false, []]);
});

test('slow readers: who takes nothing for a minute is cut off', async () => {
  const chunk = Buffer.alloc(64 * 1024);
  onExchange = (exchange) => {
    exchange.start(200, []);
    const fill = (): void => {
      while (exchange.write(chunk));
    };
    exchange.onDrain = fill;
    fill();
  };
  const client = await Client.open();
  client.socket.pause();
  client.socket.write(head('GET / HTTP/1.1'));
  await taken(1);
  await settle();
  pass(59_000);
  expect(closes).toEqual([]);
  pass(1200);
  await waitFor(() => closes.length === 1, { what: 'the exchange has ended', intervalMs: 1 });
  expect(closes).toEqual([false]);
});

test('half-close: a client that has ended its side is heard while its answer moves, and a second longer', async () => {
  const client = await Client.open();
  client.socket.end(head('GET / HTTP/1.1'));
  const exchange = await taken(1);
  await settle();
  pass(900);
  exchange.start(200, []);
  exchange.write(Buffer.from('one'));
  await client.until('one');
  pass(900);
  exchange.write(Buffer.from('two'));
  await client.until('two');
  expect(closes).toEqual([]);
  pass(1200);
  await waitFor(() => closes.length === 1, { what: 'the exchange has ended', intervalMs: 1 });
  expect(closes).toEqual([false]);
});

test('early answer: what a client still sends is read for a second, and then the connection ends', async () => {
  onExchange = answer;
  const client = await Client.open();
  client.socket.write(`${head('POST / HTTP/1.1', 'Content-Length: 100000')}x`);
  await client.until('ok');
  await client.untilEnded(); // our half of it
  client.socket.write('x'.repeat(1000));
  await settle();
  expect([client.text.includes('connection: close'), client.socket.destroyed, closes]).toEqual([true, false, [true]]);
  pass(1200);
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
  onExchange = answerEarly;
  const client = await Client.open();
  client.socket.write(`${head('POST / HTTP/1.1', 'Content-Length: 100000')}x`);
  await client.until('ok');
  const isPaused = (): boolean => {
    client.socket.write('x');
    return own?.isPaused() === true;
  };
  await waitFor(isPaused, { what: 'nobody listens', intervalMs: 1 });
  expect(client.isEnded).toBe(false);
  pass(1200);
  await client.untilEnded();
});

test('early answer: the rest of a body that comes at once leaves the connection for the next request', async () => {
  onExchange = answerEarly;
  const client = await Client.open();
  client.socket.write(head('POST / HTTP/1.1', 'Content-Length: 100000'));
  await client.until('ok');
  client.socket.write('x'.repeat(100_000));
  client.text = '';
  client.socket.write(head('GET /next HTTP/1.1'));
  await client.until('ok');
  expect(exchanges.map(({ path }) => path)).toEqual(['/', '/next']);
});

test('an answer that is longer or shorter than it said breaks the connection, and never looks whole', async () => {
  onExchange = (exchange) => {
    exchange.start(200, ['content-length', '5']);
    exchange.write(Buffer.from(exchange.path === '/long' ? 'abcdefg' : 'abc'));
    exchange.end();
  };
  for (const path of ['/long', '/short']) {
    const client = await Client.open();
    client.socket.write(head(`GET ${path} HTTP/1.1`));
    await client.untilEnded();
    expect(client.text).not.toContain('abcde');
  }
  expect(closes).toEqual([false, false]);
});

test('framing is written anew, and what no header may hold becomes a space', async () => {
  onExchange = (exchange) => {
    exchange.start(200, ['Transfer-Encoding', 'gzip', 'Connection', 'x', 'X-A', 'b\r\nX-Injected: 1', 'X-B', '\u010a']);
    exchange.write(Buffer.from('ok'));
    exchange.end();
  };
  const client = await Client.open();
  client.socket.write(head('GET / HTTP/1.1'));
  await client.until('0\r\n\r\n');
  expect(client.text).toMatch(
    /^HTTP\/1\.1 200 OK\r\nX-A: b  X-Injected: 1\r\nX-B:  \r\ndate: [^\r]+ GMT\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n$/,
  );
});

test('answers without a body have none, whatever is written: HEAD, 204 and 304', async () => {
  onExchange = (exchange) => {
    exchange.start(Number(exchange.path.slice(1)), ['content-length', '2']);
    exchange.write(Buffer.from('ok'));
    exchange.end();
  };
  const client = await Client.open();
  client.socket.write(head('HEAD /200 HTTP/1.1') + head('GET /204 HTTP/1.1') + head('GET /304 HTTP/1.1'));
  await client.until('304');
  await settle();
  const parts = client.text.split('\r\n\r\n');
  expect(parts).toHaveLength(4);
  expect(parts.map((part) => /content-length/.test(part))).toEqual([true, false, true, false]);
  expect(parts[3]).toBe('');
});

test('HTTP/1.0: an answer of unknown length ends with the connection, and one of a length may keep it', async () => {
  onExchange = (exchange) => {
    exchange.start(200, exchange.path === '/known' ? ['content-length', '2'] : []);
    exchange.write(Buffer.from('ok'));
    exchange.end();
  };
  const client = await Client.open();
  client.socket.write(head('GET /known HTTP/1.0', 'Connection: keep-alive'));
  await client.until('ok');
  expect(client.text).toContain('connection: keep-alive');
  client.text = '';
  client.socket.write(head('GET /unknown HTTP/1.0', 'Connection: keep-alive'));
  await client.untilEnded();
  expect(client.text).toMatch(/connection: close\r\n\r\nok$/);
});

test('pipelining: a request is taken only when the answer before it is out', async () => {
  const client = await Client.open();
  client.socket.write(head('GET /one HTTP/1.1') + head('GET /two HTTP/1.1'));
  const first = await taken(1);
  await settle();
  expect(exchanges).toHaveLength(1);
  answer(first);
  expect((await taken(2)).path).toBe('/two');
});

test('a drain says so in answers, and ends what is idle', async () => {
  onExchange = answer;
  const idle = await Client.open();
  idle.socket.write(head('GET / HTTP/1.1'));
  await idle.until('ok');
  onExchange = () => undefined;
  const busy = await Client.open();
  busy.socket.write(head('GET / HTTP/1.1'));
  const exchange = await taken(2);
  const drained = wire.drain({ boundMs: 60_000, idleMs: 500 });
  answer(exchange);
  await busy.until('connection: close');
  expect(idle.isEnded).toBe(false);
  pass(700);
  await idle.untilEnded();
  for (const client of clients) client.socket.end();
  await expect(drained).resolves.toBeUndefined();
});

test('a second drain shortens the first: what it breaks has ended before either says that nothing is left', async () => {
  const client = await Client.open();
  client.socket.write(head('GET / HTTP/1.1'));
  await taken(1);
  const drained = wire.drain({ boundMs: 2 ** 30, idleMs: 2 ** 30 }).then(() => [...closes]);
  await wire.drain({ boundMs: 1, idleMs: 1 });
  expect(await drained).toEqual([false]);
});

test('a second drain lengthens nothing', async () => {
  const client = await Client.open();
  client.socket.write(head('GET / HTTP/1.1'));
  await taken(1);
  const drained = wire.drain({ boundMs: 1, idleMs: 1 });
  await wire.drain({ boundMs: 2 ** 30, idleMs: 2 ** 30 });
  await drained;
  expect(closes).toEqual([false]);
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
  const client = await Client.open();
  client.socket.write(head('GET / HTTP/1.1', 'Connection: close'));
  const exchange = await taken(1);
  const release = hold(own);
  answer(exchange);
  await settle();
  pass(50_000);
  await settle();
  release();
  await client.untilEnded();
  expect(client.text).toMatch(/ok$/);
});

test('what the gateway breaks says why, and an answer without a length is not taken for a whole one', async () => {
  const [silent, endless] = [await Client.open(), await Client.open()];
  const errors: string[] = [];
  endless.socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? ''));
  silent.socket.write(head('GET /silent HTTP/1.1'));
  const waited = await taken(1);
  endless.socket.write(head('GET /endless HTTP/1.0'));
  const begun = await taken(2);
  begun.start(200, []);
  begun.write(Buffer.from('half of it'));
  await endless.until('half of it');
  for (let minute = 0; minute < 9; minute += 1) pass(60_000);
  waited.start(200, ['content-length', '5']);
  for (let minute = 0; minute < 2; minute += 1) pass(60_000);
  await endless.untilEnded();
  await wire.drain({ boundMs: 1, idleMs: 1 });
  expect([begun.cutFor, errors, waited.cutFor, closes]).toEqual(['idle', ['ECONNRESET'], 'drain', [false, false]]);
});

test('a client that has gone was cut off by nobody', async () => {
  const client = await Client.open();
  client.socket.write(head('GET / HTTP/1.1'));
  const exchange = await taken(1);
  client.socket.resetAndDestroy();
  await waitFor(() => closes.length === 1, { what: 'the server knows', intervalMs: 1 });
  expect(exchange.cutFor).toBeUndefined();
});
