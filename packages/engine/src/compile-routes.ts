// The routes of an environment as tables by host. What cannot work, and what can never win, is refused by name and left
// out; the document's order decides nothing.
import type { Document } from '@sluice/contracts';
import { compileRoute } from './compile-route.js';
import type { RouteOnHosts, Surroundings } from './compile-route.js';
import type { CompiledRoute } from './compiled.js';
import type { Finding } from './findings.js';
import { pointer } from './findings.js';
import type { HostTable } from './matching/host-table.js';
import { buildHostTable } from './matching/host-table.js';
import { coversHost, hostRank } from './matching/hosts.js';
import type { ReportAt } from './matching/paths.js';
import type { Placed } from './matching/precedence.js';
import { compareText } from './matching/precedence.js';
import { RegexChecks } from './matching/regex.js';
import type { Shadow } from './matching/shadowing.js';
import { findShadows } from './matching/shadowing.js';

interface Candidate extends RouteOnHosts {
  readonly report: ReportAt;
}

/** Some hosts that see the same routes in the same order, which is usual: they share one table. */
interface HostGroup {
  readonly hosts: readonly string[];
  readonly placed: readonly Placed[];
  /** Of all of them. */
  readonly table: HostTable;
}

type Refused = Map<CompiledRoute, Set<HostTable>>;

// A request is held against each route of its very path, and against each regex whose beginning fits. Above these it
// would cost its tenant's neighbours too much.
const mostOfOnePath = 64;
const mostRegexes = 256;

/** A table for each of the environment's hosts, and for those below its wildcards that routes name. */
export function compileRoutes(
  document: Document,
  claims: readonly string[],
  environmentId: string,
  findings: Finding[],
): Map<string, HostTable> {
  const checks = new RegexChecks();
  const candidates = Object.entries(document.apis)
    .flatMap(([apiName, api]) => compileApi({ document, environmentId, claims, apiName, api, checks }, findings))
    .toSorted((left, right) => compareText(left.route.key, right.route.key));
  const tables = new Map<string, HostTable>();
  const groups = groupHosts(candidates, claims);
  const refused: Refused = new Map();
  refuseShadowed(candidates, groups, refused);
  refuseCrowd(candidates, groups, refused);
  for (const { hosts, placed, table } of groups) {
    const left = placed.filter(({ route }) => refused.get(route)?.has(table) !== true);
    const final = left.length === placed.length ? table : buildHostTable(left);
    for (const host of hosts) tables.set(host, final);
  }
  return tables;
}

function refuseShadowed(candidates: readonly Candidate[], groups: readonly HostGroup[], refused: Refused): void {
  const served = new Map<CompiledRoute, number>();
  const shadows = new Map<CompiledRoute, { shadow: Shadow; table: HostTable; host: string }[]>();
  for (const { placed, table, hosts } of groups) {
    for (const { route } of placed) served.set(route, (served.get(route) ?? 0) + 1);
    for (const shadow of findShadows(table, placed)) {
      const known = shadows.get(shadow.route) ?? [];
      shadows.set(shadow.route, [...known, { shadow, table, host: hosts[0] ?? '' }]);
    }
  }
  for (const { route, report } of candidates) {
    const found = shadows.get(route) ?? [];
    // One that another route goes before on some hosts alone is meant so: it has others left.
    const isEverywhere = found.length === served.get(route);
    const mistakes = found.filter(({ shadow }) => isEverywhere || shadow.isTie);
    const [first] = mistakes;
    if (first === undefined) continue;
    refused.set(route, new Set(mistakes.map(({ table }) => table)));
    reportShadow(report, first.shadow, isEverywhere ? '' : ` on ${first.host}`);
  }
}

function refuseCrowd(candidates: readonly Candidate[], groups: readonly HostGroup[], refused: Refused): void {
  const reports = new Map(candidates.map(({ route, report }) => [route, report]));
  for (const { placed, table, hosts } of groups) {
    const counts = new Map<string, number>();
    for (const { route } of placed) {
      const { kind, text } = route.path;
      const most = kind === 'regex' ? mostRegexes : mostOfOnePath;
      // The names of placeholders make no other path.
      const shape = kind === 'regex' ? kind : `${kind} ${text.replaceAll(/\{[^}]*\}/g, '{}')}`;
      const count = (counts.get(shape) ?? 0) + 1;
      counts.set(shape, count);
      if (count <= most) continue;
      const known = refused.get(route) ?? new Set();
      refused.set(route, known.add(table));
      if (known.size === 1)
        reports.get(route)?.(
          'path_crowded',
          ['match', 'path'],
          `the route ${route.key} is one too many: ${most} routes ${kind === 'regex' ? 'with a regex' : `of the path ${text}`} are served on ${hosts[0] ?? ''}`,
          kind === 'regex'
            ? 'write templates or prefixes, or use more hosts'
            : 'join routes, or use more paths or hosts',
        );
    }
  }
}

function compileApi(around: Omit<Surroundings, 'reportApi'>, findings: Finding[]): Candidate[] {
  const { apiName, api } = around;
  const names = new Set<string>();
  // A fault of the API's own policies would be found again for each of its routes.
  const said = new Set<string>();
  return api.routes.flatMap((spec, index): Candidate[] => {
    const object = `apis/${apiName}/routes/${spec.name}`;
    const report: ReportAt = (code, at, detail, fix) =>
      findings.push({ code, object, pointer: pointer('apis', apiName, 'routes', index, ...at), detail, fix });
    if (names.has(spec.name)) {
      report(
        'route_repeated',
        ['name'],
        `the API ${apiName} has two routes named ${spec.name}`,
        'give each route of an API a name of its own',
      );
      return [];
    }
    names.add(spec.name);
    const reportApi: ReportAt = (code, at, detail, fix) => {
      const place = pointer('apis', apiName, ...at);
      if (said.has(`${code} ${place}`)) return;
      said.add(`${code} ${place}`);
      findings.push({ code, object, pointer: place, detail, fix });
    };
    const route = compileRoute(spec, { ...around, reportApi }, report);
    return route === undefined ? [] : [{ ...route, report }];
  });
}

function groupHosts(candidates: readonly Candidate[], claims: readonly string[]): HostGroup[] {
  const named = candidates.flatMap(({ hosts = [] }) => hosts);
  const served = new Set([...claims, ...named.filter((host) => claims.some((claim) => coversHost(claim, host)))]);
  const groups = new Map<string, HostGroup & { readonly hosts: string[] }>();
  for (const host of served) {
    const placed = candidates.flatMap(({ route, hosts }): Placed[] => {
      const rank = hostRank(hosts, host);
      return rank === undefined ? [] : [{ route, hostRank: rank }];
    });
    const signature = placed.map(({ route, hostRank: rank }) => `${route.key} ${rank}`).join('\n');
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, { hosts: [host], placed, table: buildHostTable(placed) });
    else group.hosts.push(host);
  }
  return [...groups.values()];
}

function reportShadow(report: ReportAt, { by, methods, route }: Shadow, where: string): void {
  const what = methods === undefined ? 'the same requests' : `the same requests (${methods.join(', ')})`;
  const hasPriority = by.priority > route.priority;
  report(
    'route_shadowed',
    ['match'],
    `the route ${route.key} is shadowed by ${by.key}, which takes ${what}${where}${hasPriority ? ' with a higher priority' : ''}`,
    hasPriority
      ? `lower the priority of ${by.key}, or raise this one's`
      : 'change the path, the hosts or the methods of one of the two',
  );
}
