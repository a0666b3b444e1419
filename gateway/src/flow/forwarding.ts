// A request on its way to its upstream, and the upstream's answer on its way to the client.
import type { Compiled, Forward } from '@sluice/engine';
import type { UpstreamCall, UpstreamFailure, UpstreamReceiver, Upstreams } from '../upstream/upstream.js';
import type { Exchange } from '../wire/exchange.js';
import type { Answering } from './answering.js';
import { upstreamHeaders } from './forward-headers.js';

export interface ForwardedRequest {
  readonly compiled: Compiled;
  readonly decision: Forward;
  readonly exchange: Exchange;
  readonly requestId: string;
}

/** The answer, or the problem in its place, goes to `answering`. */
export function forward(
  upstreams: Upstreams,
  { compiled, decision, exchange, requestId }: ForwardedRequest,
  answering: Answering,
): UpstreamCall {
  const { route, upstream } = decision.account;
  const spec = compiled.upstreams.get(upstream);
  if (spec === undefined)
    throw new Error(`the compiled route ${route} names the upstream ${upstream}, which is not there`);
  const body = exchange.takeBody();
  const headers = upstreamHeaders(exchange.headers, {
    clientAddress: exchange.clientAddress,
    authority: exchange.authority,
    protocol: exchange.protocol,
    requestId,
    hasBody: body !== null,
    hidden: decision.request.remove,
  });
  return upstreams.send(
    {
      tenantId: compiled.tenantId,
      name: upstream,
      spec,
      method: exchange.method,
      path: decision.path + decision.query,
      headers,
      body,
    },
    receiverOf(exchange, answering),
  );
}

function receiverOf(exchange: Exchange, answering: Answering): UpstreamReceiver {
  return {
    onHead: (status, headers) => answering.begin(status, headers),
    onData: (chunk) => answering.write(chunk),
    onEnd: () => exchange.end(),
    onFailure: (failure) => answering.refuse(failure, failureInWords[failure]),
  };
}

const failureInWords = {
  upstream_unreachable: 'No target of the upstream accepted a connection.',
  upstream_forbidden_address: 'The upstream leads to an address that this gateway does not allow.',
  upstream_failed: 'The upstream closed the connection, or broke the protocol, before its answer began.',
  upstream_timeout: 'The upstream did not begin its answer in time.',
} as const satisfies Record<UpstreamFailure, string>;
