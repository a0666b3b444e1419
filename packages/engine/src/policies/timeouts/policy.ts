// How long an upstream may take. What takes longer is answered 504, or broken off where the answer has begun.
import { rulePolicy } from '../../policy.js';
import type { TimeoutsSettings } from './schema.js';
import { timeoutsSchema } from './schema.js';

export const timeouts = rulePolicy<TimeoutsSettings, TimeoutsSettings>({
  name: 'timeouts',
  summary: 'Says how long the upstream may take: to its first byte, for one try, and for everything.',
  schema: timeoutsSchema,
  stage: 'shape',
  compile: (settings) => settings,
  decide: ({ firstByteMs, perTryMs, totalMs }, { transport }) => {
    transport.timeoutMs = firstByteMs;
    transport.perTryTimeoutMs = perTryMs;
    transport.totalTimeoutMs = totalMs;
    return undefined;
  },
});
