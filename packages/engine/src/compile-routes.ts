// The routes of an environment as tables by host. What cannot work, and what can never win, is refused by name and left
// out; the document's order decides nothing.
import type { Document } from '@sluice/contracts';
import type { CompiledOnce } from './compile-policy.js';
import { compileRoute } from './compile-route.js';
import type { RouteOnHosts, Surroundings } from './compile-route.js';
import type { CompiledRoute } from './compiled.js';
import type { Finding } from './findings.js';
import { pointer } from './findings.js';
import { findCrowded } from './matching/crowding.js';
import { findRivalDefaults } from './matching/default-versions.js';
import type { HostTable } from './matching/host-table.js';
import { buildHostTable } from './matching/host-table.js';
import { coversHost, hostRank } from './matching/hosts.js';
import type { ReportAt } from './matching/paths.js';
import type { Placed } from './matching/precedence.js';
import { compareText } from './matching/precedence.js';
import { RegexChecks } from './matching/regex.js';
import type { Shadow } from './matching/shadowing.js';
import { findShadows } from './matching/shadowing.js';
import type { Secrets } from './secrets/with-secrets.js';

interface Candidate extends RouteOnHosts {
  readonly report: ReportAt;
  readonly reportApi: ReportAt;
}

/** Some hosts that see the same routes in the same order, which is usual: they share one table. */
interface HostGroup {
  readonly hosts: readonly string[];
  readonly placed: readonly Placed[];
}

/** Routes, and the groups of hosts that they are not served on. */
type Refused = Map<CompiledRoute, Set<HostGroup>>;

/** A table for each of the environment's hosts, and for those below its wildcards that routes name. */
export function compileRoutes(
  document: Document,
  claims: readonly string[],
  environmentId: string,
  findings: Finding[],
  secrets?: Secrets,
): Map<string, HostTable> {
  const checks = new RegexChecks();
  const candidates = Object.entries(document.apis)
    .flatMap(([apiName, api]) =>
      compileApi({ document, environmentId, secrets, claims, apiName, api, checks }, findings),
    )
    .toSorted((left, right) => compareText(left.route.key, right.route.key));
  const tables = new Map<string, HostTable>();
  const groups = groupHosts(candidates, claims);
  const refused: Refused = new Map();
  // The crowd first: what is left is few enough to be held against each other.
  refuseCrowd(candidates, groups, refused);
  const first = new Map(groups.map((group) => [group, buildHostTable(leftOf(group, refused))]));
  refuseShadowed(candidates, first, refused);
  for (const [group, table] of first) {
    const left = leftOf(group, refused);
    reportRivalDefaults(candidates, left);
    const final = left.length === table.sorted.length ? table : buildHostTable(left);
    for (const host of group.hosts) tables.set(host, final);
  }
  return tables;
}

// Both are served: requests that name their version are clear.
function reportRivalDefaults(candidates: readonly Candidate[], placed: readonly Placed[]): void {
  for (const { route, by } of findRivalDefaults(placed))
    candidates
      .find((one) => one.route === route)
      ?.reportApi(
        'version_unusable',
        ['versioning', 'isDefault'],
        `the APIs ${by.api} and ${route.api} both take requests that name no version: ${by.key} goes before ${route.key}`,
        'let one of the two be the default',
      );
}

function leftOf(group: HostGroup, refused: Refused): readonly Placed[] {
  return group.placed.filter(({ route }) => refused.get(route)?.has(group) !== true);
}

function refuseShadowed(
  candidates: readonly Candidate[],
  tables: ReadonlyMap<HostGroup, HostTable>,
  refused: Refused,
): void {
  const served = new Map<CompiledRoute, number>();
  const shadows = new Map<CompiledRoute, { shadow: Shadow; group: HostGroup }[]>();
  for (const [group, table] of tables) {
    const placed = leftOf(group, refused);
    for (const { route } of placed) served.set(route, (served.get(route) ?? 0) + 1);
    for (const shadow of findShadows(table, placed)) {
      const known = shadows.get(shadow.route) ?? [];
      shadows.set(shadow.route, [...known, { shadow, group }]);
    }
  }
  for (const { route, report } of candidates) {
    const found = shadows.get(route) ?? [];
    // One that another route goes before on some hosts alone is meant so: it has others left.
    const isEverywhere = found.length === served.get(route);
    const mistakes = found.filter(({ shadow }) => isEverywhere || shadow.isTie);
    const [first] = mistakes;
    if (first === undefined) continue;
    for (const { group } of mistakes) refuseOn(refused, route, group);
    reportShadow(report, first.shadow, isEverywhere ? '' : ` on ${first.group.hosts[0] ?? ''}`);
  }
}

function refuseCrowd(candidates: readonly Candidate[], groups: readonly HostGroup[], refused: Refused): void {
  const reports = new Map(candidates.map(({ route, report }) => [route, report]));
  for (const group of groups) {
    const routes = group.placed.map(({ route }) => route);
    for (const { route, detail, fix } of findCrowded(routes, group.hosts[0] ?? '')) {
      if (!refused.has(route)) reports.get(route)?.('path_crowded', ['match', 'path'], detail, fix);
      refuseOn(refused, route, group);
    }
  }
}

function refuseOn(refused: Refused, route: CompiledRoute, group: HostGroup): void {
  refused.set(route, (refused.get(route) ?? new Set()).add(group));
}

function compileApi(around: Omit<Surroundings, 'reportApi' | 'inherited'>, findings: Finding[]): Candidate[] {
  const { apiName, api } = around;
  const names = new Set<string>();
  // A fault of the API's own policies would be found again for each of its routes.
  const said = new Set<string>();
  const inherited: CompiledOnce = new Map();
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
      findings.push({ code, object: `apis/${apiName}`, pointer: place, detail, fix });
    };
    const route = compileRoute(spec, { ...around, inherited, reportApi }, report);
    return route === undefined ? [] : [{ ...route, report, reportApi }];
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
    if (group === undefined) groups.set(signature, { hosts: [host], placed });
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
