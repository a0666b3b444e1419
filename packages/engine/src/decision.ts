// What goes into a decision and what comes out of it. All of it is plain data, except the lookups of `Facts`.
import type { ProblemCode, SubscriptionState } from '@sluice/contracts';
import type { CompiledLimit } from './compiled.js';
import type { ArmReasonCode, Reason } from './reasons.js';

export interface DecideRequest {
  /** In lower case, without port. */
  readonly host: string;
  readonly method: string;
  /** Canonical, without the query: see `canonicalPath`. */
  readonly path: string;
  readonly clientAddress: string;
  /** A header's value by its name in lower case. */
  readonly header: (name: string) => string | undefined;
}

/** What is known beside the configuration, of this environment alone. Lookups, so that only what is read costs. */
export interface Facts {
  /** By the whole key as the client sent it. */
  readonly credential: (key: string) => CredentialFact | undefined;
  readonly subscription: (id: string) => SubscriptionFact | undefined;
  /** Weights that were set at run time for a route, by its key. */
  readonly weights: (route: string) => WeightsFact | undefined;
  /** Units of a limit that may be spent now; undefined: a lease is needed to know. */
  readonly budget: (limit: LimitRef) => number | undefined;
  /** What came of asking for a lease. */
  readonly refused?: LimitRefusal | undefined;
}

export interface CredentialFact {
  readonly id: string;
  readonly subscriptionId: string;
  readonly isRevoked: boolean;
}

export interface SubscriptionFact {
  readonly id: string;
  readonly applicationId: string;
  readonly plan: string;
  readonly state: SubscriptionState;
  /** The least revision that knows the plan. */
  readonly revision: number;
}

export interface WeightsFact {
  readonly version: number;
  readonly weights: Readonly<Record<string, number>>;
}

/** A limit of one subscription. */
export interface LimitRef extends CompiledLimit {
  readonly key: string;
}

export type LimitRefusal =
  | { readonly state: 'exhausted'; readonly key: string; readonly resetMs: number }
  | { readonly state: 'unavailable'; readonly key: string };

/** Who asked for what, as far as the decision came: what a record keeps. Empty texts: it did not come that far. */
export interface Account {
  api: string;
  route: string;
  credentialId: string;
  subscriptionId: string;
  applicationId: string;
  plan: string;
  limits: readonly LimitRef[];
  arm: string;
  armReason: ArmReasonCode | '';
  /** 0: the document's weights. */
  weightVersion: number;
  upstream: string;
}

export type Headers = readonly (readonly [name: string, value: string])[];

interface Decided {
  readonly account: Account;
  readonly reasons: readonly Reason[];
  /** For the answer, whoever gives it. They replace an upstream's headers of the same names. */
  readonly answerHeaders: Headers;
}

export interface Forward extends Decided {
  readonly kind: 'forward';
  /** After `strip`; the query goes along unchanged. */
  readonly path: string;
  /** Request headers that the upstream must not see. */
  readonly hiddenHeaders: readonly string[];
  /** To be spent, one unit of each or of none, before the request goes out. */
  readonly spend: readonly LimitRef[];
}

export interface Answer extends Decided {
  readonly kind: 'answer';
  readonly status: number;
  /** Null: an answer without a body that is no problem (a preflight). */
  readonly code: ProblemCode | null;
  /** Public text. */
  readonly detail: string;
}

/** Something must be fetched first; then `decide` is called again with the fact. */
export interface Need {
  readonly kind: 'need';
  /** As far as the decision came. */
  readonly account: Account;
  readonly reasons: readonly Reason[];
  readonly need: 'lease';
  readonly limits: readonly LimitRef[];
}

export type Decision = Forward | Answer;
