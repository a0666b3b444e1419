// Lets pages of other origins call a route, as the Fetch standard describes. The gateway answers preflights itself, and
// what the upstream says about CORS is replaced, so that there is one answer to who may read.
import { withHead } from '../../methods.js';
import { exposedHeaders, recordedOrigin } from '../../origins.js';
import { rulePolicy } from '../../policy.js';
import type { Progress } from '../../progress.js';
import { answerWith } from '../../progress.js';
import type { CorsSettings } from './schema.js';
import { corsSchema } from './schema.js';

interface Compiled {
  readonly isOpen: boolean;
  readonly exact: readonly string[];
  /** Around the star: `https://` and `.example.com`. */
  readonly wildcards: readonly (readonly [before: string, after: string])[];
  readonly methods: readonly string[] | undefined;
  readonly headers: string | undefined;
  readonly exposed: string;
  readonly credentials: boolean;
  readonly maxAgeS: number;
}

const ofUpstream = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
];
const label = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;
const token = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const mostAskedHeaders = 64;

export const cors = rulePolicy<CorsSettings, Compiled>({
  name: 'cors',
  summary: 'Lets pages of other origins call the route from a browser, and answers their preflights.',
  schema: corsSchema,
  stage: 'cors',
  compile: ({ origins, methods, headers, exposeHeaders, credentials, maxAgeS }) => ({
    isOpen: origins.includes('*'),
    exact: origins.filter((origin) => !origin.includes('*')),
    wildcards: origins.filter((origin) => origin.includes('://*.')).map(aroundStar),
    methods,
    headers: headers?.join(', '),
    exposed: [...exposedHeaders, ...exposeHeaders].join(', '),
    credentials,
    maxAgeS,
  }),
  decide: (compiled, progress) => {
    const { request, reasons, answerEdits, answerHeaders, preflightMethod } = progress;
    answerEdits.remove.push(...ofUpstream);
    if (!compiled.isOpen) answerHeaders.push(['vary', 'Origin']);
    const origin = request.header('origin');
    if (origin === undefined) return undefined;
    const isAllowed = admits(compiled, origin);
    reasons.push({ code: isAllowed ? 'origin_allowed' : 'origin_refused', origin: recordedOrigin(origin) });
    if (isAllowed) {
      answerHeaders.push(['access-control-allow-origin', compiled.isOpen ? '*' : origin]);
      if (compiled.credentials) answerHeaders.push(['access-control-allow-credentials', 'true']);
    }
    if (preflightMethod !== undefined) {
      reasons.push({ code: 'preflight_answered', method: preflightMethod });
      if (isAllowed) allow(compiled, progress, preflightMethod);
      return answerWith(204);
    }
    if (isAllowed) answerHeaders.push(['access-control-expose-headers', compiled.exposed]);
    return undefined;
  },
});

function allow(
  { methods, headers, maxAgeS }: Compiled,
  { route, request, answerHeaders }: Progress,
  method: string,
): void {
  const served = methods ?? [...new Set([...withHead(route?.methods ?? []), method])];
  answerHeaders.push(
    ['access-control-allow-methods', served.join(', ')],
    ['access-control-max-age', String(maxAgeS)],
    ['vary', 'Access-Control-Request-Method, Access-Control-Request-Headers'],
  );
  const asked = headers ?? tokensOf(request.header('access-control-request-headers') ?? '');
  if (asked !== '') answerHeaders.push(['access-control-allow-headers', asked]);
}

function admits({ isOpen, exact, wildcards }: Compiled, origin: string): boolean {
  return (
    isOpen ||
    exact.includes(origin) ||
    wildcards.some(
      ([before, after]) =>
        origin.length > before.length + after.length &&
        origin.startsWith(before) &&
        origin.endsWith(after) &&
        label.test(origin.slice(before.length, -after.length)),
    )
  );
}

function aroundStar(pattern: string): readonly [string, string] {
  const star = pattern.indexOf('*');
  return [pattern.slice(0, star), pattern.slice(star + 1)];
}

function tokensOf(list: string): string {
  const names = list.split(',', mostAskedHeaders).map((name) => name.trim());
  return names.filter((name) => token.test(name)).join(', ');
}
