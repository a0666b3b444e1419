// What the service gets to see of a request: the client's headers, without those of the connection, and where the request
// was going.
import type { DecideRequest } from '../../decision.js';

type Header = readonly [name: string, value: string];

// Of one connection or one body (RFC 9110, section 7.6.1), and those that are written anew.
const neverSent = new Set([
  'connection',
  'content-length',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

// What services are known to take for the address that a request comes from, or for where it goes, in the place of what the
// gateway tells them: in a client's hand it has another request judged than the one that goes on.
const wordsOfProxies = new Set([
  'cf-connecting-ip',
  'client-ip',
  'fastly-client-ip',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
]);

// Asked by name where the list of all is not at hand: in an explanation, say.
const usual = ['accept', 'accept-language', 'authorization', 'cookie', 'origin', 'referer', 'user-agent', 'x-api-key'];

/** True for names that no setting may bring in or out: they say how bytes travel, or are the gateway's own. */
export function isReserved(name: string): boolean {
  return neverSent.has(name) || name.startsWith('x-forwarded-') || name.startsWith('x-sluice-');
}

/** `names`: those that are allowed; undefined: all. */
export function requestHeaders(
  request: DecideRequest,
  names: readonly string[] | undefined,
  isTrusted: boolean,
): readonly Header[] {
  const own = forwardedHeaders(request).map(([name, value]): Header => {
    const sent = isTrusted ? request.header(name) : undefined;
    return [name, sent ?? value];
  });
  // A service that leads back to a gateway would be asked without end.
  const via = request.header('via');
  own.push(['via', via === undefined ? '1.1 sluice' : `${via}, 1.1 sluice`]);
  return [...(names === undefined ? allOf(request) : namedOf(request, names)), ...own];
}

function allOf(request: DecideRequest): readonly Header[] {
  const { rawHeaders } = request;
  if (rawHeaders === undefined) return namedOf(request, usual);
  const named = (request.header('connection') ?? '').toLowerCase().split(',');
  const hopByHop = new Set(named.map((name) => name.trim()));
  const headers: Header[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (isReserved(name) || wordsOfProxies.has(name) || hopByHop.has(name)) continue;
    // X_User and X-User are one name to many servers.
    if (name.includes('_') || name.includes('.')) continue;
    headers.push([name, rawHeaders[index + 1] ?? '']);
  }
  return headers;
}

function namedOf(request: DecideRequest, names: readonly string[]): readonly Header[] {
  return names.flatMap((name): Header[] => {
    const value = isReserved(name) ? undefined : request.header(name);
    return value === undefined ? [] : [[name, value]];
  });
}

function forwardedHeaders(request: DecideRequest): readonly Header[] {
  return [
    ['x-forwarded-method', request.method],
    ['x-forwarded-proto', request.protocol],
    ['x-forwarded-host', request.header('host') ?? request.host],
    ['x-forwarded-uri', request.path + request.query],
    ['x-forwarded-for', request.clientAddress],
  ];
}
