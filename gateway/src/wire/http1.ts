// HTTP/1.1 over node:http: strict parsing (llhttp without any leniency), bounded heads, idle bounds that leave streams alone.
import { createServer, STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { problems } from '@sluice/contracts';
import type { Malformed, WireOptions, WireServer } from './exchange.js';
import { Http1Exchange } from './http1-exchange.js';
import { readHead } from './request-head.js';

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const maxHeaderBytes = 16 * 1024;
const headersTimeoutMs = 10_000;
// How late a slow head may be noticed. Node looks every 30 s, unless it is told.
const headersCheckMs = 500;
const keepAliveTimeoutMs = 65_000;
// Longer than the longest that an upstream may take to its first byte (600 s), so that it ends idle streams alone.
const idleTimeoutMs = 630_000;

export function createHttp1Server({ onExchange, onMalformed }: WireOptions): WireServer {
  const open = new Set<Http1Exchange>();
  let isDraining = false;
  const sockets = new Set<Socket>();
  let onEmpty: (() => void) | undefined;

  const serve = (req: IncomingMessage, res: ServerResponse, expectsContinue: boolean): void => {
    if (isDraining) res.shouldKeepAlive = false;
    const read = readHead(req.url ?? '', req.rawHeaders, req.httpVersion);
    if (!read.ok) {
      refuseResponse(res, { code: 'bad_request', detail: read.detail }, pathOf(req.url), onMalformed);
      return;
    }
    if (req.method === 'TRACE') {
      refuseResponse(res, methodRefused('TRACE'), pathOf(req.url), onMalformed);
      return;
    }
    const exchange = new Http1Exchange(req, res, read.head, expectsContinue);
    open.add(exchange);
    res.once('close', () => {
      open.delete(exchange);
      exchange.close();
    });
    onExchange(exchange);
  };

  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      connectionsCheckingInterval: headersCheckMs,
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
    const detail = 'The Expect header may only say 100-continue.';
    refuseResponse(res, { code: 'bad_request', detail }, pathOf(req.url), onMalformed);
  });
  // Without a listener Node closes the connection, and says nothing.
  server.on('connect', (_req: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    refuseSocket(methodRefused('CONNECT'), socket, onMalformed);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const isAnswering = open.values().some((exchange) => exchange.isOn(socket) && exchange.hasStarted);
    // A reset, or an answer under way: nothing can be said any more.
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) socket.destroy();
    else refuseSocket(faultInWords(error.code), socket, onMalformed);
  });

  // It has no socket of its own: this starts its watch over slow heads.
  server.emit('listening');

  return {
    accept: (socket) => {
      sockets.add(socket);
      socket.once('close', () => {
        sockets.delete(socket);
        if (sockets.size === 0) onEmpty?.();
      });
      server.emit('connection', socket);
    },
    drain: async ({ boundMs, idleMs }) => {
      isDraining = true;
      for (const exchange of open) exchange.closeConnectionAfter();
      const closed = new Promise<void>((resolve) => (onEmpty = resolve));
      const idle = setTimeout(() => server.closeIdleConnections(), Math.min(idleMs, boundMs));
      const bound = setTimeout(() => server.closeAllConnections(), boundMs);
      if (sockets.size > 0) await closed;
      clearTimeout(idle);
      clearTimeout(bound);
      server.close();
    },
  };
}

function refuseResponse(
  res: ServerResponse,
  malformed: Malformed,
  path: string,
  onMalformed: WireOptions['onMalformed'],
): void {
  const body = onMalformed(malformed, path);
  res.shouldKeepAlive = false;
  res.writeHead(problems[malformed.code].status, headersOf(malformed, body)).end(body);
}

function refuseSocket(malformed: Malformed, socket: Duplex, onMalformed: WireOptions['onMalformed']): void {
  const body = onMalformed(malformed, '/');
  const { status } = problems[malformed.code];
  const headers = Object.entries({ ...headersOf(malformed, body), connection: 'close' });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n${body}`, () => socket.destroy());
}

function headersOf({ code }: Malformed, body: string): Record<string, string | number> {
  return {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    ...(code === 'method_not_allowed' ? { allow: methods } : {}),
  };
}

function methodRefused(method: string): Malformed {
  return { code: 'method_not_allowed', detail: `The gateway does not take ${method}; it takes ${methods}.` };
}

function faultInWords(code: string | undefined): Malformed {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const detail = `The request's head did not arrive within ${headersTimeoutMs / 1000} s.`;
    return { code: 'request_timeout', detail };
  }
  return { code: 'bad_request', detail: details[code ?? ''] ?? 'The request does not follow RFC 9112.' };
}

const details: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: `The request's head is larger than ${maxHeaderBytes} bytes.`,
  HPE_INVALID_METHOD: 'The method is not one that the gateway knows.',
  HPE_INVALID_VERSION: 'The request is not of HTTP/1.1.',
  HPE_PAUSED_H2_UPGRADE: 'The request is not of HTTP/1.1.',
};

function pathOf(url: string | undefined): string {
  const path = url?.split('?', 1)[0] ?? '/';
  return path.startsWith('/') ? path : '/';
}
