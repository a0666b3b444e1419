// The request that a body describes, as a gateway would read it off the wire.
import type { PortalExplainBody } from '@sluice/contracts';
import { canonicalPath, pathFaults, type DecideRequest } from '@sluice/engine';
import { invalidField } from '../http/refusal.js';

/** Of the range for documentation (RFC 5737). */
export const someAddress = '192.0.2.1';

const parts = /^(?<protocol>https?):\/\/(?<authority>[^/?#]+)(?<path>[^?#]*)(?<query>\?[^#]*)?$/;

export function requestedBy({
  method,
  url,
  headers,
  clientAddress = someAddress,
}: Pick<PortalExplainBody, 'method' | 'url' | 'headers' | 'clientAddress'>): DecideRequest {
  const { protocol, authority = '', path = '', query = '' } = parts.exec(url)?.groups ?? {};
  if (authority.includes('@')) throw invalidField('/url', 'the URL holds a user', 'leave user and password out');
  const canonical = canonicalPath(path === '' ? '/' : path);
  if (!canonical.ok)
    throw invalidField(
      '/url',
      `a gateway refuses it with bad_request: ${pathFaults[canonical.fault]}`,
      'write another path',
    );
  if (/[^\x21-\x7e]/.test(query))
    throw invalidField(
      '/url',
      'a gateway refuses it with bad_request: the query holds a character that must be percent-encoded',
      'percent-encode it',
    );
  const known = receivedHeaders(headers);
  return {
    host: authority.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, ''),
    method,
    path: canonical.path,
    query: query === '?' ? '' : query,
    protocol: protocol === 'https' ? 'https' : 'http',
    clientAddress,
    header: (name) => known.get(name),
  };
}

// One character for each byte of UTF-8, as heads are read: an arm by the hash of a header must not hang on who asks.
// Names with `_` or `.` never get past a gateway's wire.
function receivedHeaders(headers: PortalExplainBody['headers']): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), Buffer.from(value.trim()).toString('latin1')] as const)
      .filter(([name]) => !/[_.]/.test(name)),
  );
}
