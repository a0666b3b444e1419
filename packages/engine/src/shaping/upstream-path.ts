// The path that goes upstream. What a route takes off or fills in is of canonical bytes, but what it makes of them need
// not be: `rawPrefix: /a` turns /a../b into ../b. So the result is checked again; nothing is sent that an upstream could
// read as another path than the one that was decided on.
import { canonicalPath, isBelow } from '../path.js';
import type { CompiledRoute } from '../compiled.js';
import { fillIn } from './placeholders.js';

/** Undefined: it would not be canonical. */
export function upstreamPath(
  route: CompiledRoute,
  path: string,
  parameters: Readonly<Record<string, string>>,
): string | undefined {
  if (route.strip === '' && route.rewrite === undefined) return path;
  const changed = route.rewrite === undefined ? stripped(route, path) : rewritten(route, path, parameters);
  const canonical = canonicalPath(changed);
  return canonical.ok && canonical.path === changed ? changed : undefined;
}

// By whole segments, except where the route itself goes by bytes (as Kong's `strip_path` does).
function stripped({ path: { kind }, strip }: CompiledRoute, path: string): string {
  if (!(kind === 'rawPrefix' ? path.startsWith(strip) : isBelow(path, strip))) return path;
  return withSlash(path.slice(strip.length));
}

function rewritten(route: CompiledRoute, path: string, parameters: Readonly<Record<string, string>>): string {
  return withSlash(
    fillIn(route.rewrite ?? [], (name, before) => parameters[name] ?? restBehind(before, restOf(route, path))),
  );
}

/** What follows the route's prefix. */
export function restOf({ path: { kind, text } }: CompiledRoute, path: string): string {
  return kind === 'prefix' || kind === 'rawPrefix' ? path.slice(text.length) : '';
}

/** With one slash between: /v2/{rest} of what follows /users in /users/7 is /v2/7. */
export function restBehind(before: string, rest: string): string {
  return rest.startsWith('/') && before.endsWith('/') ? rest.slice(1) : rest;
}

function withSlash(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
