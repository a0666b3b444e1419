// Whether the caller was given the scopes that the route asks for. An answer says which (RFC 6750, section 3.1).
import { rulePolicy } from '../../policy.js';
import { refuse } from '../../progress.js';
import type { ScopesSettings } from './schema.js';
import { scopesSchema } from './schema.js';

export const scopes = rulePolicy<ScopesSettings, ScopesSettings>({
  name: 'scopes',
  summary: 'Asks that the caller was given certain scopes, as tokens and API keys carry them.',
  schema: scopesSchema,
  stage: 'authorize',
  needsIdentity: true,
  compile: (settings) => settings,
  decide: ({ all = [], any = [] }, { identity, reasons, answerHeaders }) => {
    const given = identity?.scopes ?? [];
    const lacking = all.filter((scope) => !given.includes(scope));
    const missing =
      lacking.length > 0 || any.length === 0 || any.some((scope) => given.includes(scope)) ? lacking : any;
    if (missing.length === 0) {
      reasons.push({ code: 'scopes_present' });
      return undefined;
    }
    reasons.push({ code: 'scopes_missing', scopes: missing });
    answerHeaders.push([
      'www-authenticate',
      `Bearer error="insufficient_scope", scope="${[...all, ...any].join(' ')}"`,
    ]);
    const wanted =
      missing === any && any.length > 1 ? `one of the scopes ${any.join(', ')}` : `the scope ${missing.join(', ')}`;
    return refuse('scope_missing', `The caller lacks ${wanted}.`);
  },
});
