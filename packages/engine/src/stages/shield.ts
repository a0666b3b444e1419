// What must come before identity: refusals that are cheap, and limits for callers who have not said who they are. Only who
// passed the refusals is counted.
import { checkLimits } from '../check-limits.js';
import { runPolicies } from '../policies/run-policies.js';
import type { Stage } from '../progress.js';

export const shield: Stage = (progress) => runPolicies('shield', progress) ?? checkLimits(progress);
