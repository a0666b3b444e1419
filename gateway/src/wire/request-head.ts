// The rules of a request's head that stand above the parser's: one host, one form of the target, a canonical path.
// RFC 9112 sections 3.2 and 6.1; SECURITY.md says why each of them matters.
import { canonicalPath, pathFaults } from '@sluice/engine';

export interface RequestHead {
  readonly host: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
}

export type HeadResult =
  | { readonly ok: true; readonly head: RequestHead }
  | { readonly ok: false; readonly detail: string };

export const mostHeaders = 100;
const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?$/;
const mostPort = 65_535;

export function readHead(target: string, rawHeaders: readonly string[], httpVersion: string): HeadResult {
  // The parser also takes 0.9 and 2.0 in a request line; over plain TCP neither means anything.
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return refuse('The request is not of HTTP/1.1.');
  if (rawHeaders.length > 2 * mostHeaders) return refuse(`The request has more than ${mostHeaders} headers.`);
  let authority: string | undefined;
  let hasCoding = false;
  let hasCredentials = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') {
      if (authority !== undefined) return refuse('The request has more than one Host header.');
      authority = rawHeaders[index + 1] ?? '';
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (httpVersion === '1.0') return refuse('An HTTP/1.0 request must not have a Transfer-Encoding.');
      // Any other coding would be lost: only the chunks are taken off and put on again.
      if (hasCoding || (rawHeaders[index + 1] ?? '').trim().toLowerCase() !== 'chunked')
        return refuse('The Transfer-Encoding may only be chunked.');
      hasCoding = true;
    } else if (name.length === 13 && name.toLowerCase() === 'authorization') {
      // RFC 9110, section 11.6.2: it holds one credential. Of two, what was checked here need not be what an upstream reads.
      if (hasCredentials) return refuse('The request has more than one Authorization header.');
      hasCredentials = true;
    }
  }
  if (authority === undefined) return refuse('The request has no Host header.');
  const host = hostPattern.exec(authority);
  if (host === null || Number(host[1] ?? 0) > mostPort)
    return refuse('The Host header is not a host with an optional port.');
  const origin = originForm(target, authority);
  if (origin === undefined)
    return refuse('The request target must be a path, or a URL of the same host as the Host header.');
  const mark = origin.indexOf('?');
  const canonical = canonicalPath(mark === -1 ? origin : origin.slice(0, mark));
  if (!canonical.ok) return refuse(`${sentence(pathFaults[canonical.fault])}.`);
  const query = mark === -1 ? '' : origin.slice(mark);
  // eslint-disable-next-line no-control-regex -- control characters and raw bytes are what is looked for
  if (query !== '' && /[^\x21-\x7e]|#/.test(query))
    return refuse('The query holds a character that must be percent-encoded.');
  return { ok: true, head: { host: hostOf(authority), authority, path: canonical.path, query } };
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

function refuse(detail: string): HeadResult {
  return { ok: false, detail };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
