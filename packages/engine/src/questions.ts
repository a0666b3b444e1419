// What a decision may have to ask about who calls, and the answers. Each question is plain data that says all of it, so
// that whoever answers (the gateway, an explanation, a rehearsal) needs nothing of the configuration.

/** Asymmetric, and HMAC for static keys alone. `none` is not among them. */
export const signingAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'HS256',
  'HS384',
  'HS512',
] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** Whether a token's signature holds. Its claims are the engine's to judge. */
export interface TokenQuestion {
  /** The token as it came: three parts, checked for their form. */
  readonly token: string;
  readonly keys: KeySource;
  /** Of the token's header, and among those that the policy allows. */
  readonly algorithm: SigningAlgorithm;
  /** Of the token's header. */
  readonly kid: string | undefined;
}

/** Where the keys come from. `id` names the source within its tenant: equal ids share a cache. */
export type KeySource =
  | { readonly from: 'jwks'; readonly id: string; readonly url: string }
  | { readonly from: 'discovery'; readonly id: string; readonly issuer: string }
  | { readonly from: 'static'; readonly id: string; readonly keys: readonly StaticKey[] };

export type StaticKey =
  | { readonly kid: string | undefined; readonly jwk: Readonly<Record<string, unknown>> }
  | { readonly kid: string | undefined; readonly pem: string };

export type TokenFact =
  | { readonly state: 'good' }
  | { readonly state: 'bad'; readonly fault: 'signature' | 'kid_unknown' }
  /** Not the caller's fault: the keys could not be fetched, or the tenant's share of dear work is used up. */
  | { readonly state: 'unavailable'; readonly fault: 'keys' | 'busy' };

export type PasswordFact = 'right' | 'wrong' | 'busy';

export interface ForwardAuthCall {
  readonly address: string;
  readonly timeoutMs: number;
  /** 0: each request asks. */
  readonly cacheMs: number;
  /** What the service gets to see: in lower case, in order. Equal calls may share a cached answer. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The most that is read of the service's body. */
  readonly maxBodyBytes: number;
}

export type ForwardAuthFact =
  | {
      readonly state: 'answered';
      readonly status: number;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly body: string;
    }
  | { readonly state: 'unavailable'; readonly fault: 'unreachable' | 'timeout' | 'forbidden_address' | 'busy' };
