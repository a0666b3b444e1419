// How callers prove who they are: one way, or `any` / `all` of several. Their order in the document means nothing: they are
// tried in the order of what they cost, and those that cost the same in the order of their text.
import { canonicalJson } from '@sluice/contracts';
import { compilePolicy } from './compile-policy.js';
import type { PolicyContext, PolicyReport } from './compile-policy.js';
import type { AuthenticationRule } from './compiled.js';
import { efforts } from './policy.js';
import { entryOf } from './policies/entry-of.js';
import { policyOf } from './policies/policy-of.js';

export interface WayToProve {
  readonly rule: AuthenticationRule;
  /** Its place in `efforts`: of several, the dearest. */
  readonly effort: number;
  readonly text: string;
}

const mostWays = 8;

/** True for policies that prove who calls, and for lists of them. */
export function isAuthentication(name: string): boolean {
  return name === 'any' || name === 'all' || policyOf(name)?.kind === 'authentication';
}

/** Undefined: it cannot work, and `report` heard why. */
export function compileAuthentication(
  name: string,
  settings: unknown,
  at: readonly (string | number)[],
  context: PolicyContext,
  report: PolicyReport,
  depth = 0,
): WayToProve | undefined {
  if (name === 'any' || name === 'all') return compileSeveral(name, settings, at, context, report, depth);
  const one = compilePolicy(name, settings, at, context, report);
  if (one?.policy.kind !== 'authentication') return undefined;
  const effort = efforts.indexOf(one.policy.effort);
  return {
    rule: { kind: 'policy', policy: one.compiled, effort: one.policy.effort },
    effort,
    text: canonicalJson({ [name]: settings }),
  };
}

/** Several ways beside each other: each must be proven. Undefined: there is none. */
export function allOf(ways: readonly WayToProve[]): AuthenticationRule | undefined {
  return ways.length > 1 ? severalOf('all', ways).rule : ways[0]?.rule;
}

function severalOf(kind: 'any' | 'all', ways: readonly WayToProve[]): WayToProve {
  const sorted = ways.toSorted((left, right) => left.effort - right.effort || (left.text < right.text ? -1 : 1));
  return {
    rule: { kind, rules: sorted.map(({ rule }) => rule) },
    effort: Math.max(...sorted.map(({ effort }) => effort)),
    text: canonicalJson({ [kind]: sorted.map(({ text }) => text) }),
  };
}

function compileSeveral(
  kind: 'any' | 'all',
  settings: unknown,
  at: readonly (string | number)[],
  context: PolicyContext,
  report: PolicyReport,
  depth: number,
): WayToProve | undefined {
  const parts = Array.isArray(settings) ? (settings as readonly unknown[]) : [];
  if (parts.length < 2 || parts.length > mostWays) {
    report(
      'policy_invalid',
      at,
      `${kind} needs a list of ways to authenticate`,
      `write 2 to ${mostWays} of them, each as one policy`,
    );
    return undefined;
  }
  const ways = parts.map((part, index) => {
    const [name, own] = entryOf(part);
    const here = [...at, index, name];
    if (isAuthentication(name) && ((name !== 'any' && name !== 'all') || depth === 0))
      return compileAuthentication(name, own, here, context, report, depth + 1);
    if (name === 'any' || name === 'all')
      report(
        'policy_invalid',
        here,
        `${kind} stands in a list of a list already`,
        'write at most any of all, or all of any',
      );
    else if (policyOf(name) === undefined) compilePolicy(name, own, here, context, report);
    else
      report(
        'policy_invalid',
        [...at, index],
        `${name} proves nobody's identity, so it cannot stand in ${kind}`,
        `write it beside ${kind}`,
      );
    return undefined;
  });
  return ways.every((way) => way !== undefined) ? severalOf(kind, ways) : undefined;
}
