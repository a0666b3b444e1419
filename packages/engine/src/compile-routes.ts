// The routes of an environment as tables by host. What cannot work, and what can never win, is refused by name and left
// out; the document's order decides nothing.
import type { ApiSpec, Document } from '@sluice/contracts';
import { compileRoute } from './compile-route.js';
import type { RouteOnHosts } from './compile-route.js';
import type { CompiledRoute } from './compiled.js';
import type { Finding } from './findings.js';
import { pointer } from './findings.js';
import type { HostTable } from './matching/host-table.js';
import { buildHostTable } from './matching/host-table.js';
import { coversHost, hostRank } from './matching/hosts.js';
import type { ReportAt } from './matching/paths.js';
import type { Placed } from './matching/precedence.js';
import { comparePrecedence, compareText } from './matching/precedence.js';
import type { Shadow } from './matching/shadowing.js';
import { findShadows } from './matching/shadowing.js';

interface Candidate extends RouteOnHosts {
  readonly report: ReportAt;
}

/** Some hosts that see the same routes in the same order, which is usual: they share one table. */
interface HostGroup {
  readonly hosts: string[];
  readonly placed: readonly Placed[];
}

/** A table for each of the environment's hosts, and for those below its wildcards that routes name. */
export function compileRoutes(
  document: Document,
  claims: readonly string[],
  environmentId: string,
  findings: Finding[],
): Map<string, HostTable> {
  const candidates = Object.entries(document.apis)
    .flatMap(([name, api]) => compileApi(document, name, api, claims, environmentId, findings))
    .toSorted((left, right) => compareText(left.route.key, right.route.key));
  const tables = new Map<string, HostTable>();
  const refused = new Map<CompiledRoute, Set<HostGroup>>();
  const groups = groupHosts(candidates, claims);
  const shadows = groups.map((group) => ({ group, found: shadowsOn(group) }));
  for (const { route, report } of candidates) {
    const served = groups.filter(({ placed }) => placed.some((one) => one.route === route));
    const darkened = shadows.flatMap(({ group, found }) =>
      found.filter((shadow) => shadow.route === route).map((shadow) => ({ group, shadow })),
    );
    const left = darkened.filter(({ shadow }) => isMistake(shadow, served.length === darkened.length));
    const [first] = left;
    if (first === undefined) continue;
    refused.set(route, new Set(left.map(({ group }) => group)));
    reportShadow(report, first.shadow, first.group.hosts[0] ?? '', served.length > 1);
  }
  for (const group of groups) {
    const table = buildHostTable(group.placed.filter(({ route }) => refused.get(route)?.has(group) !== true));
    for (const host of group.hosts) tables.set(host, table);
  }
  return tables;
}

function compileApi(
  document: Document,
  apiName: string,
  api: ApiSpec,
  claims: readonly string[],
  environmentId: string,
  findings: Finding[],
): Candidate[] {
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
    const route = compileRoute(spec, { document, environmentId, claims, apiName, api, reportApi }, report);
    return route === undefined ? [] : [{ ...route, report }];
  });
}

function groupHosts(candidates: readonly Candidate[], claims: readonly string[]): HostGroup[] {
  const named = candidates.flatMap(({ hosts = [] }) => hosts);
  const served = new Set([...claims, ...named.filter((host) => claims.some((claim) => coversHost(claim, host)))]);
  const groups = new Map<string, HostGroup>();
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

function shadowsOn({ placed }: HostGroup): Shadow[] {
  const entries = placed.toSorted(comparePrecedence).map((one, rank) => ({ ...one, rank }));
  return findShadows(buildHostTable(placed), entries);
}

// One that another route goes before on some hosts alone is meant so: it has others left.
function isMistake({ methods, isTie }: Shadow, isEverywhere: boolean): boolean {
  return isEverywhere || isTie || methods !== undefined;
}

function reportShadow(report: ReportAt, { by, methods, route }: Shadow, host: string, hasMoreHosts: boolean): void {
  const what = methods === undefined ? 'the same requests' : `the same requests (${methods.join(', ')})`;
  const where = hasMoreHosts ? ` on ${host}` : '';
  if (by.priority > route.priority)
    report(
      'route_shadowed',
      ['match'],
      `the route ${route.key} is shadowed by ${by.key}, which takes ${what}${where} with a higher priority`,
      `lower the priority of ${by.key}, or raise this one's`,
    );
  else
    report(
      'route_shadowed',
      ['match'],
      `the route ${route.key} is shadowed by ${by.key}, which takes ${what}${where}`,
      'change the path, the hosts or the methods of one of the two',
    );
}
