// What a tenant's portal offers: read off the live document, so that nothing is on show that the gateways do not serve.
import type { ApiSpec, Document, Match, PortalApi, PortalPlan, RouteSpec } from '@sluice/contracts';
import { keyHeaderOf } from './key-header.js';

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

function portalApi(name: string, api: ApiSpec, publicUrl: string): PortalApi {
  const { title, version, versioning } = api;
  // What a regular expression takes cannot be shown as a path to try.
  const routes = api.routes.filter(({ match }) => !('regex' in match.path));
  const base = commonPath(routes.map(({ match }) => segmentsOf(match.path)));
  const operations = routes.flatMap((route) =>
    (route.match.methods ?? ['GET']).map((method) => ({
      method,
      path: tryPath(route, base),
      keyHeader: keyHeaderOf(api, route),
    })),
  );
  const header = api.routes.map((route) => keyHeaderOf(api, route)).find((found) => found !== null) ?? null;
  const root = new URL(publicUrl);
  if (versioning?.by === 'host') root.hostname = `${version}.${root.hostname}`;
  const versionPath = versioning?.by === 'path' ? `/${version}` : '';
  const url = root.href.replace(/\/$/, '') + versionPath + base;
  return { name, title, version, publicUrl: url, keyHeader: header, operations };
}

function textOf(path: Match['path']): string {
  if ('exact' in path) return path.exact;
  if ('prefix' in path) return path.prefix.replace(/\/+$/, '');
  if ('rawPrefix' in path) return path.rawPrefix;
  return 'template' in path ? path.template : '';
}

/** The segments that are the same in every request. */
function segmentsOf(path: Match['path']): string[] {
  const segments = textOf(path).replace(/\/+$/, '').split('/').slice(1);
  const open = 'template' in path ? segments.findIndex((segment) => segment.includes('{')) : -1;
  return open === -1 ? segments : segments.slice(0, open);
}

// Where the whole prefix is taken off, the upstream is asked for its root: a slash says so.
function tryPath({ match, strip }: RouteSpec, base: string): string {
  const path = textOf(match.path).replace(/\/+$/, '');
  const isRoot = 'prefix' in match.path && strip !== undefined && strip.replace(/\/+$/, '') === path;
  const below = path.slice(base.length);
  return isRoot ? `${below}/` : below;
}

/** The longest path of whole segments that all begin with; empty when they share none. */
function commonPath(paths: readonly (readonly string[])[]): string {
  const [first = [], ...others] = paths;
  const shared = first.findIndex((segment, index) => others.some((segments) => segments[index] !== segment));
  return (shared === -1 ? first : first.slice(0, shared)).map((segment) => `/${segment}`).join('');
}
