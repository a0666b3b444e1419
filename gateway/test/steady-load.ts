// Clients that never stop asking, over raw sockets, so that nothing is tried again behind the test's back: whatever a client
// would have seen as a failure is counted as one.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { host } from './feed-server.js';

export interface SteadyLoadOptions {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Clients that open a connection for each request. */
  readonly fresh: number;
  /** Clients that keep their connection until the gateway says that it ends. */
  readonly kept: number;
  /** Where the next connection goes; a client in flight stays where it is. */
  readonly port: () => number;
  /** Undefined: without TLS. Every second connection resumes the session of one before it. */
  readonly tls?: ConnectionOptions;
}

export class SteadyLoad {
  /** How often each status was answered. */
  readonly statuses = new Map<number, number>();
  readonly failures: string[] = [];
  readonly requestIds: string[] = [];
  /** Answers on kept connections that announced their end. */
  closes = 0;
  /** Connections that resumed a session. */
  resumed = 0;
  inFlight = 0;
  readonly #options: SteadyLoadOptions;
  readonly #running: Promise<void>;
  #isStopped = false;
  #session: Buffer | undefined;

  constructor(options: SteadyLoadOptions) {
    this.#options = options;
    this.#running = Promise.all([
      ...Array.from({ length: options.fresh }, async () => this.#client(false)),
      ...Array.from({ length: options.kept }, async () => this.#client(true)),
    ]).then(() => undefined);
  }

  get answered(): number {
    return this.statuses.values().reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #client(isKept: boolean): Promise<void> {
    while (!this.#isStopped) await this.#connection(isKept);
  }

  /** One connection to its end. */
  async #connection(isKept: boolean): Promise<void> {
    const { path, headers = {}, tls } = this.#options;
    const lines = Object.entries({ host, ...headers, ...(isKept ? {} : { connection: 'close' }) });
    const request = `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
    await new Promise<void>((resolve) => {
      const socket = this.#open();
      let received = '';
      let isWaiting = true;
      let fault = '';
      this.inFlight += 1;
      socket.setNoDelay(true);
      socket.once(tls === undefined ? 'connect' : 'secureConnect', () => socket.write(request));
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString('latin1');
        const answer = wholeAnswer(received);
        if (answer === undefined) return;
        received = '';
        this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
        this.requestIds.push(answer.requestId);
        if (isKept && answer.isLast) this.closes += 1;
        isWaiting = isKept && !answer.isLast && !this.#isStopped;
        if (isWaiting) socket.write(request);
        else socket.end();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => (fault = error.code ?? error.message));
      // A gateway may close a connection; not one that waits for an answer.
      socket.once('end', () => socket.end());
      socket.once('close', () => {
        this.inFlight -= 1;
        if (isWaiting) this.failures.push(fault === '' ? `closed after ${received.length} bytes` : fault);
        resolve();
      });
    });
  }

  #open(): Socket {
    const { port, tls } = this.#options;
    const at = { port: port(), host: '127.0.0.1' };
    if (tls === undefined) return connect(at);
    const session = this.#session;
    this.#session = undefined;
    const socket = connectSecurely({ ...at, ...tls, ...(session === undefined ? {} : { session }) });
    if (session === undefined) socket.once('session', (one: Buffer) => (this.#session = one));
    socket.once('secureConnect', () => (this.resumed += socket.isSessionReused() ? 1 : 0));
    return socket;
  }
}

function wholeAnswer(text: string): { status: number; isLast: boolean; requestId: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = text.slice(0, end).toLowerCase();
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  const isWhole = length === undefined ? text.endsWith('0\r\n\r\n') : text.length === end + 4 + Number(length);
  if (!isWhole) return undefined;
  return {
    status: Number(head.slice(9, 12)),
    isLast: head.includes('\r\nconnection: close'),
    requestId: /\r\nx-sluice-request-id: req_(\S+)/.exec(head)?.[1] ?? '',
  };
}
