// What goes into a decision and what comes out of it. All of it is plain data, except the lookups of `DecideRequest`
// and `Facts`.
import type { ProblemCode, SubscriptionState } from '@sluice/contracts';
import type { Charge, LimitRef } from './limits.js';
import type { ForwardAuthCall, ForwardAuthFact, PasswordFact, TokenFact, TokenQuestion } from './questions.js';
import type { ArmReasonCode, Reason } from './reasons.js';

export interface DecideRequest {
  /** What the gateway calls it; undefined: it was never sent. */
  readonly id?: string | undefined;
  /** In lower case, without port. */
  readonly host: string;
  readonly method: string;
  /** Canonical, without the query: see `canonicalPath`. */
  readonly path: string;
  /** As it came, with its `?`; or empty. */
  readonly query: string;
  readonly protocol: 'http' | 'https';
  readonly clientAddress: string;
  /** A header's value by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** All of them, names and values in turn, as they came. Undefined: the caller knows them by name alone. */
  readonly rawHeaders?: readonly string[] | undefined;
}

/** What is known beside the configuration, of this environment alone. Lookups, so that only what is read costs. */
export interface Facts {
  /** By the whole key as the client sent it, or by the text that stands for a proven subject (`subjectKey`). */
  readonly credential: (key: string) => CredentialFact | undefined;
  readonly subscription: (id: string) => SubscriptionFact | undefined;
  /** Weights that were set at run time for a route, by its key. */
  readonly weights: (route: string) => WeightsFact | undefined;
  /** Whether an arm's upstream has a target that may be asked. */
  readonly isHealthy: (upstream: string) => boolean;
  /** Units of a limit that may be spent now; undefined: a lease is needed to know. */
  readonly budget: (limit: LimitRef) => number | undefined;
  /** What came of asking for a lease, by the limit's key. */
  readonly refusal: (key: string) => LimitRefusal | undefined;
  /** Undefined: not known yet, and a `Need`. The same for the two below. */
  readonly token: (question: TokenQuestion) => TokenFact | undefined;
  readonly password: (hash: string, password: string) => PasswordFact | undefined;
  readonly forwardAuth: (call: ForwardAuthCall) => ForwardAuthFact | undefined;
  /** The arm that a signed `X-Sluice-Arm` names for this route; undefined: none, or not to be believed. */
  readonly signedArm: (value: string, route: string) => string | undefined;
}

export interface CredentialFact {
  readonly id: string;
  readonly subscriptionId: string;
  readonly isRevoked: boolean;
  /** Unix milliseconds: from then on it is refused. */
  readonly expiresAt?: number | undefined;
  readonly scopes?: readonly string[] | undefined;
}

export interface SubscriptionFact {
  readonly id: string;
  readonly applicationId: string;
  readonly plan: string;
  readonly state: SubscriptionState;
  /** The least revision that knows the plan. */
  readonly revision: number;
  /** Unix milliseconds. */
  readonly startedAt?: number | undefined;
  /** How often it has moved to another plan. */
  readonly planChanges?: number | undefined;
}

export interface WeightsFact {
  readonly version: number;
  readonly weights: Readonly<Record<string, number>>;
}

export type LimitRefusal =
  | { readonly state: 'exhausted'; readonly resetMs: number }
  | { readonly state: 'unavailable' };

/** Who calls, as far as it was proven. */
export interface Identity {
  /** The policy that proved it: `api-key`, `jwt`, ... */
  readonly by: string;
  /** Whom the proof names: a token's subject, a user's name; empty for an API key. */
  readonly subject: string;
  readonly issuer: string;
  readonly credentialId: string;
  readonly subscriptionId: string;
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  /** Of a token, or what forward-auth said (`header name -> value`). */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Who asked for what, as far as the decision came: what a record keeps. Empty texts: it did not come that far. */
export interface Account {
  api: string;
  route: string;
  credentialId: string;
  subscriptionId: string;
  applicationId: string;
  plan: string;
  /** Every limit that was looked at. */
  limits: readonly LimitRef[];
  arm: string;
  armReason: ArmReasonCode | '';
  /** 0: the document's weights. */
  weightVersion: number;
  upstream: string;
}

export type Headers = readonly (readonly [name: string, value: string])[];

/** In this order: rename, remove, set (in the place of all of that name), add. Names in lower case. */
export interface HeaderEdits {
  readonly rename: Headers;
  readonly remove: readonly string[];
  readonly set: Headers;
  readonly add: Headers;
}

interface Decided {
  readonly account: Account;
  readonly reasons: readonly Reason[];
  /** For the answer, whoever gives it. They replace an upstream's headers of the same names. */
  readonly answerHeaders: Headers;
  /** To be taken, all or nothing, before anything goes out. */
  readonly spend: readonly Charge[];
  /** Of the answer, whoever gives it: an upstream, or the gateway itself. */
  readonly response: HeaderEdits;
  /** Wait this long first, milliseconds: an injected fault. */
  readonly delayMs: number;
}

export interface Forward extends Decided {
  readonly kind: 'forward';
  /** Path and query as they go upstream. */
  readonly path: string;
  readonly query: string;
  readonly request: HeaderEdits;
  /** The header of the upstream's answer that says what the request did cost; the rest of what was spent is refunded. */
  readonly costHeader: string | undefined;
  readonly transport: Transport;
  /** An upstream that gets a copy; its answer is dropped. */
  readonly mirror: { readonly upstream: string; readonly maxBodyBytes: number } | undefined;
  /** Who calls, for the upstream: identity headers and the gateway's signed token. Undefined: nobody was asked. */
  readonly identity: Identity | undefined;
}

/** How the request is carried. Undefined: as the upstream says, or not at all. */
export interface Transport {
  readonly maxBodyBytes: number | undefined;
  /** From having sent a try to the first byte of its answer. */
  readonly timeoutMs: number | undefined;
  /** From beginning a try, connection and body included, to the first byte of its answer. */
  readonly perTryTimeoutMs: number | undefined;
  /** All tries together, to the last byte of the answer. */
  readonly totalTimeoutMs: number | undefined;
  readonly retries: RetryRule | undefined;
}

/** A connection that never opened is always tried again, with or without a rule: no target has seen anything. */
export interface RetryRule {
  /** Beyond the first. */
  readonly attempts: number;
  /** Statuses of an answer that is worth another try. */
  readonly statuses: readonly number[];
  /** Methods that may be repeated though a target may have seen the request. */
  readonly methods: readonly string[];
  /** A body up to this many bytes is kept for another try; 0: requests with a body are not repeated. */
  readonly maxBufferBytes: number;
  /** Before the first repetition; doubled before each further one, and drawn by chance up to it. */
  readonly backoffMs: number;
}

export interface Answer extends Decided {
  readonly kind: 'answer';
  readonly status: number;
  /** Null: an answer that is no problem (a preflight, a redirect, a static answer). */
  readonly code: ProblemCode | null;
  /** Public text of the problem. */
  readonly detail: string;
  readonly body: { readonly contentType: string; readonly text: string } | undefined;
}

interface Needed {
  readonly kind: 'need';
  /**
   * To be taken, all or nothing, before anybody is asked who calls: of limits that count every request, and so part of what
   * any decision will say to spend. Empty where units are what is needed.
   */
  readonly spend: readonly Charge[];
  /** As far as the decision came. */
  readonly account: Account;
  readonly reasons: readonly Reason[];
}

/** Something must be fetched first; then `decide` is called again with the fact. */
export type Need = Needed & NeedOf;
export type NeedOf =
  | { readonly need: 'lease'; readonly charges: readonly Charge[] }
  | { readonly need: 'token'; readonly question: TokenQuestion }
  | { readonly need: 'password'; readonly hash: string; readonly password: string }
  | { readonly need: 'forward-auth'; readonly call: ForwardAuthCall };

export type Decision = Forward | Answer;
