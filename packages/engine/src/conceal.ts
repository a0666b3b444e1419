// Takes from the request what proves who calls, before it goes upstream.
import type { AuthenticationRule } from './compiled.js';
import { authenticationOf } from './policies/policy-of.js';
import type { Progress } from './progress.js';

/** By every way of the rule, whichever will prove the caller. */
export function conceal(rule: AuthenticationRule, progress: Progress): void {
  if (rule.kind === 'policy') authenticationOf(rule.policy.name).conceal?.(rule.policy.compiled, progress);
  else for (const part of rule.rules) conceal(part, progress);
}
