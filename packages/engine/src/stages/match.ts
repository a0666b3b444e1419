// Finds the route: the host's table, there the routes whose path fits, in the order of `matching/precedence.ts`, and of
// these the first that takes the method and whose predicates hold. The cost depends on the path and on the routes of this
// very path, never on how many others there are.
import type { CompiledRoute } from '../compiled.js';
import { findByHost } from '../matching/hosts.js';
import type { Entry, HostTable } from '../matching/host-table.js';
import { findByPath } from '../matching/host-table.js';
import { unmet } from '../matching/predicates.js';
import { namedGroups } from '../matching/regex.js';
import { RequestProbe } from '../matching/request-probe.js';
import { parametersOf } from '../matching/template.js';
import { withHead } from '../methods.js';
import { preflightMethod } from '../origins.js';
import type { Progress, Stage } from '../progress.js';
import { refuse } from '../progress.js';
import type { LossCause } from '../reasons.js';

const mostLosers = 8;

/** A route whose path fits, and what keeps it from taking the request: undefined when nothing does. */
interface Tried {
  readonly route: CompiledRoute;
  readonly because: 'method' | 'header' | 'query' | undefined;
}

export const match: Stage = (progress) => {
  const { request, compiled } = progress;
  const table = findByHost(compiled.hosts, request.host);
  if (table === undefined) {
    progress.reasons.push({ code: 'host_unknown', host: request.host });
    return refuse('unknown_host', `No API is served at ${request.host}.`);
  }
  const probe = new RequestProbe(request);
  const fitting = findByPath(table, request.path);
  const search = (method: string): Tried[] => tryInOrder(table, fitting, request.path, method, probe);
  if (request.method === 'OPTIONS') {
    probe.isPreflight = true;
    progress.preflightMethod = preflightMethod(progress, (method) => {
      const tried = search(method);
      return winnerOf(tried) ?? readableOf(tried);
    });
    probe.isPreflight = progress.preflightMethod !== undefined;
  }
  const method = progress.preflightMethod ?? request.method;
  const tried = search(method);
  if (probe.isExhausted) {
    progress.reasons.push({ code: 'match_too_costly' });
    return refuse(
      'bad_request',
      'The path, a header or the query is too long for the patterns that would have to read it.',
    );
  }
  const winner = winnerOf(tried);
  if (winner === undefined) return refuseUnmatched(progress, table, tried, method, probe);

  progress.route = winner;
  progress.account.api = winner.api;
  progress.account.route = winner.name;
  progress.parameters = parametersIn(winner, request.path);
  progress.reasons.push({ code: 'route_matched', route: winner.key, pattern: winner.path.text, by: winner.path.kind });
  // Most paths belong to one route alone.
  if (tried.length === 1 && fitting.length === 1) return undefined;
  tellLosers(progress, winner, tried, fitting, (route) => {
    const cause = obstacle(route, method, probe);
    return cause ?? (route.priority < winner.priority ? 'priority' : 'less_specific');
  });
  return undefined;
};

// Ends with the first that takes the request.
function tryInOrder(
  table: HostTable,
  fitting: readonly Entry[],
  path: string,
  method: string,
  probe: RequestProbe,
): Tried[] {
  const tried: Tried[] = [];
  let nextRegex = 0;
  for (let index = 0; index <= fitting.length; index += 1) {
    const entry = fitting[index];
    for (;;) {
      const regex = table.regexes[nextRegex];
      if (regex === undefined || (entry !== undefined && entry.rank < regex.rank)) break;
      nextRegex += 1;
      if (!fitsRegex(regex.route, path, probe)) continue;
      const because = obstacle(regex.route, method, probe);
      tried.push({ route: regex.route, because });
      if (because === undefined) return tried;
    }
    if (entry === undefined) return tried;
    const because = obstacle(entry.route, method, probe);
    tried.push({ route: entry.route, because });
    if (because === undefined) return tried;
  }
  return tried;
}

function fitsRegex({ path: pattern }: CompiledRoute, path: string, probe: RequestProbe): boolean {
  return pattern.kind === 'regex' && path.startsWith(pattern.literal) && probe.matches(pattern.text, path);
}

function obstacle({ methods, predicates }: CompiledRoute, method: string, probe: RequestProbe): Tried['because'] {
  if (methods !== undefined && !methods.includes(method) && !(method === 'HEAD' && methods.includes('GET')))
    return 'method';
  return predicates.length === 0 ? undefined : unmetPart(predicates, probe);
}

function unmetPart(predicates: CompiledRoute['predicates'], probe: RequestProbe): 'header' | 'query' | undefined {
  const predicate = unmet(predicates, probe);
  return predicate === undefined ? undefined : predicate.on === 'query' ? 'query' : 'header';
}

function winnerOf(tried: readonly Tried[]): CompiledRoute | undefined {
  const last = tried.at(-1);
  return last?.because === undefined ? last?.route : undefined;
}

function parametersIn({ path: pattern }: CompiledRoute, path: string): Readonly<Record<string, string>> {
  if (pattern.kind === 'template') return parametersOf(pattern.segments, path);
  return pattern.kind === 'regex' && pattern.groups.length > 0 ? namedGroups(pattern.text, path) : noParameters;
}

function tellLosers(
  { reasons }: Progress,
  winner: CompiledRoute,
  tried: readonly Tried[],
  fitting: readonly Entry[],
  because: (route: CompiledRoute) => LossCause,
): void {
  let left = mostLosers;
  const tell = (route: CompiledRoute, cause: LossCause): void => {
    if (left > 0) reasons.push({ code: 'route_lost', route: route.key, because: cause });
    left -= 1;
  };
  for (const one of tried) if (one.because !== undefined) tell(one.route, one.because);
  for (const { route } of fitting) {
    if (left <= 0) return;
    if (route !== winner && !tried.some((one) => one.route === route)) tell(route, because(route));
  }
}

// The route whose `cors` policy says which pages may read that none of them takes the request.
function readableOf(tried: readonly Tried[]): CompiledRoute | undefined {
  return tried.find(({ route }) => route.policies.cors.length > 0)?.route;
}

function refuseUnmatched(
  progress: Progress,
  table: HostTable,
  tried: readonly Tried[],
  method: string,
  probe: RequestProbe,
): ReturnType<Stage> {
  const { reasons, request, answerHeaders } = progress;
  for (const { route, because } of tried.slice(0, mostLosers))
    reasons.push({ code: 'route_lost', route: route.key, because: because ?? 'path' });
  if (tried.length === 0) {
    for (const route of neighbours(table.sorted, request.path))
      reasons.push({ code: 'route_lost', route: route.key, because: 'path' });
  }
  progress.route = readableOf(tried);
  // The browser hides an answer whose preflight failed: let it send the request, and read the problem itself.
  if (progress.preflightMethod !== undefined) return undefined;
  const allowing = tried.filter(
    ({ route, because }) => because === 'method' && unmetPart(route.predicates, probe) === undefined,
  );
  if (allowing.length === 0)
    return refuse('no_route', `No route of ${request.host} matches ${detailOf(tried, request.path)}.`);
  const allowed = [...new Set(allowing.flatMap(({ route }) => withHead(route.methods ?? [])))].toSorted().join(', ');
  answerHeaders.push(['allow', allowed]);
  return refuse('method_not_allowed', `${request.path} takes ${allowed}, not ${method}.`);
}

function detailOf(tried: readonly Tried[], path: string): string {
  return tried.length === 0 ? path : `${path} with these headers and this query`;
}

// In sorted order, the patterns around a text share the longest beginnings with it.
function neighbours(sorted: readonly CompiledRoute[], path: string): readonly CompiledRoute[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.path.text ?? '') < path) low = middle + 1;
    else high = middle;
  }
  const first = Math.max(0, Math.min(low - mostLosers / 2, sorted.length - mostLosers));
  return sorted.slice(first, first + mostLosers);
}

const noParameters: Readonly<Record<string, string>> = {};
