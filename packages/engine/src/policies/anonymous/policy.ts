// Who calls: somebody who did not say. Tried after all other ways; a wrong credential is refused all the same.
import { authenticationPolicy } from '../../policy.js';
import type { AnonymousSettings } from './schema.js';
import { anonymousSchema } from './schema.js';

export const anonymous = authenticationPolicy<AnonymousSettings, AnonymousSettings>({
  name: 'anonymous',
  summary: 'Lets callers without a credential through, under a name of their own. Belongs into a list of `any`.',
  schema: anonymousSchema,
  effort: 'none',
  compile: (settings) => settings,
  authenticate: ({ subject, groups, scopes }, { reasons }) => {
    reasons.push({ code: 'anonymous_accepted', subject });
    return {
      kind: 'proven',
      identity: {
        by: 'anonymous',
        subject,
        issuer: '',
        credentialId: '',
        subscriptionId: '',
        scopes,
        groups,
        claims: {},
      },
    };
  },
});
