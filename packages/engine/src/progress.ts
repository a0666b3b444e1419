// What the stages of one decision hand on. It lives for one call of `decide`.
import type { ProblemCode } from '@sluice/contracts';
import type { Address } from './address.js';
import type { Compiled, CompiledRoute } from './compiled.js';
import type { Account, DecideRequest, Facts, Identity, NeedOf, RetryRule } from './decision.js';
import type { Charge } from './limits.js';
import type { Reason } from './reasons.js';

export interface Progress {
  readonly compiled: Compiled;
  readonly request: DecideRequest;
  readonly facts: Facts;
  /** Unix milliseconds. */
  readonly now: number;
  readonly seed: number;
  readonly account: Account;
  readonly reasons: Reason[];
  readonly answerHeaders: [string, string][];
  /** Path and query as they will go upstream. */
  path: string;
  query: string;
  /** Set by `match`. A preflight may go on without one. */
  route: CompiledRoute | undefined;
  /** What the placeholders of the route's template stand for in this path. */
  parameters: Readonly<Record<string, string>>;
  /** Of a preflight that the gateway itself answers: the method that the browser wants to use. */
  preflightMethod: string | undefined;
  /** It has been said, by headers of the answer, whether the page that asks may read it. */
  hasJudgedOrigin: boolean;
  /** Null: not read yet. Read it by `clientAddress`. */
  address: Address | undefined | null;
  /** Set by `authenticate`; undefined: nobody was asked. */
  identity: Identity | undefined;
  /** What the stage at hand is to check before it lets the request on: see `checkLimits`. */
  due: Due[];
  /** Taken whatever the decision is: of limits that count every request. */
  readonly spendAlways: Charge[];
  /** Taken when the caller's proof was refused. */
  readonly spendOnFailure: Charge[];
  hasFailed: boolean;
  /** Taken when the request goes on. */
  readonly spendOnForward: Charge[];
  readonly upstreamEdits: Edits;
  readonly answerEdits: Edits;
  readonly transport: {
    maxBodyBytes: number | undefined;
    timeoutMs: number | undefined;
    perTryTimeoutMs: number | undefined;
    totalTimeoutMs: number | undefined;
    retries: RetryRule | undefined;
  };
  mirror: { readonly upstream: string; readonly maxBodyBytes: number } | undefined;
  delayMs: number;
}

/** Units that must be there, and when they are taken: the list of `Progress` that they go to. */
export interface Due {
  readonly charge: Charge;
  readonly spend: Charge[];
}

/** Header edits while they are collected. */
export interface Edits {
  readonly rename: [string, string][];
  readonly remove: string[];
  readonly set: [string, string][];
  readonly add: [string, string][];
}

/** How a stage ends a request: with a problem, or (code null) with an answer that is none. */
export interface End {
  readonly kind: 'end';
  readonly code: ProblemCode | null;
  readonly detail: string;
  /** Of an answer that is no problem. */
  readonly status: number;
  readonly body: { readonly contentType: string; readonly text: string } | undefined;
}

/** What must be fetched before the stage can say anything. */
export type NeedEnd = { readonly kind: 'need' } & NeedOf;

/** Undefined: the request goes on to the next stage. */
export type Stage = (progress: Progress) => End | NeedEnd | undefined;

export function refuse(code: ProblemCode, detail: string): End {
  return { kind: 'end', code, detail, status: 0, body: undefined };
}

export function answerWith(status: number, body?: End['body']): End {
  return { kind: 'end', code: null, detail: '', status, body };
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
    path: request.path,
    query: request.query,
    route: undefined,
    parameters: none,
    preflightMethod: undefined,
    hasJudgedOrigin: false,
    address: null,
    identity: undefined,
    due: [],
    spendAlways: [],
    spendOnFailure: [],
    hasFailed: false,
    spendOnForward: [],
    upstreamEdits: { rename: [], remove: [], set: [], add: [] },
    answerEdits: { rename: [], remove: [], set: [], add: [] },
    transport: {
      maxBodyBytes: undefined,
      timeoutMs: undefined,
      perTryTimeoutMs: undefined,
      totalTimeoutMs: undefined,
      retries: undefined,
    },
    mirror: undefined,
    delayMs: 0,
  };
}

const none: Readonly<Record<string, string>> = {};
