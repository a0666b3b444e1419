// Sets, adds, removes and renames headers, on the way in and on the way out.
import { rulePolicy } from '../../policy.js';
import type { CompiledEdits } from './compile-edits.js';
import { applyEdits, compileEdits } from './compile-edits.js';
import type { HeadersSettings } from './schema.js';
import { headersSchema } from './schema.js';
import { headerSecrets } from './secrets.js';
import { namesCaller } from './template.js';

interface Compiled {
  readonly request: CompiledEdits;
  readonly response: CompiledEdits;
}

export const headers = rulePolicy<HeadersSettings, Compiled>({
  name: 'headers',
  summary:
    'Sets, adds, removes and renames headers of requests and answers; values may be made of the path, the caller and the request.',
  schema: headersSchema,
  secrets: headerSecrets,
  stage: ['shape', 'answer'],
  identityHeaders: ({ request: { set, add } }) =>
    [...Object.entries(set), ...Object.entries(add)].filter(([, text]) => namesCaller(text)).map(([name]) => name),
  compile: (settings, context) => ({
    request: compileEdits(settings, 'request', context),
    response: compileEdits(settings, 'response', context),
  }),
  decide: ({ request, response }, progress, stage) => {
    if (stage === 'shape') applyEdits(request, progress.upstreamEdits, progress);
    else applyEdits(response, progress.answerEdits, progress);
    return undefined;
  },
});
