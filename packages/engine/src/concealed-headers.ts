// Headers that tell an upstream who calls. An upstream believes them, so what a client sends under their names must reach it
// by no route: not by the one that writes them, nor by another one to the same upstream.
import type { Document } from '@sluice/contracts';
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
    specs.map((spec) => ({
      key: keyOf(api, spec.name),
      upstreams: (spec.split?.arms ?? []).map(({ upstream }) => upstream),
      names: [...policies, ...spec.policies].flatMap(headersOf),
    })),
  );
  const byUpstream = new Map<string, Set<string>>();
  for (const { upstreams, names } of routes) {
    for (const upstream of names.length === 0 ? [] : upstreams)
      byUpstream.set(upstream, new Set([...(byUpstream.get(upstream) ?? []), ...names]));
  }
  return new Map(
    routes
      .map(({ key, upstreams, names }) => {
        const all = new Set([...names, ...upstreams.flatMap((upstream) => [...(byUpstream.get(upstream) ?? [])])]);
        return [key, [...all].toSorted()] as const;
      })
      .filter(([, names]) => names.length > 0),
  );
}

function headersOf(spec: unknown): readonly string[] {
  const [name, settings] = entryOf(spec);
  if (name === 'any' || name === 'all') return Array.isArray(settings) ? settings.flatMap(headersOf) : [];
  const policy = policyOf(name);
  const parsed = policy?.identityHeaders === undefined ? undefined : policy.schema.safeParse(settings ?? {});
  return parsed?.success === true ? (policy?.identityHeaders?.(parsed.data) ?? []) : [];
}
