// A route as the form holds it, and the way there and back. Nothing that a route can say is lost on the way.
import type { Route, RouteSpec } from '@sluice/contracts';

export interface ArmDraft {
  readonly id: number;
  readonly name: string;
  readonly upstream: string;
  readonly percent: string;
}

export interface RouteDraft {
  readonly name: string;
  readonly hosts: string;
  readonly pathKind: 'prefix' | 'exact';
  readonly path: string;
  readonly methods: readonly string[];
  readonly strip: string;
  readonly asksForKey: boolean;
  readonly keyHeader: string;
  readonly sticky: RouteSpec['split']['sticky'];
  readonly arms: readonly ArmDraft[];
}

export const commonMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export function emptyRoute(api: string, upstream: string): RouteDraft {
  return {
    name: api,
    hosts: '',
    pathKind: 'prefix',
    path: `/${api}`,
    methods: [],
    strip: `/${api}`,
    asksForKey: true,
    keyHeader: 'x-api-key',
    sticky: 'none',
    arms: [{ id: 0, name: 'stable', upstream, percent: '100' }],
  };
}

export function draftOf(route: Route): RouteDraft {
  const { match, policies, split } = route;
  const key = policies.find((policy) => 'api-key' in policy)?.['api-key'];
  return {
    name: route.name,
    hosts: match.hosts?.join(', ') ?? '',
    pathKind: 'exact' in match.path ? 'exact' : 'prefix',
    path: 'exact' in match.path ? match.path.exact : match.path.prefix,
    methods: match.methods ?? [],
    strip: route.strip ?? '',
    asksForKey: key !== undefined,
    keyHeader: key?.header ?? 'x-api-key',
    sticky: split.sticky,
    arms: split.arms.map((arm, id) => ({
      id,
      name: arm.name,
      upstream: arm.upstream,
      percent: String(arm.weight / 100),
    })),
  };
}

export function specOf(draft: RouteDraft): RouteSpec {
  const hosts = draft.hosts.split(/[\s,]+/).filter(Boolean);
  return {
    name: draft.name.trim(),
    match: {
      ...(hosts.length === 0 ? {} : { hosts }),
      path: draft.pathKind === 'exact' ? { exact: draft.path } : { prefix: draft.path },
      ...(draft.methods.length === 0 ? {} : { methods: [...draft.methods] }),
    },
    ...(draft.strip === '' ? {} : { strip: draft.strip }),
    policies: draft.asksForKey ? [{ 'api-key': { header: draft.keyHeader } }] : [],
    split: {
      sticky: draft.sticky,
      arms: draft.arms.map((arm) => ({
        name: arm.name.trim(),
        upstream: arm.upstream,
        weight: Math.round(Number(arm.percent.replace(',', '.')) * 100),
      })),
    },
  };
}
