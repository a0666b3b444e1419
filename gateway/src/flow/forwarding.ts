// A request on its way to its upstream, and the upstream's answer on its way to the client.
import type { Compiled, Forward } from '@sluice/engine';
import type { BodySource, UpstreamCall, UpstreamFailure, UpstreamRequest, Upstreams } from '../upstream/upstream.js';
import { bodyOnce, RequestBody } from '../upstream/request-body.js';
import type { Exchange } from '../wire/exchange.js';
import type { Answering } from './answering.js';
import { upstreamHeaders } from './forward-headers.js';

export interface ForwardedRequest {
  readonly compiled: Compiled;
  readonly decision: Forward;
  readonly exchange: Exchange;
  readonly requestId: string;
  /** More of a body came than the route takes. Nothing of the rest goes on. */
  readonly onBodyTooLarge: (bytes: number) => void;
}

/** The answer, or the problem in its place, goes to `answering`. */
export function forward(upstreams: Upstreams, request: ForwardedRequest, answering: Answering): UpstreamCall {
  const { compiled, decision, exchange } = request;
  const body = bodyOf(request);
  const own: UpstreamRequest = {
    tenantId: compiled.tenantId,
    name: decision.account.upstream,
    spec: specOf(compiled, decision.account.upstream),
    method: exchange.method,
    path: decision.path + decision.query,
    headers: headersOf(request, body !== null),
    body,
    transport: decision.transport,
  };
  if (decision.mirror !== undefined) sendCopy(upstreams, own, body, request);
  return upstreams.send(own, {
    onHead: (status, headers) => answering.begin(status, headers),
    onData: (chunk) => answering.write(chunk),
    onEnd: () => exchange.end(),
    onFailure: (failure) => answering.refuse(failure, failureInWords[failure]),
  });
}

function headersOf({ decision, exchange, requestId }: ForwardedRequest, hasBody: boolean): string[] {
  const { clientAddress, authority, protocol, headers } = exchange;
  return upstreamHeaders(headers, { clientAddress, authority, protocol, requestId, hasBody, edits: decision.request });
}

// Most bodies go to one reader once, and need nobody between.
function bodyOf({ decision, exchange, onBodyTooLarge }: ForwardedRequest): BodySource | null {
  const { transport, mirror } = decision;
  const source = exchange.takeBody();
  if (source === null) return null;
  const { maxBodyBytes: maxBytes, retries, perTryTimeoutMs } = transport;
  if (maxBytes === undefined && mirror === undefined && retries === undefined && perTryTimeoutMs === undefined)
    return bodyOnce(source);
  return new RequestBody(source, { maxBytes, keepBytes: retries?.maxBufferBytes ?? 0, onTooLarge: onBodyTooLarge });
}

function sendCopy(
  upstreams: Upstreams,
  own: UpstreamRequest,
  body: BodySource | null,
  { compiled, decision: { mirror }, exchange }: ForwardedRequest,
): void {
  if (mirror === undefined) return;
  const bytes = Number(exchange.header('content-length') ?? 0);
  if (bytes > mirror.maxBodyBytes) return;
  upstreams.mirror({
    ...own,
    name: mirror.upstream,
    spec: specOf(compiled, mirror.upstream),
    headers: [...own.headers, 'x-sluice-mirror', '1'],
    body: body instanceof RequestBody ? body.copy(mirror.maxBodyBytes) : null,
  });
}

function specOf({ upstreams }: Compiled, name: string): UpstreamRequest['spec'] {
  const spec = upstreams.get(name);
  if (spec === undefined) throw new Error(`a compiled route names the upstream ${name}, which is not there`);
  return spec;
}

const failureInWords = {
  upstream_unreachable: 'No target of the upstream accepted a connection.',
  upstream_forbidden_address: 'The upstream leads to an address that this gateway does not allow.',
  upstream_failed: 'The upstream closed the connection, or broke the protocol, before its answer began.',
  upstream_timeout: 'The upstream did not begin its answer in time.',
} as const satisfies Record<UpstreamFailure, string>;
