// A token's header (RFC 7515, section 4.1; RFC 8725, section 3): it may say with which of the issuer's keys to verify, and
// nothing that would let the token choose its own.
import type { SigningAlgorithm } from '../../questions.js';
import { signingAlgorithms } from '../../questions.js';
import type { TokenFault } from './token-fault.js';
import { fault, malformed } from './token-fault.js';

export type HeaderResult =
  | { readonly ok: true; readonly algorithm: SigningAlgorithm; readonly kid: string | undefined }
  | { readonly ok: false; readonly fault: TokenFault };

const ownKeys = ['jku', 'x5u', 'jwk', 'x5c'];
const longestKid = 256;

export function checkHeader(header: Readonly<Record<string, unknown>>): HeaderResult {
  for (const name of ownKeys) {
    if (Object.hasOwn(header, name))
      return no(
        fault(
          { code: 'token_brings_keys', header: name },
          'token_header_refused',
          `The token's header holds ${name}. Keys are never taken from a token; have it issued without.`,
        ),
      );
  }
  // Unencoded payloads (RFC 7797) would need `crit` as well.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64'))
    return no(
      fault(
        { code: 'token_critical_header' },
        'token_header_refused',
        "The token's header asks for an extension that is not known here. Have it issued without crit and b64.",
      ),
    );
  const { algorithm, kid } = { algorithm: header['alg'], kid: header['kid'] };
  if (typeof algorithm !== 'string') return no(malformed("The token's header names no algorithm."));
  if (algorithm.toLowerCase() === 'none')
    return no(
      fault(
        { code: 'token_algorithm_none' },
        'token_algorithm_refused',
        'The token is not signed: its algorithm is none.',
      ),
    );
  if (!isKnown(algorithm))
    return no(
      fault(
        { code: 'token_algorithm_unknown' },
        'token_algorithm_refused',
        "The token's algorithm is not known here. RS256, ES256 and EdDSA are, among others.",
      ),
    );
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > longestKid))
    return no(malformed("The token's header has a kid that is no text, or too long."));
  return { ok: true, algorithm, kid };
}

function isKnown(algorithm: string): algorithm is SigningAlgorithm {
  return (signingAlgorithms as readonly string[]).includes(algorithm);
}

function no(found: TokenFault): HeaderResult {
  return { ok: false, fault: found };
}
