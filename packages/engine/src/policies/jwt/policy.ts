// Who calls: a signed token of an issuer that the route trusts (RFC 7519), answered as RFC 6750 says.
import { concealCredential, findCredential, keepCredential, placeInWords } from '../../credential-places.js';
import { mapSubject } from '../../map-subject.js';
import type { Proof, Unproven } from '../../policy.js';
import { authenticationPolicy } from '../../policy.js';
import type { NeedEnd, Progress } from '../../progress.js';
import { checkToken } from './check-token.js';
import type { Claims } from './claims.js';
import { claimAt, textsAt, wordsAt } from './claims.js';
import type { CompiledJwt } from './compile-jwt.js';
import { compileJwt } from './compile-jwt.js';
import type { JwtSettings } from './schema.js';
import { jwtSchema } from './schema.js';
import type { TokenFault } from './token-fault.js';

const schemes = ['bearer'];
// Long enough for every algorithm, as text and as base64url.
const standIn = 'x'.repeat(88);

export const jwt = authenticationPolicy<JwtSettings, CompiledJwt>({
  name: 'jwt',
  summary: 'Asks for a signed token (JWT) of an issuer that you trust, and checks its signature, times and claims.',
  schema: jwtSchema,
  secrets: [
    { at: ['issuers', '*', 'keys', '*', 'secret'], isSecret: () => true, standIn },
    { at: ['issuers', '*', 'keys', '*', 'jwk', 'k'], isSecret: () => true, standIn },
  ],
  effort: 'signature',
  compile: compileJwt,
  conceal: ({ places, isHidden }, progress) => {
    if (isHidden) concealCredential(places, schemes, progress);
  },
  authenticate: (compiled, progress) => {
    const found = findCredential(compiled.places, schemes, progress);
    switch (found.state) {
      case 'absent':
        progress.reasons.push({ code: 'token_missing' });
        return {
          kind: 'absent',
          code: 'credential_missing',
          detail: `Send a token in ${compiled.places.map(placeInWords).join(' or ')}.`,
          // RFC 6750, section 3.1: a request without a token gets no error code.
          challenges: [`Bearer realm="${compiled.realm}"`],
        };
      case 'repeated':
        progress.reasons.push({ code: 'credential_repeated', by: 'jwt' });
        return refused(
          compiled,
          'credential_repeated',
          'The request carries more than one token. Send one.',
          'invalid_request',
        );
      default:
        if (!compiled.isHidden) keepCredential(found.place, progress);
        return proofOf(compiled, found.value, progress);
    }
  },
});

function proofOf(compiled: CompiledJwt, token: string, progress: Progress): Proof | NeedEnd {
  const result = checkToken(token, compiled.rules, progress.facts, progress.now);
  if (result.kind === 'need') return result;
  if (result.kind === 'bad') {
    progress.reasons.push(result.fault.reason);
    return unprovenBy(compiled, result.fault);
  }
  const { issuer, claims } = result;
  progress.reasons.push({ code: 'token_accepted', issuer });
  const subject = subjectOf(claims, compiled.subjectClaim);
  const mapped = mapSubject(compiled.subscription, issuer, subject, progress);
  if (mapped.kind !== 'mapped') return mapped;
  const scopesClaim = compiled.scopesClaims.find((name) => claimAt(claims, name) !== undefined);
  return {
    kind: 'proven',
    identity: {
      by: 'jwt',
      subject,
      issuer,
      credentialId: mapped.credentialId,
      subscriptionId: mapped.subscriptionId,
      scopes: scopesClaim === undefined ? [] : wordsAt(claims, scopesClaim),
      groups: textsAt(claims, compiled.groupsClaim),
      claims,
    },
  };
}

// Some issuers number their subjects.
function subjectOf(claims: Claims, name: string): string {
  const value = claimAt(claims, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function unprovenBy(compiled: CompiledJwt, { code, detail, retryAfterS }: TokenFault): Unproven {
  if (retryAfterS === undefined) return refused(compiled, code, detail, 'invalid_token');
  return { kind: 'unavailable', code, detail, challenges: [], retryAfterS };
}

function refused({ realm }: CompiledJwt, code: Unproven['code'], detail: string, error: string): Unproven {
  // RFC 6750, section 3: what error_description may hold.
  const description = detail.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'");
  const challenge = `Bearer realm="${realm}", error="${error}", error_description="${description}"`;
  return { kind: 'refused', code, detail, challenges: [challenge] };
}
