// Fetches the keys of an issuer: by the URL of a key set (RFC 7517), or by OpenID Connect Discovery 1.0. What is no key set
// of that issuer is refused by what is wrong with it; single keys that nobody can verify with are left out.
import { hash } from 'node:crypto';
import type { KeySource } from '@sluice/engine';
import type { Fetched, FetchJson } from './fetch-json.js';
import { VerificationKey } from './verification-key.js';

export type FetchedSource = Exclude<KeySource, { readonly from: 'static' }>;

export interface KeySet {
  readonly keys: readonly VerificationKey[];
  /** Differs when the keys do. */
  readonly fingerprint: string;
}

/** `tenantId`: whose issuer it is. */
export type FetchKeySet = (tenantId: string, source: FetchedSource) => Promise<Fetched<KeySet>>;

// Real issuers have two or three, the largest a dozen; each might have to be tried, and is kept for a day.
const mostKeys = 50;

export function createFetchKeySet(fetchJson: FetchJson): FetchKeySet {
  return async (tenantId, source) => {
    const fetchFor = async (url: URL): Promise<Fetched<unknown>> => fetchJson(tenantId, url);
    if (source.from === 'jwks') return fetchKeySet(source.url, fetchFor);
    const address = `${source.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const url = webUrl(address);
    if (url === undefined) return { ok: false, fault: 'unreachable' };
    const found = await fetchFor(url);
    if (!found.ok) return found;
    const configuration = asObject(found.value);
    const jwksUrl = configuration?.['jwks_uri'];
    // Section 4.3: the issuer must be the one that was asked for, letter by letter.
    if (configuration?.['issuer'] !== source.issuer) return { ok: false, fault: 'other_issuer' };
    if (typeof jwksUrl !== 'string' || (url.protocol === 'https:' && !jwksUrl.startsWith('https:')))
      return { ok: false, fault: 'not_a_key_set' };
    return fetchKeySet(jwksUrl, fetchFor);
  };
}

async function fetchKeySet(
  address: string,
  fetchFor: (url: URL) => Promise<Fetched<unknown>>,
): Promise<Fetched<KeySet>> {
  const url = webUrl(address);
  if (url === undefined) return { ok: false, fault: 'unreachable' };
  const found = await fetchFor(url);
  if (!found.ok) return found;
  const listed = asObject(found.value)?.['keys'];
  if (!Array.isArray(listed) || listed.length > mostKeys) return { ok: false, fault: 'not_a_key_set' };
  const keys = listed
    .map((one) => asObject(one))
    .map((jwk) => (jwk === undefined ? undefined : VerificationKey.ofJwk(jwk, undefined, false)))
    .filter((key) => key !== undefined);
  return {
    ok: true,
    value: { keys, fingerprint: hash('sha256', keys.map(({ text }) => text).join('\n'), 'base64url') },
    maxAgeMs: found.maxAgeMs,
  };
}

function webUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== ''
    ? undefined
    : url;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any object is a record of what nobody knows yet
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
