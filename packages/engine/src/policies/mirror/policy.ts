// Sends a copy of requests to another upstream. Nothing that becomes of the copy reaches the request.
import { isDrawn, saltOf } from '../../chance.js';
import { rulePolicy } from '../../policy.js';
import type { MirrorSettings } from './schema.js';
import { mirrorSchema } from './schema.js';

interface Compiled extends MirrorSettings {
  readonly salt: number;
}

export const mirror = rulePolicy<MirrorSettings, Compiled>({
  name: 'mirror',
  summary: 'Sends a copy of requests to another upstream, and drops its answers.',
  schema: mirrorSchema,
  stage: 'shape',
  upstreams: ({ upstream }) => [upstream],
  compile: (settings, { document, routeKey, report }) => {
    if (!Object.hasOwn(document.upstreams, settings.upstream))
      report(
        ['upstream'],
        `the upstream ${settings.upstream} does not exist`,
        `create it, or name one of: ${Object.keys(document.upstreams).slice(0, 8).join(', ')}`,
      );
    return { ...settings, salt: saltOf(routeKey, 'mirror') };
  },
  decide: ({ upstream, shareBps, maxBodyBytes, salt }, progress) => {
    if (!isDrawn(progress.seed, salt, shareBps)) return undefined;
    progress.mirror = { upstream, maxBodyBytes };
    progress.reasons.push({ code: 'mirrored', upstream });
    return undefined;
  },
});
