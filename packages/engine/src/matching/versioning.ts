// Versions of an API side by side: what its `versioning` adds to what each of its routes asks for.
//
// - `path`: /v2 comes before every path, and before what `strip` takes off
// - `host`: v2. comes before every host that a route names; a route without hosts is served on all of the environment's
//   that begin so
// - `header`: the header has exactly the version's value
// - `media-type`: `Accept` asks for it: see `media-version.ts`
import type { ApiSpec, Match, RouteSpec } from '@sluice/contracts';
import { withoutTrailingSlash } from '../path.js';
import { coversHost } from './hosts.js';
import type { CompiledPredicate } from './predicates.js';

export interface Versioned {
  readonly match: Match;
  readonly strip: string | undefined;
  /** Beside those of `match`. */
  readonly predicate: CompiledPredicate | undefined;
}

const defaultHeader = 'x-api-version';

/** A route as it is to be matched. `claims` are the environment's hosts. */
export function versioned({ version, versioning }: ApiSpec, route: RouteSpec, claims: readonly string[]): Versioned {
  const { match, strip } = route;
  const plain = { match, strip, predicate: undefined };
  if (versioning === undefined) return plain;
  switch (versioning.by) {
    case 'path':
      return {
        match: { ...match, path: below(version, match.path) },
        strip: strip === undefined ? undefined : `/${version}${strip}`,
        predicate: undefined,
      };
    case 'host':
      return { ...plain, match: { ...match, hosts: hostsOf(version.toLowerCase(), match.hosts, claims) } };
    case 'header':
      return {
        ...plain,
        predicate: {
          on: 'header',
          name: versioning.header ?? defaultHeader,
          test: { kind: 'exact', text: version },
          orAbsent: versioning.isDefault ?? false,
        },
      };
    default:
      return {
        ...plain,
        predicate: {
          on: 'media-version',
          version: version.toLowerCase(),
          orAbsent: versioning.isDefault ?? false,
        },
      };
  }
}

function below(version: string, path: Match['path']): Match['path'] {
  const front = `/${version}`;
  if ('exact' in path) return { exact: front + path.exact };
  if ('prefix' in path) return { prefix: front + withoutTrailingSlash(path.prefix) };
  if ('rawPrefix' in path) return { rawPrefix: front + path.rawPrefix };
  if ('template' in path) return { template: front + path.template };
  const quoted = front.replaceAll('.', '\\.');
  return { regex: `${quoted}(?:${path.regex.replace(/^\^/, '')})` };
}

// A wildcard that a route names cannot be combined: the compiler refuses it.
function hostsOf(version: string, named: readonly string[] | undefined, claims: readonly string[]): string[] {
  const front = `${version}.`;
  if (named !== undefined) return named.map((host) => front + host);
  const hosts = claims.map((claim) => {
    if (claim.startsWith('*.')) return front + claim.slice(2);
    return claim.startsWith(front) ? claim : front + claim;
  });
  return [...new Set(hosts)].filter((host) => claims.some((claim) => coversHost(claim, host)));
}
