// One policy of a list: its settings checked by its own schema, and compiled.
import { fieldErrors } from '@sluice/contracts';
import type { FindingCode } from './findings.js';
import type { CompileContext, CompiledPolicy, Policy } from './policy.js';
import { policies } from './policies/index.js';
import { policyOf } from './policies/policy-of.js';

/** Takes places below a list of policies. */
export type PolicyReport = (code: FindingCode, at: readonly (string | number)[], detail: string, fix: string) => void;
export type PolicyContext = Omit<CompileContext, 'report'>;

/** Undefined: it cannot work, and `report` heard why. */
export function compilePolicy(
  name: string,
  settings: unknown,
  at: readonly (string | number)[],
  context: PolicyContext,
  report: PolicyReport,
): { readonly policy: Policy; readonly compiled: CompiledPolicy } | undefined {
  const policy = policyOf(name);
  if (policy === undefined) {
    const all = [...policies.map((one) => one.name), 'any', 'all'].toSorted().join(', ');
    report('policy_unknown', at, `there is no policy ${name} in this version`, `write one of: ${all}`);
    return undefined;
  }
  const parsed = policy.schema.safeParse(settings ?? {});
  if (!parsed.success) {
    for (const { pointer, message, fix } of fieldErrors(parsed.error))
      report('policy_invalid', [...at, ...stepsOf(pointer)], `the policy ${name}: ${message}`, fix);
    return undefined;
  }
  let isRefused = false;
  const compiled = policy.compile(parsed.data, {
    ...context,
    report: (below, detail, fix) => {
      isRefused = true;
      report('policy_invalid', [...at, ...below], `the policy ${name}: ${detail}`, fix);
    },
  });
  return isRefused ? undefined : { policy, compiled: { name, compiled } };
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
