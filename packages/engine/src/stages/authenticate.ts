// Who calls. Whatever proves it, what the route's ways to authenticate read is taken from the request where the upstream
// must not see it, and so is every header that would tell an upstream who calls.
import type { AuthenticationRule } from '../compiled.js';
import { conceal } from '../conceal.js';
import type { Progress, Stage } from '../progress.js';
import { refuse } from '../progress.js';
import { prove } from '../prove.js';

export const authenticate: Stage = (progress) => {
  const { route } = progress;
  if (route === undefined) return undefined;
  progress.upstreamEdits.remove.push(...route.concealed);
  const rule = route.authentication;
  if (rule === undefined) {
    progress.reasons.push({ code: 'key_not_required' });
    return undefined;
  }
  conceal(rule, progress);
  return proven(rule, progress);
};

function proven(rule: AuthenticationRule, progress: Progress): ReturnType<Stage> {
  const { account, answerHeaders } = progress;
  const proof = prove(rule, progress);
  switch (proof.kind) {
    case 'need':
      return proof;
    case 'answered':
      progress.hasFailed = proof.isRefusal;
      return proof.end;
    case 'proven':
      progress.identity = proof.identity;
      account.credentialId = proof.identity.credentialId;
      account.subscriptionId = proof.identity.subscriptionId;
      return undefined;
    default:
      progress.hasFailed = proof.kind === 'refused';
      for (const challenge of proof.challenges) answerHeaders.push(['www-authenticate', challenge]);
      if (proof.retryAfterS !== undefined) answerHeaders.push(['retry-after', String(proof.retryAfterS)]);
      return refuse(proof.code, proof.detail);
  }
}
