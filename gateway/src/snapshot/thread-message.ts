// What the main thread tells worker threads about what to enforce, and what they answer.
import type { Compiled, CredentialFact, SubscriptionFact, WeightsFact } from '@sluice/engine';

export type ThreadChange =
  | { readonly kind: 'environment'; readonly environmentId: string; readonly compiled: Compiled }
  | { readonly kind: 'environment-gone'; readonly environmentId: string }
  | { readonly kind: 'weights'; readonly environmentId: string; readonly route: string; readonly weights: WeightsFact }
  | { readonly kind: 'subscription'; readonly environmentId: string; readonly subscription: SubscriptionFact }
  | {
      readonly kind: 'credential';
      readonly environmentId: string;
      readonly hash: string;
      readonly credential: CredentialFact;
      /** Lives for minutes: it need not be kept once it has expired. */
      readonly isTry: boolean;
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
}

export interface FromThread {
  readonly type: 'applied';
  readonly number: number;
}
