// A request on its way to its upstream, and the upstream's answer on its way to the client.
import type { Compiled, Forward } from '@sluice/engine';
import { identityHeader } from '../identity/identity-checks.js';
import type { RequestTrace } from '../ops/traces/request-trace.js';
import type { BodySource, UpstreamCall, UpstreamFailure, UpstreamRequest } from '../upstream/upstream.js';
import { BodyOnce, RequestBody } from '../upstream/request-body.js';
import type { Exchange } from '../wire/exchange.js';
import type { Answering } from './answering.js';
import type { FlowParts } from './flow-parts.js';
import { upstreamHeaders } from './forward-headers.js';
import { hashSubject } from './hash-subject.js';
import { isGranted, relay } from './web-socket.js';

type Parts = Pick<FlowParts, 'upstreams' | 'identity'>;

export interface ForwardedRequest {
  readonly compiled: Compiled;
  readonly decision: Forward;
  readonly exchange: Exchange;
  readonly requestId: string;
  /** Undefined: traces are off, and what the client says of its trace passes through. */
  readonly trace: RequestTrace | undefined;
  /** The upstream's answer has begun. */
  readonly onHead: (headers: readonly string[]) => void;
  /** More of a body came than the route takes. Nothing of the rest goes on. */
  readonly onBodyTooLarge: (bytes: number) => void;
}

/** The answer, or the problem in its place, goes to `answering`. */
export function forward(parts: Parts, request: ForwardedRequest, answering: Answering): UpstreamCall {
  const { compiled, decision, exchange } = request;
  const body = bodyOf(request);
  const plain = headersOf(request, body !== null);
  const headers = request.trace?.headers(plain) ?? plain;
  const own: UpstreamRequest = {
    ...targetOf(parts, request, decision.account.upstream, headers),
    tenantId: compiled.tenantId,
    environmentId: compiled.environmentId,
    method: exchange.method,
    path: decision.path + decision.query,
    body,
    upgrade: exchange.wantsWebSocket ? 'websocket' : undefined,
    credential: credentialOf(decision),
    hashKey: hashKeyOf(request),
    transport: decision.transport,
    trace: request.trace?.tries,
  };
  if (decision.mirror !== undefined) {
    const copied = request.trace?.copyHeaders(headers) ?? headers;
    const target = targetOf(parts, request, decision.mirror.upstream, [...copied, 'x-sluice-mirror', '1']);
    sendCopy(
      parts,
      { ...own, ...target, upgrade: undefined, trace: undefined },
      decision.mirror.maxBodyBytes,
      exchange,
    );
  }
  const call = parts.upstreams.send(own, {
    onUpgrade: (answered, tunnel) => {
      if (isGranted(exchange, answered)) relay(answering.switchProtocols(answered), tunnel, call, answering);
      else {
        call.abort();
        answering.refuse(
          'upstream_failed',
          'The upstream switched protocols, though not to the WebSocket that was asked for.',
        );
      }
    },
    onHead: (status, answered) => {
      request.onHead(answered);
      answering.begin(status, answered);
    },
    onData: (chunk) => answering.write(chunk),
    onEnd: () => exchange.end(),
    onFailure: (failure) =>
      answering.refuse(
        failure,
        failureInWords[failure],
        failure === 'upstream_overloaded' ? [['retry-after', '1']] : [],
      ),
  });
  return call;
}

function headersOf({ decision, exchange, requestId }: ForwardedRequest, hasBody: boolean): string[] {
  const { clientAddress, authority, protocol, headers } = exchange;
  return upstreamHeaders(headers, { clientAddress, authority, protocol, requestId, hasBody, edits: decision.request });
}

/** Who gets it, and, where that upstream asks for it, the gateway's signed word on who calls. */
function targetOf(
  { identity }: Parts,
  { compiled: { upstreams, tenantId, environmentId }, decision }: ForwardedRequest,
  name: string,
  headers: readonly string[],
): Pick<UpstreamRequest, 'name' | 'spec' | 'headers'> {
  const spec = upstreams.get(name);
  if (spec === undefined) throw new Error(`a compiled route names the upstream ${name}, which is not there`);
  if (spec.identity?.token !== true) return { name, spec, headers };
  const account = { ...decision.account, upstream: name };
  const token = identity.identityToken({ tenantId, environmentId, account, identity: decision.identity });
  return { name, spec, headers: [...headers, identityHeader, token] };
}

// A token may come without a credential of its own: then it is its issuer's word for the caller.
function credentialOf({ account: { credentialId }, identity }: Forward): string {
  if (credentialId !== '' || identity === undefined) return credentialId;
  return `${identity.issuer} ${identity.subject}`;
}

// Where the upstream has nothing to choose by, nothing is read.
function hashKeyOf({ compiled, decision, exchange }: ForwardedRequest): string | undefined {
  const spec = compiled.upstreams.get(decision.account.upstream);
  if (spec?.balance !== 'consistent-hash') return undefined;
  return hashSubject(spec.hashBy ?? 'ip', decision.account.applicationId, exchange);
}

// Most bodies go to one reader once, and need nobody between.
function bodyOf({ decision, exchange, onBodyTooLarge }: ForwardedRequest): BodySource | null {
  const { transport, mirror } = decision;
  const source = exchange.takeBody();
  if (source === null) return null;
  const { maxBodyBytes: maxBytes, retries, perTryTimeoutMs } = transport;
  if (maxBytes === undefined && mirror === undefined && retries === undefined && perTryTimeoutMs === undefined)
    return new BodyOnce(source);
  return new RequestBody(source, { maxBytes, keepBytes: retries?.maxBufferBytes ?? 0, onTooLarge: onBodyTooLarge });
}

function sendCopy({ upstreams }: Parts, request: UpstreamRequest, maxBodyBytes: number, exchange: Exchange): void {
  if (Number(exchange.header('content-length') ?? 0) > maxBodyBytes) return;
  const { body } = request;
  upstreams.mirror({ ...request, body: body instanceof RequestBody ? body.copy(maxBodyBytes) : null });
}

const failureInWords = {
  bad_request: 'The body of the request broke off.',
  upstream_unreachable: 'No target of the upstream accepted a connection.',
  upstream_forbidden_address: 'The upstream leads to an address that this gateway does not allow.',
  upstream_failed: 'The upstream closed the connection, or broke the protocol, before its answer began.',
  upstream_timeout: 'The upstream did not begin its answer in time.',
  upstream_overloaded: 'As many requests are on their way to the upstream as it may have at once.',
} as const satisfies Record<UpstreamFailure, string>;
