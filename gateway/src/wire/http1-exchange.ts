// One exchange over node:http.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Exchange, RawHeaders } from './exchange.js';
import type { RequestHead } from './request-head.js';

// What a refused client may still send before the connection is closed under it. Closing at once would reset the
// connection, and the client would lose the answer with it (RFC 9112, section 9.6).
const lingerBytes = 1024 * 1024;
const lingerMs = 1000;

export class Http1Exchange implements Exchange {
  readonly method: string;
  readonly host: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly protocol = 'http';
  readonly clientAddress: string;
  readonly startedAt = performance.now();
  onDrain: (() => void) | undefined;
  onClose: ((isComplete: boolean) => void) | undefined;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  #expectsContinue: boolean;
  #body: Readable | undefined;
  #isClosed = false;
  /** The answer is written in full; only the connection is still open. */
  #isLingering = false;

  constructor(req: IncomingMessage, res: ServerResponse, head: RequestHead, expectsContinue: boolean) {
    this.#req = req;
    this.#res = res;
    this.#expectsContinue = expectsContinue;
    this.method = req.method ?? 'GET';
    this.host = head.host;
    this.authority = head.authority;
    this.path = head.path;
    this.query = head.query;
    this.clientAddress = withoutMapping(req.socket.remoteAddress ?? '');
  }

  get headers(): RawHeaders {
    return this.#req.rawHeaders;
  }

  get hasStarted(): boolean {
    return this.#res.headersSent;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  header(name: string): string | undefined {
    // Node's is an object with a prototype, and `constructor` is a name that a header may have.
    const value = Object.hasOwn(this.#req.headers, name) ? this.#req.headers[name] : undefined;
    return typeof value === 'string' ? value : value?.join(', ');
  }

  takeBody(): Readable | null {
    if (!hasBody(this.#req)) return null;
    if (this.#expectsContinue) {
      this.#expectsContinue = false;
      this.#res.writeContinue();
    }
    this.#body ??= bodyOf(this.#req);
    return this.#body;
  }

  start(status: number, headers: RawHeaders): void {
    // A client that still waits for `100 Continue`, or sends more than we will read, must not use the connection again.
    if (this.#body?.destroyed !== false && this.#isUnread()) this.#res.shouldKeepAlive = false;
    this.#res.writeHead(status, headers as string[]);
    this.#res.on('drain', () => this.onDrain?.());
  }

  write(chunk: Uint8Array): boolean {
    return this.#res.write(chunk);
  }

  end(): void {
    // Whatever is left of the body nobody wants any more; unread, it would stand before the connection's next request.
    if (this.#body !== undefined) {
      this.#body.destroy();
      this.#req.resume();
    }
    if (this.#isUnread() && !this.#expectsContinue) this.#linger();
    else this.#res.end();
  }

  destroy(): void {
    this.#res.destroy();
  }

  isOn(socket: Socket): boolean {
    return this.#req.socket === socket;
  }

  /** The answer will say that the connection ends with it, if it has not begun. */
  closeConnectionAfter(): void {
    if (!this.#res.headersSent) this.#res.shouldKeepAlive = false;
  }

  /** The response has closed: told once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onClose?.(this.#res.writableFinished || this.#isLingering);
  }

  #isUnread(): boolean {
    return hasBody(this.#req) && !this.#req.complete;
  }

  #linger(): void {
    this.#isLingering = true;
    let bytes = 0;
    const finish = (): void => {
      clearTimeout(timer);
      this.#req.off('data', count).off('end', finish);
      // The answer may have promised to keep the connection, before it was known that its body would not be read.
      this.#res.end(() => this.#isUnread() && this.#req.socket.destroySoon());
    };
    const count = (chunk: Uint8Array): void => {
      bytes += chunk.length;
      if (bytes > lingerBytes) finish();
    };
    const timer = setTimeout(finish, lingerMs);
    this.#res.once('close', () => clearTimeout(timer));
    this.#req.on('data', count).once('end', finish);
  }
}

function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

// The body as a stream of its own: whoever sends it upstream destroys it when that fails, and an IncomingMessage would
// take the client's connection, and with it the answer, along.
function bodyOf(req: IncomingMessage): Readable {
  const body = new Readable({ read: () => void req.resume() });
  req.on('data', (chunk: Buffer) => {
    if (!body.destroyed && !body.push(chunk)) req.pause();
  });
  // Whoever reads it has seen the error; without a reader nobody may, and it must not end the process.
  body.on('error', () => undefined);
  req.once('end', () => body.push(null));
  req.once('error', (error) => body.destroy(error));
  req.once('close', () => {
    if (!req.complete) body.destroy(new Error('the client has gone'));
  });
  req.pause();
  return body;
}

// A dual-stack socket shows IPv4 clients as ::ffff:192.0.2.1.
function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
