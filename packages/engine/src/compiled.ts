// An environment, ready to decide with. Plain data without functions, so that it can be handed to another thread.
import type { UpstreamSpec } from '@sluice/contracts';
import type { CompiledLimit } from './limits.js';
import type { CompiledPolicy, Effort, RuleStage } from './policy.js';

export interface Compiled {
  readonly tenantId: string;
  readonly tenantSlug: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly revision: number;
  readonly revisionId: string;
  readonly portalOrigins: ReadonlySet<string>;
  /** By host name, in lower case and without port. Every host of the environment is here, even without a route. */
  readonly hosts: ReadonlyMap<string, HostTable>;
  readonly plans: ReadonlyMap<string, CompiledPlan>;
  readonly upstreams: ReadonlyMap<string, UpstreamSpec>;
}

export interface HostTable {
  /** By the whole path. */
  readonly exact: ReadonlyMap<string, readonly CompiledRoute[]>;
  /** By the prefix without a slash at its end; `''` is the prefix of everything. */
  readonly prefix: ReadonlyMap<string, readonly CompiledRoute[]>;
  /** Characters of the longest of these: no part of a path beyond it need be looked up. */
  readonly longestPrefix: number;
  /** All of them in the order of their patterns: what stands beside a path that nothing matches was nearest to it. */
  readonly sorted: readonly CompiledRoute[];
}

export interface CompiledRoute {
  readonly key: string;
  readonly api: string;
  readonly name: string;
  readonly pattern: string;
  readonly isPrefix: boolean;
  /** Undefined: every method. HEAD is taken wherever GET is (RFC 9110, section 9.3.2). */
  readonly methods: readonly string[] | undefined;
  /** The prefix to take off, without a slash at its end; `''`: nothing. */
  readonly strip: string;
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
  readonly limits: readonly CompiledLimit[];
}
