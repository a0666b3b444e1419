// HTTP/1.1 over node:http: strict parsing (llhttp without any leniency), bounded heads, idle bounds that leave streams alone.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WireOptions, WireServer } from './exchange.js';
import { Http1Exchange } from './http1-exchange.js';
import { readHead } from './request-head.js';

const maxHeaderBytes = 16 * 1024;
const headersTimeoutMs = 10_000;
const keepAliveTimeoutMs = 65_000;
// Longer than the longest that an upstream may take to its first byte (600 s), so that it ends idle streams alone.
const idleTimeoutMs = 630_000;

export function createHttp1Server({ onExchange, onMalformed }: WireOptions): WireServer {
  const open = new Set<Http1Exchange>();
  let isDraining = false;
  let onEmpty: (() => void) | undefined;

  const serve = (req: IncomingMessage, res: ServerResponse, expectsContinue: boolean): void => {
    if (isDraining) res.shouldKeepAlive = false;
    const read = readHead(req.url ?? '', req.rawHeaders, req.httpVersion);
    if (!read.ok) {
      refuseResponse(res, onMalformed({ detail: read.detail }, pathOf(req.url)));
      return;
    }
    const exchange = new Http1Exchange(req, res, read.head, expectsContinue);
    open.add(exchange);
    res.once('close', () => {
      open.delete(exchange);
      exchange.close();
      if (open.size === 0) onEmpty?.();
    });
    onExchange(exchange);
  };

  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: 0,
      keepAliveTimeout: keepAliveTimeoutMs,
      insecureHTTPParser: false,
      requireHostHeader: false, // readHead says it in a problem
      noDelay: true,
    },
    (req, res) => serve(req, res, false),
  );
  server.maxHeadersCount = 0; // Node would drop the surplus in silence; readHead refuses it
  server.setTimeout(idleTimeoutMs);
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => serve(req, res, true));
  server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) => {
    refuseResponse(res, onMalformed({ detail: 'The Expect header may only say 100-continue.' }, pathOf(req.url)));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const isAnswering = open.values().some((exchange) => exchange.isOn(socket) && exchange.hasStarted);
    // A reset, or an answer under way: nothing can be said any more.
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) socket.destroy();
    else refuseSocket(error, socket, onMalformed);
  });

  return {
    listen: async (options) => listen(server, options),
    drain: async (boundMs) => {
      isDraining = true;
      for (const exchange of open) exchange.closeConnectionAfter();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const bound = setTimeout(() => server.closeAllConnections(), boundMs);
      // A connection is idle only after its last answer, which `close` alone would not notice.
      onEmpty = () => setImmediate(() => server.closeIdleConnections());
      await closed;
      clearTimeout(bound);
    },
  };
}

async function listen(server: Server, options: { port: number; host: string; reusePort: boolean }): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...options, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : options.port;
}

function refuseResponse(res: ServerResponse, body: string): void {
  res.shouldKeepAlive = false;
  res
    .writeHead(400, { 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(body) })
    .end(body);
}

function refuseSocket(error: NodeJS.ErrnoException, socket: Socket, onMalformed: WireOptions['onMalformed']): void {
  const body = onMalformed({ detail: faultInWords(error.code) }, '/');
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function faultInWords(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return `The request's head is larger than ${maxHeaderBytes} bytes.`;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return `The request's head did not arrive within ${headersTimeoutMs / 1000} s.`;
  return 'The request does not follow RFC 9112.';
}

function pathOf(url: string | undefined): string {
  const path = url?.split('?', 1)[0] ?? '/';
  return path.startsWith('/') ? path : '/';
}
