// Where a redirect leads. The client fills in paths, parameters and the query, so it must not be able to lead anybody to
// another site: a target without a host stays on this one, and the host of a target that has one is the document's, or
// the host that was asked for.
import type { CompiledRoute } from '../compiled.js';
import type { DecideRequest } from '../decision.js';
import type { ParsedText, TextPart } from './placeholders.js';
import { fillIn, parseText } from './placeholders.js';
import { restBehind, restOf } from './upstream-path.js';

const alwaysKnown = ['path', 'host', 'query'];
// All that RFC 3986 lets a URL hold, except that a % is left as it is.
const notInUrl = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/gu;

export function parseRedirect(to: string, names: readonly string[]): ParsedText {
  if (/[\s\\]/.test(to) || /[^ -~]/.test(to))
    return {
      ok: false,
      detail: `the target ${JSON.stringify(to)} holds a space, a backslash or a character beyond ASCII`,
      fix: 'percent-encode it',
    };
  if (to.startsWith('//') || !/^(?:\/|https?:\/\/|\{path\})/.test(to))
    return {
      ok: false,
      detail: `the target ${to} is neither a path nor a URL`,
      fix: 'begin with / or {path} for this host, or with https:// and a host',
    };
  const authority = /^https?:\/\/([^/?#]*)/.exec(to)?.[1];
  if (
    authority !== undefined &&
    !/^(?:\{host\}|[A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:\{(?:path|query)\}.*)?$/.test(authority)
  )
    return {
      ok: false,
      detail: `the host of the target ${to} must not be left to the client`,
      fix: 'write the host out, or {host} for the one that was asked for',
    };
  const taken = names.find((name) => alwaysKnown.includes(name));
  if (taken !== undefined)
    return {
      ok: false,
      detail: `the path of the route has a placeholder {${taken}}, which means something else in a redirect`,
      fix: 'give it another name',
    };
  return parseText(to, [...names, ...alwaysKnown]);
}

/** Undefined: it would lead away from this host, though the document names no other. */
export function redirectTarget(
  parts: readonly TextPart[],
  route: CompiledRoute,
  request: DecideRequest,
  parameters: Readonly<Record<string, string>>,
): string | undefined {
  // Whoever asks for a host below a wildcard chooses its name.
  if (!/^[a-z0-9._-]+$|^\[[0-9a-f:.]+\]$/.test(request.host)) return undefined;
  const target = fillIn(parts, (name, before) => valueOf(name, before, route, request, parameters))
    .toWellFormed()
    .replaceAll(notInUrl, encodeURIComponent);
  // Browsers read //host and /\host as another host's URL.
  return /^(?:\/(?![/\\])|https?:\/\/)/.test(target) ? target : undefined;
}

function valueOf(
  name: string,
  before: string,
  route: CompiledRoute,
  { path, host, query }: DecideRequest,
  parameters: Readonly<Record<string, string>>,
): string {
  if (name === 'host') return host;
  // Where the target has a query already, the client's is added to it.
  if (name === 'query') return before.includes('?') ? query.replace(/^\?/, '&') : query;
  const value = name === 'path' ? path : (parameters[name] ?? restBehind(before, restOf(route, path)));
  // A value within a query must not begin another parameter.
  return before.includes('?') ? encodeURIComponent(value.toWellFormed()) : value;
}
