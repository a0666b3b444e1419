// One policy of a list: its settings checked by its own schema, and compiled.
import { fieldErrors } from '@sluice/contracts';
import type { FindingCode } from './findings.js';
import type { CompileContext, CompiledPolicy, Policy } from './policy.js';
import { policies } from './policies/index.js';
import { policyOf } from './policies/policy-of.js';
import type { Secrets } from './secrets/with-secrets.js';
import { withSecrets } from './secrets/with-secrets.js';

/** Takes places below a list of policies. */
export type PolicyReport = (code: FindingCode, at: readonly (string | number)[], detail: string, fix: string) => void;

export interface PolicyContext extends Omit<CompileContext, 'report'> {
  /** Where the policy is of an API: what was compiled of it for a route before this one. */
  readonly once?: CompiledOnce | undefined;
  /** Undefined: what they stand for is not known here. */
  readonly secrets?: Secrets | undefined;
}

/** By settings and name. A list of 10,000 networks is read once, not for each of an API's thousand routes. */
export type CompiledOnce = Map<unknown, Map<string, Made | undefined>>;

interface Made {
  readonly policy: Policy;
  readonly compiled: CompiledPolicy;
}

/** Undefined: it cannot work, and `report` heard why, for one of the routes at least. */
export function compilePolicy(
  name: string,
  settings: unknown,
  at: readonly (string | number)[],
  context: PolicyContext,
  report: PolicyReport,
): Made | undefined {
  const { once, document, environmentId, api, owner, secrets } = context;
  const known = once?.get(settings);
  if (known?.has(name) === true) return known.get(name);
  let isOfRoute = false;
  let isRefused = false;
  const made = compileAnew(name, settings, at, report, secrets, {
    document,
    environmentId,
    api,
    owner,
    get routeKey() {
      isOfRoute = true;
      return context.routeKey;
    },
    report: (below, detail, fix) => {
      isRefused = true;
      report('policy_invalid', [...at, ...below], `the policy ${name}: ${detail}`, fix);
    },
  });
  const result = isRefused ? undefined : made;
  // What never asked which route it is for is the same for all.
  if (!isOfRoute) once?.set(settings, (known ?? new Map<string, Made | undefined>()).set(name, result));
  return result;
}

function compileAnew(
  name: string,
  settings: unknown,
  at: readonly (string | number)[],
  report: PolicyReport,
  secrets: Secrets | undefined,
  context: CompileContext,
): Made | undefined {
  const policy = policyOf(name);
  if (policy === undefined) {
    const all = [...policies.map((one) => one.name), 'any', 'all'].toSorted().join(', ');
    report('policy_unknown', at, `there is no policy ${name} in this version`, `write one of: ${all}`);
    return undefined;
  }
  const opened = withSecrets(policy, settings, secrets);
  for (const { at: below, name: secret } of opened.missing)
    report(
      'secret_missing',
      [...at, ...below],
      `the policy ${name}: there is no secret ${secret} in this environment (${[...at, ...below].join('/')})`,
      `set it: sluice secrets set ${secret}, or PUT secrets/${secret}`,
    );
  if (opened.missing.length > 0) return undefined;
  const parsed = policy.schema.safeParse(opened.settings ?? {});
  if (parsed.success) return { policy, compiled: { name, compiled: policy.compile(parsed.data, context) } };
  for (const { pointer, message, fix } of fieldErrors(parsed.error))
    report('policy_invalid', [...at, ...stepsOf(pointer)], `the policy ${name}: ${message}`, fix);
  return undefined;
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
