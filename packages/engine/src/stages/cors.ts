// Says which pages may read the answer, and answers browsers' preflights. The portal's own pages need no policy; the
// origins of others are the affair of the route's policy, and without one the upstream's.
import { withHead } from '../methods.js';
import { admitOrigin } from '../origins.js';
import type { Progress, Stage } from '../progress.js';
import { answerWith } from '../progress.js';
import { runPolicies } from '../policies/run-policies.js';

// Ten minutes let a change of methods through soon; Chromium would cap it at two hours.
const preflightLifeSeconds = '600';

export const cors: Stage = (progress) => {
  if (!admitOrigin(progress)) {
    progress.hasJudgedOrigin = true;
    return runPolicies('cors', progress);
  }
  if (progress.preflightMethod === undefined) return undefined;
  return answerPreflight(progress, progress.preflightMethod);
};

/** For what is refused before this stage: a browser hides a refusal that its page may not read. */
export function letOriginRead(progress: Progress): void {
  if (progress.hasJudgedOrigin) return;
  progress.preflightMethod = undefined;
  cors(progress);
}

function answerPreflight({ route, request, reasons, answerHeaders }: Progress, method: string): ReturnType<Stage> {
  reasons.push({ code: 'preflight_answered', method });
  const methods = new Set([...withHead(route?.methods ?? []), method]);
  answerHeaders.push(['access-control-allow-methods', [...methods].join(', ')]);
  const wanted = request.header('access-control-request-headers');
  if (wanted !== undefined) answerHeaders.push(['access-control-allow-headers', wanted]);
  answerHeaders.push(['access-control-max-age', preflightLifeSeconds]);
  return answerWith(204);
}
