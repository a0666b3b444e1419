// Who calls: by one of the route's ways to prove it (`any`), or by each (`all`). What is wrong refuses the request even
// where another way would do; what is absent does not.
import type { AuthenticationRule } from '../compiled.js';
import type { Proof } from '../policy.js';
import { policyOf } from '../policies/policy-of.js';
import type { NeedEnd, Progress, Stage } from '../progress.js';
import { refuse } from '../progress.js';

export const authenticate: Stage = (progress) => {
  const rule = progress.route?.authentication;
  if (rule === undefined) {
    progress.reasons.push({ code: 'key_not_required' });
    return undefined;
  }
  const proof = prove(rule, progress);
  switch (proof.kind) {
    case 'need':
      return proof;
    case 'answered':
      return proof.end;
    case 'proven':
      progress.identity = proof.identity;
      progress.account.credentialId = proof.identity.credentialId;
      progress.account.subscriptionId = proof.identity.subscriptionId;
      return undefined;
    case 'absent':
    case 'refused':
      progress.hasFailed = proof.kind === 'refused';
      if (proof.challenge !== undefined) progress.answerHeaders.push(['www-authenticate', proof.challenge]);
      if (proof.retryAfterS !== undefined) progress.answerHeaders.push(['retry-after', String(proof.retryAfterS)]);
      return refuse(proof.code, proof.detail);
  }
};

function prove(rule: AuthenticationRule, progress: Progress): Proof | NeedEnd {
  if (rule.kind === 'policy') return proveBy(rule.policy, progress);
  let first: Proof | undefined;
  for (const part of rule.rules) {
    const proof = prove(part, progress);
    if (proof.kind === 'need') return proof;
    if (proof.kind !== (rule.kind === 'any' ? 'absent' : 'proven')) return proof;
    first ??= proof;
  }
  if (first === undefined) throw new Error('an empty list of ways to authenticate passes no compiler');
  return first;
}

function proveBy({ name, compiled }: { name: string; compiled: unknown }, progress: Progress): Proof | NeedEnd {
  const policy = policyOf(name);
  if (policy?.kind !== 'authentication')
    throw new Error(`the compiled route names ${name}, by which nobody authenticates in this version`);
  return policy.authenticate(compiled, progress);
}
