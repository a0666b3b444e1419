// The spans of one request: one for the request itself, one for each try at a target, which is the parent of what the target
// does. Attributes by OpenTelemetry's semantic conventions for HTTP; what may carry a secret (query, headers) is not among them.
import type { Account, Compiled } from '@sluice/engine';
import type { TryTrace, UpstreamFailure } from '../../upstream/upstream.js';
import type { Exchange } from '../../wire/exchange.js';
import { spanText } from './span-text.js';
import type { TraceContext } from './trace-context.js';
import { newSpanId, traceparent } from './trace-context.js';

export interface RequestTraceOptions {
  /** What the caller said, where it was well formed. */
  readonly parent: TraceContext | undefined;
  /** The request's own span. */
  readonly context: TraceContext;
  readonly traceState: string;
  readonly write: (span: string) => void;
}

export interface TracedEnd {
  readonly requestId: string;
  readonly status: number;
  readonly code: string;
  readonly compiled: Compiled | undefined;
  readonly account: Account | undefined;
}

interface Try {
  readonly origin: string;
  readonly spanId: string;
  readonly startMs: number;
  readonly number: number;
}

export class RequestTrace implements TryTrace {
  readonly #exchange: Exchange;
  readonly #options: RequestTraceOptions;
  #nextSpanId = '';
  #tries = 0;
  #try: Try | undefined;
  #status = 0;
  #failure: UpstreamFailure | '' = '';

  constructor(exchange: Exchange, options: RequestTraceOptions) {
    this.#exchange = exchange;
    this.#options = options;
  }

  get traceId(): string {
    return this.#options.context.traceId;
  }

  /** Who is told of tries. Undefined: nothing is recorded. */
  get tries(): TryTrace | undefined {
    return this.#options.context.isSampled ? this : undefined;
  }

  /** Headers for the upstream, without the caller's word; where tries are recorded, each adds its own. */
  headers(headers: readonly string[]): string[] {
    const { parent, context } = this.#options;
    const kept: string[] = [];
    for (let index = 0; index < headers.length; index += 2) {
      const name = headers[index] ?? '';
      const lower = name.toLowerCase();
      if (lower === 'traceparent' || (lower === 'tracestate' && parent === undefined)) continue;
      kept.push(name, headers[index + 1] ?? '');
    }
    return context.isSampled ? kept : [...kept, 'traceparent', traceparent(context)];
  }

  /** Headers of a copy, which has no span of its own. */
  copyHeaders(headers: readonly string[]): readonly string[] {
    const { context } = this.#options;
    return context.isSampled ? [...headers, 'traceparent', traceparent(context)] : headers;
  }

  next(): string {
    this.#nextSpanId = newSpanId();
    return traceparent({ ...this.#options.context, spanId: this.#nextSpanId });
  }

  begin(origin: string): void {
    this.#status = 0;
    this.#failure = '';
    this.#try = { origin, spanId: this.#nextSpanId, startMs: performance.now(), number: this.#tries };
    this.#tries += 1;
  }

  onHead(status: number): void {
    this.#status = status;
  }

  onFailed(failure: UpstreamFailure): void {
    this.#failure = failure;
  }

  end(): void {
    const tried = this.#try;
    if (tried === undefined) return;
    this.#try = undefined;
    const { context, traceState, write } = this.#options;
    const { hostname, port, protocol } = new URL(tried.origin);
    const { method, path } = this.#exchange;
    const error = this.#failure !== '' ? this.#failure : this.#status >= 400 ? String(this.#status) : '';
    write(
      spanText({
        traceId: context.traceId,
        spanId: tried.spanId,
        parentSpanId: context.spanId,
        traceState,
        name: method,
        kind: 'client',
        startMs: tried.startMs,
        endMs: performance.now(),
        attributes: {
          'http.request.method': method,
          'url.full': tried.origin + path,
          'server.address': hostname,
          'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
          'http.response.status_code': this.#status === 0 ? '' : this.#status,
          'http.request.resend_count': tried.number === 0 ? '' : tried.number,
          'error.type': error,
        },
        isError: error !== '',
      }),
    );
  }

  /** All of it is over. */
  finish({ requestId, status, code, compiled, account }: TracedEnd): void {
    const { parent, context, traceState, write } = this.#options;
    if (!context.isSampled) return;
    this.end();
    const { method, path, protocol, host, clientAddress, startedAt } = this.#exchange;
    const route = account === undefined || account.route === '' ? '' : `${account.api}/${account.route}`;
    const isError = status >= 500;
    write(
      spanText({
        traceId: context.traceId,
        spanId: context.spanId,
        parentSpanId: parent?.spanId ?? '',
        traceState,
        name: route === '' ? method : `${method} ${route}`,
        kind: 'server',
        startMs: startedAt,
        endMs: performance.now(),
        attributes: {
          'http.request.method': method,
          'url.path': path,
          'url.scheme': protocol,
          'server.address': host,
          'client.address': clientAddress,
          'http.route': route,
          'http.response.status_code': status,
          'error.type': isError ? (code === '' ? String(status) : code) : '',
          'sluice.request_id': requestId,
          'sluice.tenant': compiled?.tenantId ?? '',
          'sluice.environment': compiled?.environmentId ?? '',
          'sluice.revision': compiled?.revision ?? '',
          'sluice.api': account?.api ?? '',
          'sluice.route': account?.route ?? '',
          'sluice.arm': account?.arm ?? '',
          'sluice.code': code,
        },
        isError,
      }),
    );
  }
}
