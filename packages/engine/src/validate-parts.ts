// What is wrong with one route or one API by itself, told where it is edited: the rest of the draft may still be on its
// way. Who takes whose requests, and which hosts are claimed, is said when the whole is published.
import type { ApiSpec, Document, FieldError, RouteSpec } from '@sluice/contracts';
import { findingsOf } from './compile.js';
import type { Finding, FindingCode } from './findings.js';
import { pointer, toFieldError } from './findings.js';

const said = new Set<FindingCode>([
  'policy_unknown',
  'policy_invalid',
  'policy_repeated',
  'secret_inline',
  'path_not_canonical',
  'template_invalid',
  'regex_unusable',
  'rewrite_invalid',
  'redirect_invalid',
  'answer_invalid',
]);

interface Around {
  readonly apiName: string;
  /** Those that policies may name. */
  readonly upstreams: Document['upstreams'];
}

/** Pointers lead into the route. */
export function validateRoute(
  route: RouteSpec,
  { api, ...around }: Around & { readonly api: Omit<ApiSpec, 'routes'> },
): FieldError[] {
  // What is wrong with the API's own policies is said where those are edited.
  const { policies: _inherited, ...settings } = api;
  return errorsOf({ ...settings, routes: [route] }, around, pointer('routes', 0));
}

/** What is wrong with the policies of all routes. Pointers lead into the API. */
export function validateApi({ policies = [], ...settings }: Omit<ApiSpec, 'routes'>, around: Around): FieldError[] {
  const route: RouteSpec = {
    name: 'any',
    match: { path: { prefix: '/' } },
    policies,
    answer: { status: 200, contentType: 'text/plain', body: '' },
  };
  return errorsOf({ ...settings, routes: [route] }, around, pointer('routes', 0));
}

function errorsOf(api: ApiSpec, { apiName, upstreams }: Around, at: string): FieldError[] {
  const document: Document = { sluice: 1, upstreams, apis: { [apiName]: api }, plans: {} };
  const prefix = pointer('apis', apiName) + at;
  const isHere = (finding: Finding): boolean => said.has(finding.code) && finding.pointer.startsWith(prefix);
  return findingsOf(document, hostsOf(api))
    .filter(isHere)
    .map((finding) => toFieldError({ ...finding, pointer: finding.pointer.slice(prefix.length) }));
}

// All that the route names count as claimed here.
function hostsOf({ routes }: ApiSpec): readonly string[] {
  const named = routes.flatMap(({ match }) => match.hosts ?? []).filter((host) => !host.startsWith('*.'));
  return named.length === 0 ? ['api.test'] : named;
}
