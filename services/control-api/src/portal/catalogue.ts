// What a tenant's portal offers: read off the live document, so that nothing is on show that the gateways do not serve.
import type { ApiSpec, Document, PortalApi, PortalPlan, RouteSpec } from '@sluice/contracts';

export function catalogueApis(document: Document | null, publicUrl: string): PortalApi[] {
  return Object.entries(document?.apis ?? {})
    .filter(([, api]) => api.routes.length > 0)
    .map(([name, api]) => portalApi(name, api, publicUrl));
}

/** Plans that offer something. */
export function cataloguePlans(document: Document | null): PortalPlan[] {
  return Object.entries(document?.plans ?? {})
    .filter(([, { apis }]) => apis.length > 0)
    .map(([name, { title, apis, limits }]) => ({ name, title, apis, limits }));
}

function portalApi(name: string, { title, version, routes }: ApiSpec, publicUrl: string): PortalApi {
  const base = commonPath(routes.map(pathOf));
  const operations = routes.flatMap((route) =>
    (route.match.methods ?? ['GET']).map((method) => ({
      method,
      path: tryPath(route, base),
      keyHeader: keyHeaderOf(route),
    })),
  );
  const header = routes.map(keyHeaderOf).find((name) => name !== null) ?? null;
  return { name, title, version, publicUrl: publicUrl + base, keyHeader: header, operations };
}

function keyHeaderOf({ policies }: RouteSpec): string | null {
  return policies.map((policy) => policy['api-key'].header).at(0) ?? null;
}

function pathOf({ match: { path } }: RouteSpec): string {
  return ('exact' in path ? path.exact : path.prefix).replace(/\/+$/, '');
}

// Where the whole prefix is taken off, the upstream is asked for its root: a slash says so.
function tryPath(route: RouteSpec, base: string): string {
  const path = pathOf(route);
  const isRoot = 'prefix' in route.match.path && route.strip !== undefined && route.strip.replace(/\/+$/, '') === path;
  const below = path.slice(base.length);
  return isRoot ? `${below}/` : below;
}

/** The longest path of whole segments that all begin with; empty when they share none. */
function commonPath(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(1));
  const shared = first.findIndex((segment, index) => others.some((segments) => segments[index] !== segment));
  return (shared === -1 ? first : first.slice(0, shared)).map((segment) => `/${segment}`).join('');
}
