// The rules of one stage, one after the other, until one ends the request.
import type { RuleStage } from '../policy.js';
import type { End, NeedEnd, Progress } from '../progress.js';
import { policyOf } from './policy-of.js';

export function runPolicies(stage: RuleStage, progress: Progress): End | NeedEnd | undefined {
  for (const { name, compiled } of progress.route?.policies[stage] ?? []) {
    const policy = policyOf(name);
    if (policy?.kind !== 'rule') throw new Error(`the compiled route names ${name}, which is no rule of this version`);
    const end = policy.decide(compiled, progress, stage);
    if (end !== undefined) return end;
  }
  return undefined;
}
