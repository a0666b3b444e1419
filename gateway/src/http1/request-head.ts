// The head of a request, as clients send it: read once, and refused where two servers could read it differently. One host,
// one form of the target, a canonical path, one framing. RFC 9112 sections 3, 5 and 6; SECURITY.md says why each matters.
import { canonicalPath, pathFaults } from '@sluice/engine';
import type { Framing } from './body-decoder.js';
import { fieldFaults, isNamed, listHas, scanFields } from './fields.js';
import { FramingRule, framingFaults } from './framing.js';

export interface RequestHead {
  readonly isFault: false;
  readonly method: string;
  /** In lower case, without port. */
  readonly host: string;
  /** As the client wrote it: host and port. */
  readonly authority: string;
  /** Canonical. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** Names as written and values in turn. */
  readonly headers: readonly string[];
  readonly minorVersion: 0 | 1;
  readonly framing: Framing;
  /** The client would like to send another request afterwards. */
  readonly isKeptAlive: boolean;
  readonly expectsContinue: boolean;
  /** It asks for a WebSocket (RFC 6455, section 4.1). Any other upgrade is none of ours, and the request goes on without. */
  readonly wantsWebSocket: boolean;
}

export interface RequestFault {
  readonly isFault: true;
  readonly code: 'bad_request' | 'method_not_allowed';
  /** A sentence for people. */
  readonly detail: string;
  /** What was asked for, as far as that can be told. */
  readonly path: string;
}

export const mostHeaders = 100;
/** What a gateway is asked for, in the words of an Allow header. */
export const commonMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
// A message would come back to who should not see it, or a tunnel would be opened.
const refusedMethods = new Set(['TRACE', 'CONNECT']);
// The registry's (RFC 9110, section 16.1.1, and the RFCs of WebDAV, versioning, calendars), those of subscriptions, and
// PURGE, which caches take. A method that nobody knows is more often an attack on a parser than a wish.
const methods = new Set(
  `${commonMethods}, QUERY, COPY, LOCK, MKCOL, MOVE, PROPFIND, PROPPATCH, SEARCH, UNLOCK, BIND, REBIND, UNBIND, ACL, REPORT, MKACTIVITY, CHECKOUT, MERGE, M-SEARCH, NOTIFY, SUBSCRIBE, UNSUBSCRIBE, PURGE, MKCALENDAR, LINK, UNLINK`.split(
    ', ',
  ),
);

const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?$/;
const mostPort = 65_535;
// ` HTTP/1.1`
const versionLength = 9;

/** @param text the head as a HeadReader gives it. */
export function readRequestHead(text: string): RequestHead | RequestFault {
  const methodEnd = text.indexOf(' ');
  const lineEnd = text.indexOf('\r\n');
  const targetEnd = lineEnd - versionLength;
  if (methodEnd <= 0 || methodEnd + 1 >= targetEnd || !text.startsWith(' HTTP/', targetEnd))
    return bad('The request does not begin with a method, a target and a version, with one space between them.');
  const target = text.slice(methodEnd + 1, targetEnd);
  const method = text.slice(0, methodEnd);
  const version = text.slice(lineEnd - 3, lineEnd);
  if (version !== '1.1' && version !== '1.0') return bad('The request is not of HTTP/1.1.', target);
  if (!methods.has(method)) return methodFault(method, target);
  const headers: string[] = [];
  const fieldFault = scanFields(text, lineEnd + 2, headers);
  if (fieldFault !== undefined) return bad(`The request does not follow RFC 9112: ${fieldFaults[fieldFault]}.`, target);
  if (headers.length > 2 * mostHeaders) return bad(`The request has more than ${mostHeaders} headers.`, target);
  const facts = new HeadFacts(version === '1.1' ? 1 : 0);
  for (let index = 0; index < headers.length; index += 2) facts.take(headers[index] ?? '', headers[index + 1] ?? '');
  const { authority } = facts;
  const framing = facts.framing.framing(0, text);
  if (framing === undefined) return bad(framingFaults[facts.framing.fault ?? 'bad_length'], target);
  if (facts.fault !== '') return bad(facts.fault, target);
  if (authority === undefined) return bad('The request has no Host header.', target);
  const host = hostPattern.exec(authority);
  if (host === null || Number(host[1] ?? 0) > mostPort)
    return bad('The Host header is not a host with an optional port.', target);
  const origin = originForm(target, authority);
  if (origin === undefined)
    return bad('The request target must be a path, or a URL of the same host as the Host header.', target);
  const mark = origin.indexOf('?');
  const canonical = canonicalPath(mark === -1 ? origin : origin.slice(0, mark));
  if (!canonical.ok) return bad(`${sentence(pathFaults[canonical.fault])}.`, target);
  const query = mark === -1 ? '' : origin.slice(mark);
  // eslint-disable-next-line no-control-regex -- control characters and raw bytes are what is looked for
  if (query !== '' && /[^\x21-\x7e]|#/.test(query))
    return bad('The query holds a character that must be percent-encoded.', target);
  const { minorVersion, isKeptAlive, expectsContinue } = facts;
  return {
    isFault: false,
    method,
    host: hostOf(authority),
    authority,
    path: canonical.path,
    query,
    headers,
    minorVersion,
    framing,
    isKeptAlive,
    expectsContinue,
    wantsWebSocket: facts.wantsWebSocket && method === 'GET' && framing === 0,
  };
}

/** What the fields say to the wire itself. */
class HeadFacts {
  authority: string | undefined;
  fault = '';
  expectsContinue = false;
  readonly minorVersion: 0 | 1;
  readonly framing: FramingRule;
  #hasCredentials = false;
  #hasClose = false;
  #hasKeepAlive = false;
  #connectionUpgrades = false;
  #upgrade: string | undefined;

  constructor(minorVersion: 0 | 1) {
    this.minorVersion = minorVersion;
    this.framing = new FramingRule(minorVersion);
  }

  // Most names differ from all of these in length.
  take(name: string, value: string): void {
    switch (name.length) {
      case 4:
        if (isNamed(name, 'host')) this.#takeHost(value);
        break;
      case 6:
        if (isNamed(name, 'expect')) this.#takeExpect(value);
        break;
      case 7:
        // Two of them are two wishes, of which one might be heard elsewhere.
        if (isNamed(name, 'upgrade')) this.#upgrade = this.#upgrade === undefined ? value.toLowerCase() : '';
        break;
      case 10:
        if (isNamed(name, 'connection')) this.#takeConnection(value);
        break;
      case 13:
        if (isNamed(name, 'authorization')) this.#takeAuthorization();
        break;
      case 14:
        if (isNamed(name, 'content-length')) this.framing.contentLength(value);
        break;
      case 16:
        // No RFC's, but meant as it says by old software.
        if (isNamed(name, 'proxy-connection')) this.#hasClose ||= listHas(value, 'close');
        break;
      case 17:
        if (isNamed(name, 'transfer-encoding')) this.framing.transferEncoding(value);
        break;
      default:
    }
  }

  get isKeptAlive(): boolean {
    return !this.#hasClose && (this.minorVersion === 1 || this.#hasKeepAlive);
  }

  get wantsWebSocket(): boolean {
    return this.minorVersion === 1 && this.#connectionUpgrades && this.#upgrade === 'websocket';
  }

  #takeHost(value: string): void {
    if (this.authority !== undefined) this.fault ||= 'The request has more than one Host header.';
    this.authority = value;
  }

  // RFC 9110, section 10.1.1: in HTTP/1.0 it means nothing.
  #takeExpect(value: string): void {
    if (this.expectsContinue || value.toLowerCase() !== '100-continue')
      this.fault ||= 'The Expect header may only say 100-continue.';
    this.expectsContinue = this.minorVersion === 1;
  }

  #takeConnection(value: string): void {
    this.#hasClose ||= listHas(value, 'close');
    this.#hasKeepAlive ||= listHas(value, 'keep-alive');
    this.#connectionUpgrades ||= listHas(value, 'upgrade');
  }

  // RFC 9110, section 11.6.2: it holds one credential. Of two, what was checked here need not be what an upstream reads.
  #takeAuthorization(): void {
    if (this.#hasCredentials) this.fault ||= 'The request has more than one Authorization header.';
    this.#hasCredentials = true;
  }
}

function methodFault(method: string, target: string): RequestFault {
  if (method === 'PRI') return bad('The request is not of HTTP/1.1.');
  if (!refusedMethods.has(method)) return bad('The method is not one that the gateway knows.', target);
  const detail = `The gateway does not take ${method}; it takes ${commonMethods}.`;
  return { isFault: true, code: 'method_not_allowed', detail, path: pathOf(target) };
}

// The absolute form (RFC 9112, section 3.2.2) is taken when it says the same as the Host header.
function originForm(target: string, authority: string): string | undefined {
  if (target.startsWith('/')) return target;
  const match = /^https?:\/\/([^/?#]+)(.*)$/i.exec(target);
  if (match?.[1]?.toLowerCase() !== authority.toLowerCase()) return undefined;
  const rest = match[2] ?? '';
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function hostOf(authority: string): string {
  const colon = authority.startsWith('[') ? authority.indexOf(':', authority.indexOf(']')) : authority.indexOf(':');
  const host = (colon === -1 ? authority : authority.slice(0, colon)).toLowerCase();
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function bad(detail: string, target = '/'): RequestFault {
  return { isFault: true, code: 'bad_request', detail, path: pathOf(target) };
}

function pathOf(target: string): string {
  return target.startsWith('/') ? (target.split('?', 1)[0] ?? '/') : '/';
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
