// What the stages of one decision hand on. It lives for one call of `decide`.
import type { ProblemCode } from '@sluice/contracts';
import type { Compiled, CompiledRoute } from './compiled.js';
import type { Account, DecideRequest, Facts, Need } from './decision.js';
import type { Reason } from './reasons.js';

export interface Progress {
  readonly compiled: Compiled;
  readonly request: DecideRequest;
  readonly facts: Facts;
  readonly now: number;
  readonly seed: number;
  readonly account: Account;
  readonly reasons: Reason[];
  readonly answerHeaders: [string, string][];
  readonly hiddenHeaders: string[];
  path: string;
  /** Set by `match`. A preflight may go on without one. */
  route: CompiledRoute | undefined;
  /** Of a preflight that the gateway itself answers: the method that the browser wants to use. */
  preflightMethod: string | undefined;
}

/** How a stage ends a request: with a problem, or (null) with nothing more to say. */
export interface End {
  readonly kind: 'end';
  readonly code: ProblemCode | null;
  readonly detail: string;
}

/** Undefined: the request goes on to the next stage. */
export type Stage = (progress: Progress) => End | Need | undefined;

export function end(code: ProblemCode | null, detail: string): End {
  return { kind: 'end', code, detail };
}

export function begin(compiled: Compiled, request: DecideRequest, facts: Facts, now: number, seed: number): Progress {
  return {
    compiled,
    request,
    facts,
    now,
    seed,
    account: {
      api: '',
      route: '',
      credentialId: '',
      subscriptionId: '',
      applicationId: '',
      plan: '',
      limits: [],
      arm: '',
      armReason: '',
      weightVersion: 0,
      upstream: '',
    },
    reasons: [],
    answerHeaders: [],
    hiddenHeaders: [],
    path: request.path,
    route: undefined,
    preflightMethod: undefined,
  };
}
