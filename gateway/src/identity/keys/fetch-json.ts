// Fetches a small JSON document from an address that a tenant chose: no redirect is followed, its time and size are
// bounded, and the connection goes only where the gateway's rule allows. What goes wrong is a value.
import type { buildConnector } from 'undici';
import { Client } from 'undici';
import { ForbiddenAddressError } from '../../upstream/allowed-address.js';

export type FetchFault =
  | 'forbidden_address'
  | 'timeout'
  | 'unreachable'
  | 'redirected'
  | 'not_found'
  | 'too_large'
  | 'not_json'
  | 'not_a_key_set'
  | 'other_issuer';

export type Fetched<Value> =
  | { readonly ok: true; readonly value: Value; readonly maxAgeMs: number | undefined }
  | { readonly ok: false; readonly fault: FetchFault };

const mostBytes = 262_144;
const longestMs = 5000;

/** @param connect checks the address of each connection. */
export async function fetchJson(url: URL, connect: buildConnector.connector): Promise<Fetched<unknown>> {
  // Fetches are minutes apart: a connection that is kept would only grow old.
  const client = new Client(url.origin, { connect, headersTimeout: longestMs, bodyTimeout: longestMs });
  const signal = AbortSignal.timeout(longestMs);
  try {
    const { statusCode, headers, body } = await client.request({
      path: url.pathname + url.search,
      method: 'GET',
      headers: { accept: 'application/json, application/jwk-set+json', 'user-agent': 'sluice' },
      signal,
    });
    if (statusCode >= 300 && statusCode < 400) return { ok: false, fault: 'redirected' };
    if (statusCode !== 200) return { ok: false, fault: 'not_found' };
    if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(String(headers['content-type'] ?? '')))
      return { ok: false, fault: 'not_json' };
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body) {
      const bytes = chunk as Buffer;
      length += bytes.length;
      if (length > mostBytes) return { ok: false, fault: 'too_large' };
      chunks.push(bytes);
    }
    return { ok: true, value: JSON.parse(Buffer.concat(chunks).toString()) as unknown, maxAgeMs: maxAgeMsOf(headers) };
  } catch (error) {
    if (signal.aborted) return { ok: false, fault: 'timeout' };
    if (error instanceof ForbiddenAddressError) return { ok: false, fault: 'forbidden_address' };
    return { ok: false, fault: error instanceof SyntaxError ? 'not_json' : 'unreachable' };
  } finally {
    await client.destroy();
  }
}

// RFC 9111, section 5.2.2.1. Anything but a plain max-age says nothing to us.
function maxAgeMsOf(headers: Readonly<Record<string, string | string[] | undefined>>): number | undefined {
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(String(headers['cache-control'] ?? ''))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
