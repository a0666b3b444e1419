// What a policy is. To add one: a folder below `policies/` with its schema, what it compiles to and decides, its
// examples and tests; and one line in `policies/index.ts`. Its page in the docs is made from the schema and the examples.
import type { Document, ProblemCode } from '@sluice/contracts';
import type { z } from 'zod';
import type { Identity } from './decision.js';
import type { End, NeedEnd, Progress } from './progress.js';
import type { SecretPlace } from './secrets/place.js';

/**
 * Where a rule acts: see the order in `decide.ts`. `answer` is for what a rule makes of the answer, whoever gives it and
 * however far the request came: it can end nothing any more.
 */
export type RuleStage = 'shield' | 'cors' | 'authorize' | 'limit' | 'shape' | 'answer';

/**
 * What it costs at most to prove who calls in this way. Several ways are tried in this order, the cheap ones first,
 * whatever order the document has: a lookup, a signature, a password's hash, a call to a service; `none` asks for nothing.
 */
export const efforts = ['lookup', 'signature', 'password', 'call', 'none'] as const;
export type Effort = (typeof efforts)[number];

export interface CompileContext {
  readonly document: Document;
  readonly environmentId: string;
  readonly api: string;
  /** `api/route`. */
  readonly routeKey: string;
  /** Whose policy it is: `api/route`, or `api` where all routes of the API have it. */
  readonly owner: string;
  /** Says what cannot work. `at` leads into the policy's settings. The route is refused. */
  readonly report: (at: readonly (string | number)[], detail: string, fix: string) => void;
}

interface PolicyBase<Settings, Compiled> {
  readonly name: string;
  /** One sentence for the docs. */
  readonly summary: string;
  /** Each field with a description; its messages are remedies. */
  readonly schema: z.ZodType<Settings>;
  /** Where the settings hold secrets, or references to them. */
  readonly secrets?: readonly SecretPlace[];
  /** Plain data to decide with, of settings that passed the schema. What was reported is refused; the result is then unused. */
  compile(settings: Settings, context: CompileContext): Compiled;
  /** Headers that it tells the upstream who calls in, in lower case: a client's own never reach that upstream. */
  identityHeaders?(settings: Settings): readonly string[];
  /** Upstreams that it sends requests to, besides those of the route's arms. */
  upstreams?(settings: Settings): readonly string[];
}

export interface RulePolicy<Settings = unknown, Compiled = unknown> extends PolicyBase<Settings, Compiled> {
  readonly kind: 'rule';
  /** Several: it is asked in each. */
  readonly stage: RuleStage | readonly RuleStage[];
  /** True: on a route that asks nobody who they are it could only refuse everyone, and the route is refused. */
  readonly needsIdentity?: boolean;
  decide(compiled: Compiled, progress: Progress, stage: RuleStage): End | NeedEnd | undefined;
}

export interface AuthenticationPolicy<Settings = unknown, Compiled = unknown> extends PolicyBase<Settings, Compiled> {
  readonly kind: 'authentication';
  readonly effort: Effort;
  /** Takes from the request what the upstream must not see. Called for each way that the route has, whichever proves the caller. */
  conceal?(compiled: Compiled, progress: Progress): void;
  authenticate(compiled: Compiled, progress: Progress): Proof | NeedEnd;
}

export type Proof =
  | { readonly kind: 'proven'; readonly identity: Identity }
  | Unproven
  /** Somebody else's answer, as it is: forward-auth's. `isRefusal`: it counts as a failed attempt. */
  | { readonly kind: 'answered'; readonly end: End; readonly isRefusal: boolean };

export interface Unproven {
  /**
   * `absent`: the request carries nothing of this kind, and another way may do. `refused`: it does, and it is wrong.
   * `unavailable`: it cannot be checked now, which is not the caller's fault.
   */
  readonly kind: 'absent' | 'refused' | 'unavailable';
  readonly code: ProblemCode;
  readonly detail: string;
  /** For `WWW-Authenticate`, one header each. */
  readonly challenges: readonly string[];
  readonly retryAfterS?: number;
}

export type Policy = RulePolicy | AuthenticationPolicy;

/** Keeps settings and compiled form tied together inside a policy, and forgets them for the list of all. */
export function rulePolicy<Settings, Compiled>(policy: Omit<RulePolicy<Settings, Compiled>, 'kind'>): RulePolicy {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `compile` makes what `decide` gets
  return { kind: 'rule', ...policy } as unknown as RulePolicy;
}

export function authenticationPolicy<Settings, Compiled>(
  policy: Omit<AuthenticationPolicy<Settings, Compiled>, 'kind'>,
): AuthenticationPolicy {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return { kind: 'authentication', ...policy } as unknown as AuthenticationPolicy;
}

/** A policy's settings, compiled, as a route holds them: plain data. */
export interface CompiledPolicy {
  readonly name: string;
  readonly compiled: unknown;
}
