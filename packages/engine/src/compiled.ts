// An environment, ready to decide with. Plain data without functions, so that it can be handed to another thread.
import type { StaticAnswer, UpstreamSpec } from '@sluice/contracts';
import type { CompiledLimit, LimitRef } from './limits.js';
import type { HostTable } from './matching/host-table.js';
import type { CompiledPath } from './matching/paths.js';
import type { CompiledPredicate } from './matching/predicates.js';
import type { CompiledPolicy, Effort, RuleStage } from './policy.js';
import type { TextPart } from './shaping/placeholders.js';

export interface Compiled {
  readonly tenantId: string;
  readonly tenantSlug: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly revision: number;
  readonly revisionId: string;
  readonly portalOrigins: ReadonlySet<string>;
  /** The environment's hosts, in lower case and without port: names, and patterns like `*.example.test`. */
  readonly claims: readonly string[];
  /** By host name or pattern: see `findByHost`. Every claim is here, even without a route; and names below them. */
  readonly hosts: ReadonlyMap<string, HostTable>;
  readonly plans: ReadonlyMap<string, CompiledPlan>;
  /** Of the tenant as a whole, by its platform plan. */
  readonly platformLimits: readonly LimitRef[];
  readonly upstreams: ReadonlyMap<string, UpstreamSpec>;
}

export interface CompiledRoute {
  readonly key: string;
  readonly api: string;
  readonly name: string;
  readonly path: CompiledPath;
  readonly priority: number;
  /** Of headers, the query and the version; all must hold. */
  readonly predicates: readonly CompiledPredicate[];
  /** Undefined: every method. HEAD is taken wherever GET is (RFC 9110, section 9.3.2). */
  readonly methods: readonly string[] | undefined;
  /** The prefix to take off, without a slash at its end; `''`: nothing. */
  readonly strip: string;
  /** The path that goes upstream; undefined: as it came, or stripped. */
  readonly rewrite: readonly TextPart[] | undefined;
  /** Ends the request. The same for `answer`; where both are undefined, `arms` are not empty. */
  readonly redirect: { readonly status: number; readonly parts: readonly TextPart[] } | undefined;
  readonly answer: StaticAnswer | undefined;
  /** Units that a request takes of each limit; reserved first where `costHeader` says what it did cost. */
  readonly cost: number;
  readonly costHeader: string | undefined;
  /** How a caller proves who it is; undefined: the route is open. */
  readonly authentication: AuthenticationRule | undefined;
  /** Headers that say who calls, at this route or another one of the same upstream: a client's own never get there. */
  readonly concealed: readonly string[];
  readonly policies: Readonly<Record<RuleStage, readonly CompiledPolicy[]>>;
  readonly sticky: Sticky;
  /** In the order of their names, so that the document's order moves no subject. */
  readonly arms: readonly CompiledArm[];
  /** Differs by environment and route, so that the same application is not first in every canary. */
  readonly salt: number;
  /** The cookie that keeps a client with its arm. */
  readonly armCookie: string;
}

export type AuthenticationRule =
  | { readonly kind: 'policy'; readonly policy: CompiledPolicy; readonly effort: Effort }
  | { readonly kind: 'any' | 'all'; readonly rules: readonly AuthenticationRule[] };

export type Sticky = 'none' | 'application' | 'ip' | 'cookie' | `header:${string}`;

export interface CompiledArm {
  readonly name: string;
  readonly upstream: string;
  readonly weightBps: number;
}

export interface CompiledPlan {
  readonly name: string;
  readonly apis: ReadonlySet<string>;
  readonly limits: readonly PlanLimit[];
}

/** `counter`: its counter's name within a subscription, the same in every plan: see plan-counters.ts. */
export interface PlanLimit {
  readonly limit: CompiledLimit;
  readonly counter: string;
}
