// The answer to one request, whoever gives it: the gateway itself or an upstream. It knows what was said and how much of it.
import type { ProblemCode } from '@sluice/contracts';
import { problem, problems } from '@sluice/contracts';
import type { HeaderEdits, Headers, LimitStatus } from '@sluice/engine';
import { rateLimitHeaders } from '@sluice/engine';
import type { Body } from '../http1/body.js';
import type { Exchange } from '../wire/exchange.js';
import { clientHeaders } from './forward-headers.js';

const noEdits: HeaderEdits = { rename: [], remove: [], set: [], add: [] };

export class Answering {
  status = 0;
  code: ProblemCode | '' = '';
  sentBytes = 0;
  /** Of a tunnel. */
  receivedBytes = 0;
  /** The gateway broke the connection, because the answer could not be finished. */
  isBroken = false;
  /** Set by the decision: what every answer to this request shows. */
  arm = '';
  tightest: LimitStatus | undefined;
  headers: Headers = [];
  edits: HeaderEdits = noEdits;

  constructor(
    private readonly exchange: Exchange,
    private readonly requestId: string,
  ) {}

  /** An answer of the gateway's own. */
  send(status: number, body: string, headers: Headers = []): void {
    const { exchange } = this;
    const bytes = Buffer.from(body);
    this.status = status;
    const framing = status === 204 || status === 304 ? [] : ['content-length', String(bytes.length)];
    // What is said about the body here is true of it, whatever a policy says of upstreams' bodies.
    exchange.start(status, [...clientHeaders([], this.edits, [...this.#own(), ...headers]), ...framing]);
    if (bytes.length > 0 && exchange.method !== 'HEAD') {
      this.sentBytes = bytes.length;
      exchange.write(bytes);
    }
    exchange.end();
  }

  /** A problem; where an answer has begun already, only a broken connection tells the client that it is not whole. */
  refuse(code: ProblemCode, detail: string, headers: Headers = []): void {
    if (this.exchange.isClosed) return;
    this.code = code;
    if (this.exchange.hasStarted) {
      this.isBroken = true;
      this.exchange.destroy();
      return;
    }
    const body = JSON.stringify(problem(code, detail, { instance: this.exchange.path, requestId: this.requestId }));
    this.send(problems[code].status, body, [
      ...headers,
      ['content-type', 'application/problem+json'],
      ['cache-control', 'no-store'],
    ]);
  }

  /** An upstream's answer begins. */
  begin(status: number, headers: readonly string[]): void {
    this.status = status;
    this.exchange.start(status, clientHeaders(headers, this.edits, this.#own()));
  }

  /** The upstream has granted a WebSocket. What the client says comes from what is returned. */
  switchProtocols(headers: readonly string[]): Body {
    this.status = 101;
    return this.exchange.switchProtocols(clientHeaders(headers, this.edits, this.#own()));
  }

  /** False: wait for the exchange to drain. */
  write(chunk: Uint8Array): boolean {
    this.sentBytes += chunk.length;
    return this.exchange.write(chunk);
  }

  #own(): Headers {
    const own: [string, string][] = [['x-sluice-request-id', this.requestId]];
    if (this.arm !== '') own.push(['x-sluice-arm', this.arm]);
    return [...this.headers, ...own, ...(this.tightest === undefined ? [] : rateLimitHeaders(this.tightest))];
  }
}
