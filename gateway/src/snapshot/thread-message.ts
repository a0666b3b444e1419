// What the main thread tells worker threads about what to enforce, and what they answer.
import type { SharedCredentials } from './credentials/layout.js';
import type { Compiled, CredentialFact, SubscriptionFact, WeightsFact } from '@sluice/engine';

export type ThreadChange =
  | { readonly kind: 'environment'; readonly environmentId: string; readonly compiled: Compiled }
  | { readonly kind: 'environment-gone'; readonly environmentId: string }
  | { readonly kind: 'weights'; readonly environmentId: string; readonly route: string; readonly weights: WeightsFact }
  | { readonly kind: 'subscription'; readonly environmentId: string; readonly subscription: SubscriptionFact }
  /** A credential that lives for minutes: it need not be kept once it has expired. The others lie in shared memory. */
  | {
      readonly kind: 'try-credential';
      readonly environmentId: string;
      readonly hash: string;
      readonly credential: CredentialFact;
    };

/**
 * `now`: in force at once. `staged`: belongs to a new whole that replaces everything when its `isLast` part comes, in
 * one turn: a request sees the old whole or the new one.
 */
export interface ToThread {
  readonly type: 'changes';
  readonly number: number;
  readonly mode: 'now' | 'staged';
  readonly isLast: boolean;
  readonly changes: readonly ThreadChange[];
  /** Where credentials are read from now on; in a new whole, from its last part on. Undefined: where they were. */
  readonly credentials: SharedCredentials | undefined;
}

export interface FromThread {
  readonly type: 'applied';
  readonly number: number;
}
