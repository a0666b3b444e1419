// The settings of the policy, ready to judge tokens with.
import type { Place } from '../../credential-places.js';
import { placesOf } from '../../credential-places.js';
import type { SubjectRule } from '../../map-subject.js';
import type { CompileContext } from '../../policy.js';
import type { TokenRules } from './check-token.js';
import { compileIssuer } from './compile-issuer.js';
import type { JwtSettings } from './schema.js';

export interface CompiledJwt {
  readonly places: readonly Place[];
  readonly isHidden: boolean;
  readonly rules: TokenRules;
  readonly subjectClaim: string;
  /** The first that is there. */
  readonly scopesClaims: readonly string[];
  readonly groupsClaim: string;
  readonly subscription: SubjectRule;
  readonly realm: string;
}

export function compileJwt(settings: JwtSettings, { api, report }: CompileContext): CompiledJwt {
  const { issuers, audiences = [], hide, claimsToVerify, requiredClaims, claims, maxTokenBytes } = settings;
  const byIssuer = new Map(
    issuers.map((issuer, index) => [
      issuer.issuer,
      compileIssuer(issuer, audiences, (at, detail, fix) => report(['issuers', index, ...at], detail, fix)),
    ]),
  );
  issuers.forEach(({ issuer }, index) => {
    if (issuers.findIndex((other) => other.issuer === issuer) < index)
      report(['issuers', index, 'issuer'], `${issuer} is named twice`, 'put all keys of an issuer into one');
  });
  return {
    places: placesOf(settings, 'authorization', report),
    isHidden: hide,
    rules: {
      maxTokenBytes,
      issuers: byIssuer,
      skewMs: settings.skewMs,
      maxAgeMs: settings.maxAgeMs,
      required: [...claimsToVerify, ...requiredClaims],
      values: Object.entries(claims).map(([name, values]) => [name, [values].flat()]),
    },
    subjectClaim: settings.subjectClaim,
    scopesClaims: settings.scopesClaim === undefined ? ['scope', 'scp'] : [settings.scopesClaim],
    groupsClaim: settings.groupsClaim,
    subscription: settings.subscription,
    realm: settings.realm ?? api,
  };
}
