// A token from its text to its claims. What is cheap comes first: the size, the form, the header, whose it is, its claims;
// only a token that would be good in all of that is worth verifying a signature.
import type { Facts } from '../../decision.js';
import type { NeedEnd } from '../../progress.js';
import type { TokenFact, TokenQuestion } from '../../questions.js';
import type { ClaimRules } from './check-claims.js';
import { checkClaims } from './check-claims.js';
import { checkHeader } from './check-header.js';
import type { Claims } from './claims.js';
import type { CompiledIssuer } from './compile-issuer.js';
import { decodeObject, isBase64Url, splitToken } from './parse-token.js';
import type { ParsedToken } from './parsed-tokens.js';
import { keepParsed, parsedToken } from './parsed-tokens.js';
import type { TokenFault } from './token-fault.js';
import { fault, malformed } from './token-fault.js';

export interface TokenRules extends ClaimRules {
  readonly maxTokenBytes: number;
  /** By the claim `iss`. */
  readonly issuers: ReadonlyMap<string, CompiledIssuer>;
}

export type TokenResult =
  | { readonly kind: 'good'; readonly issuer: string; readonly claims: Claims }
  | { readonly kind: 'bad'; readonly fault: TokenFault }
  | NeedEnd;

export function checkToken(token: string, rules: TokenRules, facts: Pick<Facts, 'token'>, now: number): TokenResult {
  if (token.length > rules.maxTokenBytes)
    return bad(
      fault(
        { code: 'token_too_large' },
        'token_too_large',
        `The token is larger than ${rules.maxTokenBytes} bytes. Get one with fewer claims.`,
      ),
    );
  const kept = parsedToken(token);
  const parsed = kept ?? parse(token);
  if ('kind' in parsed) return parsed;
  const result = judge(token, parsed, rules, facts, now);
  if (kept === undefined && result.kind === 'good') keepParsed(token, parsed);
  return result;
}

type BadToken = Extract<TokenResult, { kind: 'bad' }>;

function parse(token: string): ParsedToken | BadToken {
  const parts = splitToken(token);
  if (parts === undefined)
    return bad(malformed('The token is not a signed JWT: three parts of base64url, apart by dots.'));
  const header = checkHeader(parts.header);
  if (!header.ok) return bad(header.fault);
  const claims = decodeObject(parts.payload);
  if (claims === undefined || !isBase64Url(parts.signature))
    return bad(malformed('The second part of the token is no JSON object in base64url, or the third no signature.'));
  return { algorithm: header.algorithm, kid: header.kid, claims };
}

function judge(
  token: string,
  { algorithm, kid, claims }: ParsedToken,
  rules: TokenRules,
  facts: Pick<Facts, 'token'>,
  now: number,
): TokenResult {
  const { iss } = claims;
  const found = typeof iss === 'string' ? rules.issuers.get(iss) : undefined;
  if (found === undefined)
    return bad(
      fault(
        { code: 'token_issuer_unknown' },
        'token_issuer_unknown',
        'The token names no issuer (iss) that this route trusts.',
      ),
    );
  const keys = found.keys.get(algorithm);
  if (keys === undefined) return bad(algorithmFault(algorithm, found));
  const wrong = checkClaims(claims, found, rules, now);
  if (wrong !== undefined) return bad(wrong);
  const question: TokenQuestion = { token, keys, algorithm, kid };
  const fact = facts.token(question);
  if (fact === undefined) return { kind: 'need', need: 'token', question };
  const { issuer } = found;
  return fact.state === 'good' ? { kind: 'good', issuer, claims } : bad(faultOf(fact, issuer));
}

function algorithmFault(algorithm: string, { issuer, keys }: CompiledIssuer): TokenFault {
  const isConfused = algorithm.startsWith('HS') && [...keys.keys()].some((one) => !one.startsWith('HS'));
  return fault(
    { code: isConfused ? 'token_algorithm_confused' : 'token_algorithm_not_allowed', algorithm, issuer },
    'token_algorithm_refused',
    `The token's algorithm ${algorithm} is not allowed for its issuer. Allowed: ${[...keys.keys()].toSorted().join(', ')}.`,
  );
}

function faultOf(fact: Exclude<TokenFact, { state: 'good' }>, issuer: string): TokenFault {
  if (fact.state === 'bad') {
    return fact.fault === 'kid_unknown'
      ? fault(
          { code: 'token_key_unknown', issuer },
          'token_key_unknown',
          "The issuer has no key of the name (kid) in the token's header. Get a new token.",
        )
      : fault(
          { code: 'token_signature_wrong', issuer },
          'token_signature_invalid',
          "The token's signature does not hold. Send it whole and unchanged.",
        );
  }
  return fact.fault === 'keys'
    ? {
        ...fault(
          { code: 'token_keys_unavailable', issuer },
          'token_keys_unavailable',
          "The key that signed the token is not known yet, and the issuer's keys cannot be fetched. Try again in a few seconds.",
        ),
        retryAfterS: 5,
      }
    : {
        ...fault(
          { code: 'token_busy', issuer },
          'identity_busy',
          'Too many tokens are being checked. Try again in a second.',
        ),
        retryAfterS: 1,
      };
}

function bad(found: TokenFault): BadToken {
  return { kind: 'bad', fault: found };
}
