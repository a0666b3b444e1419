// Lets the pages of the portal call the API and read what the gateway adds. Other origins are the upstream's affair.
import { withHead } from '../methods.js';
import { admitOrigin } from '../origins.js';
import type { Progress, Stage } from '../progress.js';
import { answerWith } from '../progress.js';
import { runPolicies } from '../policies/run-policies.js';

// Ten minutes let a change of methods through soon; Chromium would cap it at two hours.
const preflightLifeSeconds = '600';

export const cors: Stage = (progress) => {
  if (!admitOrigin(progress)) return runPolicies('cors', progress);
  if (progress.preflightMethod === undefined) return undefined;
  return answerPreflight(progress, progress.preflightMethod);
};

function answerPreflight({ route, request, reasons, answerHeaders }: Progress, method: string): ReturnType<Stage> {
  reasons.push({ code: 'preflight_answered', method });
  const methods = new Set([...withHead(route?.methods ?? []), method]);
  answerHeaders.push(['access-control-allow-methods', [...methods].join(', ')]);
  const wanted = request.header('access-control-request-headers');
  if (wanted !== undefined) answerHeaders.push(['access-control-allow-headers', wanted]);
  answerHeaders.push(['access-control-max-age', preflightLifeSeconds]);
  return answerWith(204);
}
