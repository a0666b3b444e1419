// A route's policies, checked by their own schemas and sorted by where they act. One that this version does not know, or
// whose settings it cannot read, refuses its route by name: serving the route without it could let in what it keeps out.
import type { Policy as PolicySpec } from '@sluice/contracts';
import { fieldErrors } from '@sluice/contracts';
import type { AuthenticationRule, CompiledRoute } from './compiled.js';
import type { FindingCode } from './findings.js';
import type { CompileContext, CompiledPolicy, Policy } from './policy.js';
import { policies as known } from './policies/index.js';
import { policyOf } from './policies/policy-of.js';

type Report = (code: FindingCode, at: readonly (string | number)[], detail: string, fix: string) => void;

export interface CompiledPolicies {
  readonly authentication: AuthenticationRule | undefined;
  readonly policies: CompiledRoute['policies'];
}

const mostAlternatives = 8;

/** `report` takes places below the list of policies. Undefined when one of them cannot work. */
export function compilePolicies(
  specs: readonly PolicySpec[],
  context: Omit<CompileContext, 'report'>,
  report: Report,
): CompiledPolicies | undefined {
  const rules: { [Stage in keyof CompiledRoute['policies']]: CompiledPolicy[] } = {
    shield: [],
    cors: [],
    authorize: [],
    limit: [],
    shape: [],
  };
  const ways: AuthenticationRule[] = [];
  const names = new Set<string>();
  let isGood = true;
  specs.forEach((spec, index) => {
    const [name, settings] = entryOf(spec);
    if (names.has(name)) {
      report('policy_repeated', [index], `the route ${context.routeKey} has two ${name} policies`, 'keep one of them');
      isGood = false;
      return;
    }
    names.add(name);
    const way =
      name === 'any' || name === 'all'
        ? compileWays(name, settings, [index, name])
        : compileOne(name, settings, [index, name]);
    if (way === undefined) isGood = false;
    else if ('kind' in way) ways.push(way);
    else rules[way.stage].push(way.compiled);
  });
  if (!isGood) return undefined;
  const [first] = ways;
  return { authentication: ways.length > 1 ? { kind: 'all', rules: ways } : first, policies: rules };

  function compileOne(
    name: string,
    settings: unknown,
    at: readonly (string | number)[],
  ):
    | AuthenticationRule
    | { readonly stage: keyof CompiledRoute['policies']; readonly compiled: CompiledPolicy }
    | undefined {
    const policy = policyOf(name);
    if (policy === undefined) {
      const all = [...known.map((one) => one.name), 'any', 'all'].toSorted().join(', ');
      report('policy_unknown', at, `there is no policy ${name} in this version`, `write one of: ${all}`);
      return undefined;
    }
    const compiled = compileSettings(policy, settings, at);
    if (compiled === undefined) return undefined;
    return policy.kind === 'authentication' ? { kind: 'policy', policy: compiled } : { stage: policy.stage, compiled };
  }

  function compileSettings(
    policy: Policy,
    settings: unknown,
    at: readonly (string | number)[],
  ): CompiledPolicy | undefined {
    const parsed = policy.schema.safeParse(settings ?? {});
    if (!parsed.success) {
      for (const { pointer, message, fix } of fieldErrors(parsed.error))
        report('policy_invalid', [...at, ...stepsOf(pointer)], `the policy ${policy.name}: ${message}`, fix);
      return undefined;
    }
    let isRefused = false;
    const compiled = policy.compile(parsed.data, {
      ...context,
      report: (below, detail, fix) => {
        isRefused = true;
        report('policy_invalid', [...at, ...below], `the policy ${policy.name}: ${detail}`, fix);
      },
    });
    return isRefused ? undefined : { name: policy.name, compiled };
  }

  function compileWays(
    kind: 'any' | 'all',
    settings: unknown,
    at: readonly (string | number)[],
  ): AuthenticationRule | undefined {
    const parts = Array.isArray(settings) ? (settings as unknown[]) : [];
    if (parts.length < 2 || parts.length > mostAlternatives) {
      report(
        'policy_invalid',
        at,
        `${kind} needs a list of ways to authenticate`,
        `write 2 to ${mostAlternatives} of them, each as one policy`,
      );
      return undefined;
    }
    const rules = parts.map((part, index) => {
      const [name, own] = typeof part === 'object' && part !== null ? entryOf(part as PolicySpec) : ['', undefined];
      // `any` of `all` and the other way round make sense; deeper than that nobody can read.
      if ((name === 'any' || name === 'all') && at.length <= 2) return compileWays(name, own, [...at, index, name]);
      const way = compileOne(name, own, [...at, index, name]);
      if (way === undefined || 'kind' in way) return way;
      report(
        'policy_invalid',
        [...at, index],
        `${name} proves nobody's identity, so it cannot stand in ${kind}`,
        `write it beside ${kind}`,
      );
      return undefined;
    });
    return rules.every((rule) => rule !== undefined) ? { kind, rules } : undefined;
  }
}

function entryOf(spec: PolicySpec): [string, unknown] {
  return Object.entries(spec)[0] ?? ['', undefined];
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
