// A token's claims (RFC 7519, section 4.1) against what the route asks for. Times are judged at every decision, so that an
// answer about the signature, kept for a while, never outlives the token.
import type { Claims } from './claims.js';
import { claimAt } from './claims.js';
import type { CompiledIssuer } from './compile-issuer.js';
import type { TokenFault } from './token-fault.js';
import { fault, malformed } from './token-fault.js';

export type ClaimValue = string | number | boolean;

export interface ClaimRules {
  readonly skewMs: number;
  readonly maxAgeMs: number | undefined;
  /** Those that must be there. */
  readonly required: readonly string[];
  readonly values: readonly (readonly [name: string, values: readonly ClaimValue[]])[];
}

const times = ['exp', 'nbf', 'iat'] as const;

/** Undefined: nothing is wrong with them. @param now Unix milliseconds. */
export function checkClaims(
  claims: Claims,
  { issuer, audiences }: CompiledIssuer,
  rules: ClaimRules,
  now: number,
): TokenFault | undefined {
  for (const name of times) {
    // NumericDate: seconds, with a fraction at most.
    if (Object.hasOwn(claims, name) && !Number.isFinite(claims[name]))
      return malformed(`The claim ${name} of the token is not a number of seconds.`);
  }
  return (
    checkTimes(claims, issuer, rules, now) ??
    (isFor(claims['aud'], audiences)
      ? undefined
      : fault(
          { code: 'token_audience_wrong', issuer },
          'token_audience_wrong',
          'The token is meant for another audience. Get one for this API.',
        )) ??
    checkValues(claims, rules)
  );
}

function checkTimes(
  claims: Claims,
  issuer: string,
  { skewMs, maxAgeMs, required }: ClaimRules,
  now: number,
): TokenFault | undefined {
  const [exp, nbf, iat] = times.map((name) => (Object.hasOwn(claims, name) ? Number(claims[name]) * 1000 : undefined));
  for (const name of required) if (claimAt(claims, name) === undefined) return missing(name);
  if (exp !== undefined && now >= exp + skewMs)
    return fault(
      { code: 'token_expired', issuer, byMs: wholeMs(now - exp) },
      'token_expired',
      'The token has expired. Get a new one.',
    );
  const earliest = Math.max(nbf ?? 0, maxAgeMs === undefined ? 0 : (iat ?? 0));
  if (now + skewMs < earliest)
    return fault(
      { code: 'token_not_yet_valid', issuer, byMs: wholeMs(earliest - now) },
      'token_not_yet_valid',
      'The token is not valid yet. Its time begins later, or the clocks differ.',
    );
  if (maxAgeMs === undefined) return undefined;
  if (iat === undefined) return missing('iat');
  return now > iat + maxAgeMs + skewMs
    ? fault({ code: 'token_too_old', issuer }, 'token_expired', 'The token was issued too long ago. Get a new one.')
    : undefined;
}

// A record is JSON, which has no infinity; a token may name any time.
function wholeMs(ms: number): number {
  return Math.min(Math.round(ms), Number.MAX_SAFE_INTEGER);
}

function checkValues(claims: Claims, { values }: ClaimRules): TokenFault | undefined {
  for (const [name, allowed] of values) {
    const value = claimAt(claims, name);
    if (value === undefined) return missing(name);
    const has = (one: unknown): boolean => allowed.includes(one as ClaimValue);
    if (Array.isArray(value) ? !value.some(has) : !has(value))
      return fault(
        { code: 'token_claim_wrong', claim: name },
        'token_claim_refused',
        `The claim ${name} of the token does not have a value that this route takes.`,
      );
  }
  return undefined;
}

function missing(claim: string): TokenFault {
  return fault(
    { code: 'token_claim_missing', claim },
    'token_claim_refused',
    `The token lacks the claim ${claim}, which this route asks for.`,
  );
}

function isFor(audience: unknown, audiences: readonly string[]): boolean {
  if (audiences.length === 0) return true;
  const named: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  return named.some((one) => typeof one === 'string' && audiences.includes(one));
}
