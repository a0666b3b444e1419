// By `any` of several ways, or by `all`. What is wrong refuses the request even where another way would do, because the
// upstream may read it; what is absent does not.
import type { AuthenticationRule } from './compiled.js';
import { mergeIdentities } from './merge-identities.js';
import type { Proof, Unproven } from './policy.js';
import { authenticationOf } from './policies/policy-of.js';
import type { NeedEnd, Progress } from './progress.js';

export function prove(rule: AuthenticationRule, progress: Progress): Proof | NeedEnd {
  if (rule.kind === 'policy') return authenticationOf(rule.policy.name).authenticate(rule.policy.compiled, progress);
  return rule.kind === 'any' ? proveAny(rule.rules, progress) : proveAll(rule.rules, progress);
}

function proveAny(rules: readonly AuthenticationRule[], progress: Progress): Proof | NeedEnd {
  let first: Proof | undefined;
  const absent: Unproven[] = [];
  for (const rule of rules) {
    if (first !== undefined && !readsCredential(rule)) continue;
    const proof = prove(rule, progress);
    if (proof.kind === 'absent') absent.push(proof);
    else if (proof.kind === 'proven') first ??= proof;
    else return proof;
  }
  return first ?? allAbsent(absent);
}

// A service is not asked, and nobody goes anonymous, once another way has proven the caller.
function readsCredential(rule: AuthenticationRule): boolean {
  return rule.kind === 'policy' ? rule.effort !== 'call' && rule.effort !== 'none' : rule.rules.some(readsCredential);
}

function allAbsent(absent: readonly Unproven[]): Unproven {
  return {
    kind: 'absent',
    code: 'credential_missing',
    detail: `One of these is needed. ${absent.map(({ detail }) => detail).join(' Or: ')}`,
    challenges: absent.flatMap(({ challenges }) => challenges),
  };
}

function proveAll(rules: readonly AuthenticationRule[], progress: Progress): Proof | NeedEnd {
  const identities = [];
  for (const rule of rules) {
    const proof = prove(rule, progress);
    if (proof.kind !== 'proven') return proof;
    identities.push(proof.identity);
  }
  return mergeIdentities(identities, progress);
}
