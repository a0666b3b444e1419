// Which headers go on and which end here, in both directions. RFC 9110 section 7.6 (hop-by-hop), and SECURITY.md: what
// says who the client is, is written by the gateway and by nobody else.
import type { HeaderEdits, Headers } from '@sluice/engine';
import { nameAfter } from './header-edits.js';

export interface ForwardedFor {
  readonly clientAddress: string;
  /** As the client wrote it. */
  readonly authority: string;
  readonly protocol: 'http' | 'https';
  readonly requestId: string;
  readonly hasBody: boolean;
  readonly edits: HeaderEdits;
}

// RFC 9110, section 7.6.1; and `keep-alive`, `proxy-connection`, which old software sends.
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
// Besides framing: what upstreams are known to take a client's address from, or another path than the one decided on.
const notForUpstream = new Set([
  ...hopByHop,
  'host',
  'expect',
  'forwarded',
  'via',
  'x-real-ip',
  'client-ip',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'cf-connecting-ip',
  'fastly-client-ip',
  'x-original-url',
  'x-rewrite-url',
]);
const notForClient = new Set([...hopByHop, 'ratelimit', 'ratelimit-policy']);
// A cycle through upstreams that are Sluice's own hosts ends here.
const mostHops = 8;

/** The headers of a request on its way upstream, names and values in turn. */
export function upstreamHeaders(raw: readonly string[], to: ForwardedFor): string[] {
  const named = namedByConnection(raw);
  const headers: string[] = [];
  let via = '';
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'via') via += `${raw[index + 1] ?? ''}, `;
    if (notForUpstream.has(lower) || isOurs(lower) || isAmbiguous(lower) || named?.has(lower) === true) continue;
    if (lower === 'content-length' && !to.hasBody) continue;
    const after = nameAfter(lower, to.edits, raw);
    if (after !== undefined) headers.push(after === lower ? name : after, raw[index + 1] ?? '');
  }
  for (const [name, value] of to.edits.set) headers.push(name, value);
  for (const [name, value] of to.edits.add) headers.push(name, value);
  const { clientAddress, authority, protocol, requestId } = to;
  headers.push('x-forwarded-for', clientAddress, 'x-forwarded-host', authority, 'x-forwarded-proto', protocol);
  headers.push('forwarded', `for=${forwardedNode(clientAddress)};host="${authority}";proto=${protocol}`);
  headers.push('via', `${via}1.1 sluice`, 'x-sluice-request-id', requestId);
  return headers;
}

/** True when the request has passed through gateways so often that it must be going round in circles. */
export function isLooping(via: string | undefined): boolean {
  return via !== undefined && via.split('1.1 sluice').length > mostHops;
}

/**
 * The headers of an upstream's answer on their way to the client. `ours` replace those of the same names, edits included;
 * Vary is added.
 */
export function clientHeaders(raw: readonly string[], edits: HeaderEdits, ours: Headers): string[] {
  const named = namedByConnection(raw);
  const headers: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const lower = name.toLowerCase();
    if (notForClient.has(lower) || lower.startsWith('x-sluice-') || named?.has(lower) === true) continue;
    const after = nameAfter(lower, edits, raw);
    if (after !== undefined && !isTaken(after, ours))
      headers.push(after === lower ? name : after, raw[index + 1] ?? '');
  }
  for (const [name, value] of edits.set) if (!isTaken(name, ours)) headers.push(name, value);
  for (const [name, value] of edits.add) if (!isTaken(name, ours)) headers.push(name, value);
  for (const [name, value] of ours) headers.push(name, value);
  return headers;
}

function isTaken(name: string, ours: Headers): boolean {
  return name !== 'vary' && ours.some(([our]) => our === name);
}

function isOurs(lower: string): boolean {
  return lower.startsWith('x-forwarded-') || lower.startsWith('x-sluice-');
}

// Many servers read X_User and X-User, or X.User, as one variable: only the dashed form can be trusted upstream.
function isAmbiguous(lower: string): boolean {
  return lower.includes('_') || lower.includes('.');
}

function namedByConnection(raw: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    named ??= new Set();
    for (const token of (raw[index + 1] ?? '').split(',')) named.add(token.trim().toLowerCase());
  }
  return named;
}

// RFC 7239, section 6: an IPv6 address is quoted and bracketed.
function forwardedNode(address: string): string {
  return address.includes(':') ? `"[${address}]"` : address;
}
