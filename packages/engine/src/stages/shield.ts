// What must come before identity: refusals that are cheap, and limits for callers who have not said who they are. Only who
// passed the refusals is counted. The platform's limits of the whole tenant are among them: whoever calls, it is traffic.
import { checkLimits } from '../check-limits.js';
import { runPolicies } from '../policies/run-policies.js';
import type { Progress, Stage } from '../progress.js';

export const shield: Stage = (progress) => {
  const end = runPolicies('shield', progress);
  if (end !== undefined) return end;
  if (progress.compiled.platformLimits.length > 0) owePlatform(progress);
  return checkLimits(progress);
};

// One unit each: what a route's requests cost is between the tenant and its callers.
function owePlatform({ compiled, due, spendAlways }: Progress): void {
  for (const limit of compiled.platformLimits) due.push({ charge: { limit, cost: 1 }, spend: spendAlways });
}
