// A request as it would be with a credential that nobody has at hand: a key or a token is put where the route that takes
// the request looks for one.
import type { AuthenticationRule, Compiled } from '../compiled.js';
import type { Place } from '../credential-places.js';
import type { DecideRequest, Facts } from '../decision.js';
import type { CompiledJwt } from '../policies/jwt/compile-jwt.js';
import { begin } from '../progress.js';
import { match } from '../stages/match.js';

export interface Assumed {
  /** Stands for an API key. The facts must know it. */
  readonly key: string | undefined;
  /** Of a token whose signature is taken for good: the facts must say so of `assumedToken` of these claims. */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
}

interface Carried {
  readonly place: Place;
  readonly value: string;
}

/** The same request when its route asks for nothing of the kind, or no route takes it. */
export function withAssumed(
  compiled: Compiled,
  request: DecideRequest,
  facts: Facts,
  now: number,
  assumed: Assumed,
): DecideRequest {
  const progress = begin(compiled, request, facts, now, 0);
  match(progress);
  const rule = progress.route?.authentication;
  return rule === undefined ? request : carriedBy(rule, assumed).reduce(carry, request);
}

/** A token with these claims that no issuer has signed. */
export function assumedToken(algorithm: string, claims: Readonly<Record<string, unknown>>): string {
  return [{ alg: algorithm, typ: 'JWT' }, claims, 'assumed'].map(base64Url).join('.');
}

function carriedBy(rule: AuthenticationRule, assumed: Assumed): readonly Carried[] {
  if (rule.kind !== 'policy') return rule.rules.flatMap((part) => carriedBy(part, assumed));
  const { name, compiled } = rule.policy;
  if (name === 'api-key' && assumed.key !== undefined) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the policy of this name compiles to
    const [place] = (compiled as { readonly places: readonly Place[] }).places;
    return place === undefined ? [] : [{ place, value: assumed.key }];
  }
  if (name === 'jwt' && assumed.claims !== undefined) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
    const { places, rules } = compiled as CompiledJwt;
    const [place] = places;
    const { iss } = assumed.claims;
    const named = typeof iss === 'string' ? rules.issuers.get(iss) : undefined;
    const issuer = named ?? [...rules.issuers.values()][0];
    const [algorithm = 'RS256'] = issuer?.keys.keys() ?? [];
    return place === undefined ? [] : [{ place, value: assumedToken(algorithm, assumed.claims) }];
  }
  return [];
}

function carry(request: DecideRequest, { place: { kind, name }, value }: Carried): DecideRequest {
  switch (kind) {
    case 'query':
      return {
        ...request,
        query: `${request.query}${request.query === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`,
      };
    case 'cookie': {
      const others = request.header('cookie');
      return withHeader(request, 'cookie', `${others === undefined ? '' : `${others}; `}${name}=${value}`);
    }
    default:
      // What the request brings by itself stands.
      if (request.header(name) !== undefined) return request;
      return withHeader(request, name, name === 'authorization' ? `Bearer ${value}` : value);
  }
}

function withHeader(request: DecideRequest, added: string, value: string): DecideRequest {
  return { ...request, header: (name) => (name === added ? value : request.header(name)) };
}

function base64Url(part: unknown): string {
  const bytes = new TextEncoder().encode(typeof part === 'string' ? part : JSON.stringify(part));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
