// Which requests may be sent again after a target may have seen them. One that no target can have seen always is.
import { rulePolicy } from '../../policy.js';
import type { RetriesSettings } from './schema.js';
import { retriesSchema } from './schema.js';

export const retries = rulePolicy<RetriesSettings, RetriesSettings>({
  name: 'retries',
  summary: 'Sends a request again, to another target where there is one, when its try fails or its answer says so.',
  schema: retriesSchema,
  stage: 'shape',
  compile: (settings) => settings,
  decide: (settings, { transport }) => {
    transport.retries = settings;
    return undefined;
  },
});
