// Fetches a small JSON document from an address that a tenant chose: no redirect is followed, its time and size are
// bounded, and the connection goes only where the gateway's rule allows; without TLS only to addresses that the operator
// lists. A public address over plain http would hand whoever stands between the choice of keys. What goes wrong is a value.
import type { Resolve } from '../../upstream/allowed-address.js';
import { addressRule, listedRule } from '../../upstream/allowed-address.js';
import { Services } from '../../upstream/services.js';
import type { ServiceAnswer, ServiceFault } from '../../upstream/services.js';

export type FetchFault =
  | ServiceFault
  | 'redirected'
  | 'not_found'
  | 'too_large'
  | 'not_json'
  | 'not_a_key_set'
  | 'other_issuer';

export type Fetched<Value> =
  | { readonly ok: true; readonly value: Value; readonly maxAgeMs: number | undefined }
  | { readonly ok: false; readonly fault: FetchFault };

/** `tenantId`: who chose the address. Its look-ups and connections are bounded apart from those of others. */
export type FetchJson = (tenantId: string, url: URL) => Promise<Fetched<unknown>>;

const mostBytes = 262_144;
const longestMs = 5000;
// Fetches are minutes apart: a connection that is kept would only grow old.
const bounds = { connections: 64, keepAliveMs: 0 };
const headers = ['accept', 'application/json, application/jwk-set+json', 'user-agent', 'sluice'];

/** @param allow address ranges besides public ones. */
export function createFetchJson(allow: readonly string[], resolve?: Resolve): FetchJson {
  const overTls = new Services(addressRule(allow), { ...bounds, resolve });
  const inClear = new Services(listedRule(allow), { ...bounds, resolve });
  return async (tenantId, url) => {
    const answer = await (url.protocol === 'https:' ? overTls : inClear).ask({
      owner: tenantId,
      url,
      headers,
      timeoutMs: longestMs,
      mostBytes,
      isRead: (status) => status === 200,
    });
    return answer.ok ? jsonOf(answer) : answer;
  };
}

function jsonOf(answer: ServiceAnswer): Fetched<unknown> {
  const { status, body, isWhole } = answer;
  if (status >= 300 && status < 400) return { ok: false, fault: 'redirected' };
  if (status !== 200) return { ok: false, fault: 'not_found' };
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(header(answer, 'content-type')))
    return { ok: false, fault: 'not_json' };
  if (!isWhole) return { ok: false, fault: 'too_large' };
  try {
    return { ok: true, value: JSON.parse(body.toString()) as unknown, maxAgeMs: maxAgeMsOf(answer) };
  } catch {
    return { ok: false, fault: 'not_json' };
  }
}

// RFC 9111, section 5.2.2.1. Anything but a plain max-age says nothing to us.
function maxAgeMsOf(answer: ServiceAnswer): number | undefined {
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(header(answer, 'cache-control'))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function header({ headers: all }: ServiceAnswer, name: string): string {
  return all
    .filter(([one]) => one === name)
    .map(([, value]) => value)
    .join();
}
