// For tests: a target that is scripted byte by byte, and requests to it as the gateway sends them.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import type { UpstreamSpec } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { onTestFinished } from 'vitest';
import { addressRule } from './allowed-address.js';
import { BodyQueue } from './body-queue.js';
import { BodyOnce } from './request-body.js';
import type { UpstreamCall, UpstreamFailure, UpstreamRequest, Upstreams, UpstreamTunnel } from './upstream.js';
import { createUpstreams } from './upstreams.js';

export const loopback = addressRule(['127.0.0.0/8']);

/** One connection, as the target sees it. */
export class Peer {
  received = '';
  /** The gateway has closed its side. */
  isLeft = false;

  constructor(readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => (this.received += bytes.toString('latin1')));
    socket.on('end', () => (this.isLeft = true));
    socket.on('close', () => (this.isLeft = true));
  }

  /** Resolves when so many heads of requests have arrived. */
  async requests(count: number): Promise<void> {
    await waitFor(() => this.received.split('\r\n\r\n').length > count, { what: `${count} requests on a connection` });
  }

  async left(): Promise<void> {
    await waitFor(() => this.isLeft, { what: 'the gateway has closed a connection' });
  }

  say(text: string): void {
    this.socket.write(text, 'latin1');
  }
}

export class RawTarget {
  readonly peers: Peer[] = [];
  /** Those too that never got through their handshake. */
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param onPeer for each connection. @param tls what an https:// target has. */
  static async start(
    onPeer: (peer: Peer, index: number) => void = () => undefined,
    tls?: TlsOptions,
  ): Promise<RawTarget> {
    const options = { noDelay: true, allowHalfOpen: true };
    const server = tls === undefined ? createServer(options) : createTlsServer({ ...options, ...tls });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const target = new RawTarget(server, tls === undefined ? `http://127.0.0.1:${port}` : `https://users.test:${port}`);
    server.on('connection', (socket) => target.#sockets.add(socket));
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      const peer = new Peer(socket);
      target.peers.push(peer);
      onPeer(peer, target.peers.length - 1);
    });
    onTestFinished(async () => target.stop());
    return target;
  }

  /** Answers every request on every connection with the same bytes. */
  static async answering(answer: string): Promise<RawTarget> {
    return RawTarget.start((peer) => {
      peer.socket.on('data', () => peer.say(answer));
    });
  }

  async peer(index: number): Promise<Peer> {
    return waitFor(() => this.peers[index], { what: `connection ${index} has come` });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.server.listening) await once(this.server.close(), 'close');
  }
}

/** A request under way, and all that came of it. */
export class Heard {
  status = 0;
  headers: readonly string[] = [];
  text = '';
  end: 'none' | 'whole' | UpstreamFailure = 'none';
  tunnel: UpstreamTunnel | undefined;
  onData: (chunk: Uint8Array) => boolean = () => true;
  readonly call: UpstreamCall;

  constructor(upstreams: Upstreams, request: UpstreamRequest) {
    this.call = upstreams.send(request, {
      onHead: (status, headers) => {
        this.status = status;
        this.headers = headers;
      },
      onUpgrade: (headers, tunnel) => {
        this.status = 101;
        this.headers = headers;
        this.tunnel = tunnel;
      },
      onData: (chunk) => {
        this.text += Buffer.from(chunk).toString('latin1');
        return this.onData(chunk);
      },
      onEnd: () => (this.end = 'whole'),
      onFailure: (failure) => (this.end = failure),
    });
  }

  async over(): Promise<this> {
    await waitFor(() => this.end !== 'none', { what: 'the request is over' });
    return this;
  }

  /** The status, the body and how it ended. */
  async summary(): Promise<string> {
    await this.over();
    return `${this.status} ${this.text} ${this.end}`;
  }
}

/** The gateway's side, towards one upstream. */
export class Sender {
  readonly upstreams: Upstreams;
  readonly spec: UpstreamSpec;

  constructor(urls: readonly string[], more: Partial<UpstreamSpec> = {}, upstreams = createUpstreams(loopback)) {
    this.upstreams = upstreams;
    this.spec = { targets: urls.map((url) => ({ url, weight: 1 })), timeoutMs: 10_000, ...more };
    onTestFinished(() => void upstreams.close());
  }

  send(request: Partial<UpstreamRequest> = {}): Heard {
    return new Heard(this.upstreams, {
      tenantId: 'ten_1',
      environmentId: 'env_1',
      name: 'one',
      spec: this.spec,
      method: 'GET',
      path: '/',
      headers: [],
      body: null,
      credential: '',
      hashKey: undefined,
      transport: undefined,
      ...request,
    });
  }
}

/** A body that has come whole already. */
export function wholeBody(text: string, framing: 'length' | 'chunks' = 'length'): BodyOnce {
  const body = new BodyQueue(framing === 'length' ? text.length : undefined, () => undefined);
  body.push(Buffer.from(text, 'latin1'), true);
  body.end();
  return new BodyOnce(body);
}

export const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** As long as the gateway takes to see what has come by now. */
export const turns = async (): Promise<void> => {
  for (let count = 0; count < 20; count += 1) await turn();
};
