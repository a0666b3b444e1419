// Finds the route: host, then the exact path, then prefixes by whole segments from the longest, then the method.
// The cost depends on the segments of the longest prefix, not on the path nor on the number of routes.
import type { CompiledRoute, HostTable } from '../compiled.js';
import { withHead } from '../methods.js';
import { preflightMethod } from '../origins.js';
import type { Progress, Stage } from '../progress.js';
import { refuse } from '../progress.js';

const mostLosers = 8;

export const match: Stage = (progress) => {
  const { request, compiled } = progress;
  const table = compiled.hosts.get(request.host);
  if (table === undefined) {
    progress.reasons.push({ code: 'host_unknown', host: request.host });
    return refuse('unknown_host', `No API is served at ${request.host}.`);
  }
  const candidates = candidatesFor(table, request.path);
  progress.preflightMethod = preflightMethod(
    progress,
    (method) => winnerOf(candidates, method) ?? readableOf(candidates),
  );
  const method = progress.preflightMethod ?? request.method;
  const winner = winnerOf(candidates, method);
  if (winner === undefined) return refuseUnmatched(progress, table, candidates, method);

  progress.route = winner;
  progress.account.api = winner.api;
  progress.account.route = winner.name;
  progress.reasons.push({
    code: 'route_matched',
    route: winner.key,
    pattern: winner.pattern,
    isPrefix: winner.isPrefix,
  });
  let isBehind = false;
  for (const route of candidates) {
    if (progress.reasons.length > mostLosers) break;
    if (route === winner) isBehind = true;
    else
      progress.reasons.push({ code: 'route_lost', route: route.key, because: isBehind ? 'less_specific' : 'method' });
  }
  return undefined;
};

// Every route whose path fits, the most specific first.
function candidatesFor(table: HostTable, path: string): readonly CompiledRoute[] {
  const candidates: CompiledRoute[] = [];
  const exact = table.exact.get(path);
  if (exact !== undefined) candidates.push(...exact);
  // Each look hashes the whole text: from the path's end, 15,000 slashes would cost a fifth of a second.
  const longest = path.length <= table.longestPrefix ? path.length : path.lastIndexOf('/', table.longestPrefix);
  for (let length = longest; length >= 0; length = path.lastIndexOf('/', length - 1)) {
    const routes = table.prefix.get(path.slice(0, length));
    if (routes !== undefined) candidates.push(...routes);
    if (length === 0) break;
  }
  return candidates;
}

function winnerOf(candidates: readonly CompiledRoute[], method: string): CompiledRoute | undefined {
  return (
    candidates.find((route) => route.methods?.includes(method) === true || route.methods === undefined) ??
    headByGet(candidates, method)
  );
}

// The route whose `cors` policy says which pages may read that none of them takes the method.
function readableOf(candidates: readonly CompiledRoute[]): CompiledRoute | undefined {
  return candidates.find(({ policies }) => policies.cors.length > 0);
}

function headByGet(candidates: readonly CompiledRoute[], method: string): CompiledRoute | undefined {
  return method === 'HEAD' ? candidates.find((route) => route.methods?.includes('GET')) : undefined;
}

function refuseUnmatched(
  progress: Progress,
  table: HostTable,
  candidates: readonly CompiledRoute[],
  method: string,
): ReturnType<Stage> {
  const { reasons, request, answerHeaders } = progress;
  for (const route of candidates.slice(0, mostLosers))
    reasons.push({ code: 'route_lost', route: route.key, because: 'method' });
  if (candidates.length === 0) {
    for (const route of neighbours(table.sorted, request.path))
      reasons.push({ code: 'route_lost', route: route.key, because: 'path' });
  }
  progress.route = readableOf(candidates);
  // The browser hides an answer whose preflight failed: let it send the request, and read the problem itself.
  if (progress.preflightMethod !== undefined) return undefined;
  if (candidates.length === 0) return refuse('no_route', `No route of ${request.host} matches ${request.path}.`);
  const allowed = [...new Set(candidates.flatMap((route) => withHead(route.methods ?? [])))].toSorted().join(', ');
  answerHeaders.push(['allow', allowed]);
  return refuse('method_not_allowed', `${request.path} takes ${allowed}, not ${method}.`);
}

// In sorted order, the patterns around a text share the longest beginnings with it.
function neighbours(sorted: readonly CompiledRoute[], path: string): readonly CompiledRoute[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.pattern ?? '') < path) low = middle + 1;
    else high = middle;
  }
  const first = Math.max(0, Math.min(low - mostLosers / 2, sorted.length - mostLosers));
  return sorted.slice(first, first + mostLosers);
}
