// Routes as tables by host and path. Two routes that would take the same request are no order but a mistake: the one
// whose key sorts later is refused on that host.
import type { ApiSpec, Document, RouteSpec } from '@sluice/contracts';
import { routeKey } from '@sluice/contracts';
import { compilePolicies } from './compile-policies.js';
import type { CompiledRoute, HostTable } from './compiled.js';
import type { Finding, FindingCode } from './findings.js';
import { pointer } from './findings.js';
import { murmur3 } from './hash.js';
import { canonicalPath, pathFaults, withoutTrailingSlash } from './path.js';

interface Candidate {
  readonly route: CompiledRoute;
  readonly hosts: readonly string[];
  readonly report: (code: FindingCode, at: readonly (string | number)[], detail: string, fix: string) => void;
}

interface MutableTable {
  readonly exact: Map<string, CompiledRoute[]>;
  readonly prefix: Map<string, CompiledRoute[]>;
  longestPrefix: number;
  readonly sorted: CompiledRoute[];
}

/** One table for each of the environment's hosts; what cannot work goes to `findings`. */
export function compileRoutes(
  document: Document,
  hosts: readonly string[],
  environmentId: string,
  findings: Finding[],
): Map<string, HostTable> {
  const tables = new Map<string, MutableTable>(
    hosts.map((host) => [host, { exact: new Map(), prefix: new Map(), longestPrefix: 0, sorted: [] }]),
  );
  const candidates = Object.entries(document.apis)
    .flatMap(([name, api]) => compileApi(document, name, api, hosts, environmentId, findings))
    .toSorted((left, right) => compareText(left.route.key, right.route.key));
  for (const candidate of candidates) {
    for (const host of candidate.hosts) {
      const table = tables.get(host);
      if (table !== undefined) place(table, host, candidate);
    }
  }
  for (const table of tables.values())
    table.sorted.sort((left, right) => compareText(left.pattern, right.pattern) || compareText(left.key, right.key));
  return tables;
}

function compileApi(
  document: Document,
  apiName: string,
  api: ApiSpec,
  hosts: readonly string[],
  environmentId: string,
  findings: Finding[],
): Candidate[] {
  const names = new Set<string>();
  const candidates: Candidate[] = [];
  api.routes.forEach((spec, index) => {
    const object = `apis/${apiName}/routes/${spec.name}`;
    const report: Candidate['report'] = (code, at, detail, fix) =>
      findings.push({ code, object, pointer: pointer('apis', apiName, 'routes', index, ...at), detail, fix });
    if (names.has(spec.name)) {
      report(
        'route_repeated',
        ['name'],
        `the API ${apiName} has two routes named ${spec.name}`,
        'give each route of an API a name of its own',
      );
      return;
    }
    names.add(spec.name);
    const candidate = compileRoute(document, apiName, spec, hosts, environmentId, report);
    if (candidate !== undefined) candidates.push(candidate);
  });
  return candidates;
}

function compileRoute(
  document: Document,
  apiName: string,
  spec: RouteSpec,
  hosts: readonly string[],
  environmentId: string,
  report: Candidate['report'],
): Candidate | undefined {
  const key = routeKey(apiName, spec.name);
  const { path } = spec.match;
  if (!('prefix' in path) && !('exact' in path)) {
    report(
      'path_not_canonical',
      ['match', 'path'],
      'this version matches exact paths and prefixes',
      'write exact or prefix',
    );
    return undefined;
  }
  const isPrefix = 'prefix' in path;
  const written = 'prefix' in path ? path.prefix : path.exact;
  const missing = checkUpstreams(document, spec, report);
  const isCanonical =
    checkPath(written, ['match', 'path', isPrefix ? 'prefix' : 'exact'], report) &&
    checkPath(spec.strip, ['strip'], report);
  const served = checkHosts(spec, hosts, report);
  const policies = compilePolicies(
    spec.policies,
    { document, environmentId, api: apiName, routeKey: key },
    (code, at, detail, fix) => report(code, ['policies', ...at], detail, fix),
  );
  if (missing || !isCanonical || served.length === 0 || policies === undefined || spec.split === undefined)
    return undefined;
  return {
    hosts: served,
    report,
    route: {
      key,
      api: apiName,
      name: spec.name,
      pattern: isPrefix ? withoutTrailingSlash(written) : written,
      isPrefix,
      methods: spec.match.methods,
      strip: withoutTrailingSlash(spec.strip ?? ''),
      cost: typeof spec.cost === 'object' ? spec.cost.max : (spec.cost ?? 1),
      costHeader: typeof spec.cost === 'object' ? spec.cost.header : undefined,
      ...policies,
      sticky: spec.split.sticky,
      arms: spec.split.arms
        .map(({ name, upstream, weight }) => ({ name, upstream, weightBps: weight }))
        .toSorted((left, right) => compareText(left.name, right.name)),
      salt: murmur3(`${environmentId}/${key}`, 0),
    },
  };
}

function checkUpstreams(document: Document, spec: RouteSpec, report: Candidate['report']): boolean {
  const arms = spec.split?.arms ?? [];
  const missing = arms.filter((arm) => !Object.hasOwn(document.upstreams, arm.upstream));
  for (const arm of missing) {
    report(
      'upstream_missing',
      ['split', 'arms', arms.indexOf(arm), 'upstream'],
      `the arm ${arm.name} names the upstream ${arm.upstream}, which does not exist`,
      `create the upstream ${arm.upstream}, or name one of: ${Object.keys(document.upstreams).slice(0, 8).join(', ') || '(there is none yet)'}`,
    );
  }
  return missing.length > 0;
}

function checkPath(written: string | undefined, at: readonly string[], report: Candidate['report']): boolean {
  if (written === undefined) return true;
  const canonical = canonicalPath(written);
  if (canonical.ok && canonical.path === written) return true;
  if (canonical.ok)
    report(
      'path_not_canonical',
      at,
      `no request can match ${written}: it arrives here as ${canonical.path}`,
      `write ${canonical.path}`,
    );
  else
    report(
      'path_not_canonical',
      at,
      `no request can match ${written}: ${pathFaults[canonical.fault]}`,
      'write the path as it arrives',
    );
  return false;
}

// Without `hosts` a route is served on every host of the environment.
function checkHosts(spec: RouteSpec, hosts: readonly string[], report: Candidate['report']): readonly string[] {
  const wanted = spec.match.hosts;
  if (wanted === undefined) return hosts;
  wanted.forEach((host, index) => {
    if (hosts.includes(host)) return;
    report(
      'host_not_claimed',
      ['match', 'hosts', index],
      `the host ${host} does not belong to this environment`,
      `name one of: ${hosts.join(', ')}`,
    );
  });
  return [...new Set(wanted)].filter((host) => hosts.includes(host));
}

function place(table: MutableTable, host: string, { route, report }: Candidate): void {
  const byPattern = route.isPrefix ? table.prefix : table.exact;
  const others = byPattern.get(route.pattern) ?? [];
  const rival = others.find((other) => takeSameRequest(other, route));
  if (rival !== undefined) {
    report(
      'route_shadowed',
      ['match'],
      `the route ${rival.key} takes the same requests on ${host}`,
      'change the path, the hosts or the methods of one of the two',
    );
    return;
  }
  // A route that names its methods is the more specific one.
  byPattern.set(route.pattern, route.methods === undefined ? [...others, route] : [route, ...others]);
  if (route.isPrefix) table.longestPrefix = Math.max(table.longestPrefix, route.pattern.length);
  table.sorted.push(route);
}

function takeSameRequest(left: CompiledRoute, right: CompiledRoute): boolean {
  const { methods } = right;
  if (left.methods === undefined || methods === undefined) return left.methods === methods;
  return left.methods.some((method) => methods.includes(method));
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
