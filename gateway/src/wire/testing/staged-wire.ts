// An HTTP/1.1 server of the wire whose clock the test sets, and clients of it; sockets are real.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { TimerWheel } from '../../http1/timer-wheel.js';
import { Turns } from '../../http1/turns.js';
import type { Exchange } from '../exchange.js';
import { Http1Server } from '../http1/http1-server.js';

export class StagedWire {
  readonly exchanges: Exchange[] = [];
  /** What became of each exchange. */
  readonly closes: boolean[] = [];
  readonly clients: WireClient[] = [];
  onExchange: (exchange: Exchange) => void = () => undefined;
  /** The server's side of the newest connection. */
  own: Socket | undefined;
  readonly wire: Http1Server;
  #now = 1000;
  #accepted = 0;
  readonly #wheel = new TimerWheel(() => this.#now);
  readonly #server: Server;

  private constructor() {
    this.wire = new Http1Server(
      {
        onExchange: (exchange) => {
          this.exchanges.push(exchange);
          exchange.onClose = (isComplete) => this.closes.push(isComplete);
          this.onExchange(exchange);
        },
        onMalformed: ({ code }) => code,
      },
      { wheel: this.#wheel, turns: new Turns() },
    );
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.wire.accept(socket);
      this.own = socket;
      this.#accepted += 1;
    });
  }

  static async start(): Promise<StagedWire> {
    const staged = new StagedWire();
    staged.#server.listen(0, '127.0.0.1');
    await once(staged.#server, 'listening');
    return staged;
  }

  stop(): void {
    for (const { socket } of this.clients) socket.destroy();
    this.#server.close();
  }

  /** Resolves when the server has the connection. */
  async open(): Promise<WireClient> {
    const before = this.#accepted;
    const client = new WireClient((this.#server.address() as AddressInfo).port);
    this.clients.push(client);
    await waitFor(() => this.#accepted > before, { what: 'the connection is accepted', intervalMs: 1 });
    return client;
  }

  /** The request that came as the `count`th. */
  async taken(count: number): Promise<Exchange> {
    await waitFor(() => this.exchanges.length === count, { what: `request ${count} is taken`, intervalMs: 1 });
    const exchange = this.exchanges[count - 1];
    if (exchange === undefined) throw new Error('no exchange');
    return exchange;
  }

  pass(ms: number): void {
    this.#now += ms;
    this.#wheel.turn();
  }
}

export class WireClient {
  text = '';
  isEnded = false;
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('latin1')));
    this.socket.on('error', () => (this.isEnded = true));
    this.socket.on('end', () => (this.isEnded = true));
  }

  async until(text: string): Promise<void> {
    await waitFor(() => this.text.includes(text), { what: `the client has got ${text}`, intervalMs: 1 });
  }

  async untilEnded(): Promise<void> {
    await waitFor(() => this.isEnded, { what: 'the connection has ended', intervalMs: 1 });
  }
}

/** What has been written to the server has been read. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}

export function head(line: string, ...more: string[]): string {
  return [line, 'Host: a.test', ...more, '', ''].join('\r\n');
}

export function answer(exchange: Exchange, body = 'ok'): void {
  exchange.start(200, ['content-length', String(body.length)]);
  exchange.write(Buffer.from(body));
  exchange.end();
}
