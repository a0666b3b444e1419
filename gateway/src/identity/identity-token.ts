// The gateway's signed word for upstreams (`X-Sluice-Identity`): that the request came through it, where to, and who
// calls. A JWT of five minutes. Made once for a caller and a route and used until a minute before its end, so that a
// request pays a look-up; the first pays 30 to 50 µs. Signed by Node's own crypto: a library that signs later would let
// the first request go without.
//
// An upstream checks the signature against /identity/jwks.json of the ops port, `iss`, its own name in `aud`, and - since
// names of upstreams repeat between tenants - `tenant` and `environment`.
import { sign } from 'node:crypto';
import type { Clock } from '../limits/clock.js';
import { systemClock } from '../limits/clock.js';
import type { IdentityTokenSubject } from './identity-checks.js';
import type { IdentityCounters } from './identity-counters.js';
import type { SigningKey } from './signing-key.js';
import { privateKeyOf } from './signing-key.js';
import { TenantCache } from './tenant-cache.js';

export const identityIssuer = 'sluice';
const lifeS = 300;
const usedForMs = (lifeS - 60) * 1000;
/** Longer ones, of callers with hundreds of scopes, are signed each time: an issuer could fill a gateway's memory with them. */
const longestKept = 2048;

export function createIdentityTokens(
  { algorithm, kid, privateJwk }: SigningKey,
  counters: IdentityCounters,
  clock: Pick<Clock, 'nowMs' | 'wallMs'> = systemClock,
): (subject: IdentityTokenSubject) => string {
  const key = privateKeyOf(privateJwk);
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  const head = base64url({ alg: algorithm, typ: 'JWT', kid });
  const known = new TenantCache<string>({ perTenant: 2000, total: 20_000 }, clock);

  return (subject) => {
    const claims = claimsOf(subject);
    const cacheKey = JSON.stringify(claims);
    const kept = known.get(subject.tenantId, cacheKey);
    if (kept !== undefined) return kept;
    const iat = Math.floor(clock.wallMs() / 1000);
    const signed = `${head}.${base64url({ ...claims, iat, exp: iat + lifeS })}`;
    // RFC 7518, section 3.4: both halves of an ECDSA signature, not DER.
    const signature = sign(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
    const token = `${signed}.${signature.toString('base64url')}`;
    if (token.length <= longestKept) known.set(subject.tenantId, cacheKey, token, usedForMs);
    counters.count('identityTokensSigned');
    return token;
  };
}

/** What is empty is left out. */
function claimsOf({ tenantId, environmentId, account, identity }: IdentityTokenSubject): Record<string, string> {
  const claims: Record<string, string> = {
    iss: identityIssuer,
    aud: account.upstream,
    tenant: tenantId,
    environment: environmentId,
    api: account.api,
    route: account.route,
  };
  const may = (name: string, value: string): void => {
    if (value !== '') claims[name] = value;
  };
  may('sub', identity?.subject ?? '');
  may('issuer', identity?.issuer ?? '');
  may('by', identity?.by ?? '');
  may('application', account.applicationId);
  may('subscription', account.subscriptionId);
  may('credential', account.credentialId);
  may('scopes', identity?.scopes.join(' ') ?? '');
  return claims;
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
