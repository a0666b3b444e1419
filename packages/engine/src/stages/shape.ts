// What the upstream gets to see, or an answer of the gateway's own. Policies come between the path and the answer: a
// fault or a body limit holds for a redirect as well, and headers are set on it.
import type { CompiledRoute } from '../compiled.js';
import { redirectTarget } from '../shaping/redirect.js';
import { upstreamPath } from '../shaping/upstream-path.js';
import { runPolicies } from '../policies/run-policies.js';
import type { End, Progress, Stage } from '../progress.js';
import { answerWith, refuse } from '../progress.js';

export const shape: Stage = (progress) => {
  const { route, request } = progress;
  if (route === undefined) return undefined;
  const path = upstreamPath(route, request.path, progress.parameters);
  if (path === undefined) return refuseUnsafe(progress, 'bent into another path');
  progress.path = path;
  const end = runPolicies('shape', progress);
  if (end !== undefined) return end;
  if (route.redirect !== undefined) return redirect(progress, route, route.redirect);
  if (route.answer === undefined) return undefined;
  const { status, body, contentType } = route.answer;
  progress.reasons.push({ code: 'answered_by_route', route: route.key, status });
  return answerWith(status, body === '' ? undefined : { contentType, text: body });
};

function redirect(progress: Progress, route: CompiledRoute, { status, parts }: Redirect): End {
  // The query as it would go upstream: a key that came in it is kept out of the target.
  const { request, query, parameters, reasons, answerHeaders } = progress;
  const location = redirectTarget(parts, route, { ...request, query }, parameters);
  if (location === undefined) return refuseUnsafe(progress, 'led to another host');
  // Of queries nothing is recorded: they hold what clients type, and tokens.
  reasons.push({ code: 'redirected', route: route.key, status, location: location.replace(/\?.*$/s, '') });
  answerHeaders.push(['location', location]);
  return answerWith(status);
}

type Redirect = NonNullable<CompiledRoute['redirect']>;

function refuseUnsafe({ reasons, route }: Progress, what: string): End {
  reasons.push({ code: 'path_unsafe', route: route?.key ?? '' });
  return refuse('bad_request', `The path would have ${what} by what the route makes of it.`);
}
