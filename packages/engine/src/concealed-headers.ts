// Headers that tell an upstream who calls. An upstream believes them, so what a client sends under their names must reach it
// by no route: not by the one that writes them, nor by another one to the same servers, under whatever name of an upstream.
import type { Document, UpstreamSpec } from '@sluice/contracts';
import { routeKey as keyOf } from '@sluice/contracts';
import { entryOf } from './policies/entry-of.js';
import { policyOf } from './policies/policy-of.js';

/** Names in lower case, sorted, of the route with this key. */
export function concealedHeaders(document: Document, routeKey: string): readonly string[] {
  let known = cache.get(document);
  if (known === undefined) {
    known = allOf(document);
    cache.set(document, known);
  }
  return known.get(routeKey) ?? [];
}

// A document is compiled route by route, and never changed: reading it whole for each would cost its size squared.
const cache = new WeakMap<Document, ReadonlyMap<string, readonly string[]>>();

function allOf(document: Document): ReadonlyMap<string, readonly string[]> {
  const routes = Object.entries(document.apis).flatMap(([api, { policies = [], routes: specs }]) =>
    specs.map((spec) => {
      const said = [...policies, ...spec.policies].flatMap(saidBy);
      const arms = (spec.split?.arms ?? []).map(({ upstream }) => upstream);
      const upstreams = new Set([...arms, ...said.flatMap((one) => one.upstreams)]);
      return {
        key: keyOf(api, spec.name),
        servers: [...upstreams].flatMap((upstream) => serversOf(document.upstreams[upstream])),
        names: said.flatMap((one) => one.names),
      };
    }),
  );
  const byServer = new Map<string, Set<string>>();
  for (const { servers, names } of routes) {
    for (const server of names.length === 0 ? [] : servers)
      byServer.set(server, new Set([...(byServer.get(server) ?? []), ...names]));
  }
  return new Map(
    routes
      .map(({ key, servers, names }) => {
        const all = new Set([...names, ...servers.flatMap((server) => [...(byServer.get(server) ?? [])])]);
        return [key, [...all].toSorted()] as const;
      })
      .filter(([, names]) => names.length > 0),
  );
}

// A machine and a port: two upstreams may differ in paths or times alone.
function serversOf(upstream: UpstreamSpec | undefined): readonly string[] {
  return (upstream?.targets ?? []).map(({ url }) => URL.parse(url)?.host ?? url);
}

interface Said {
  readonly names: readonly string[];
  readonly upstreams: readonly string[];
}

function saidBy(spec: unknown): readonly Said[] {
  const [name, settings] = entryOf(spec);
  if (name === 'any' || name === 'all') return Array.isArray(settings) ? settings.flatMap(saidBy) : [];
  const policy = policyOf(name);
  if (policy?.identityHeaders === undefined && policy?.upstreams === undefined) return [];
  const parsed = policy.schema.safeParse(settings ?? {});
  if (!parsed.success) return [];
  const { data } = parsed;
  return [{ names: policy.identityHeaders?.(data) ?? [], upstreams: policy.upstreams?.(data) ?? [] }];
}
