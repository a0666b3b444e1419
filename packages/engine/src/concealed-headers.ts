// Headers that tell an upstream who calls. An upstream believes them, so what a client sends under their names must reach it
// by no route: not by the one that writes them, nor by another one to the same servers, under whatever name of an upstream.
import type { Document, UpstreamSpec } from '@sluice/contracts';
import { routeKey as keyOf } from '@sluice/contracts';
import { compareText } from './matching/precedence.js';
import { entryOf } from './policies/entry-of.js';
import { policyOf } from './policies/policy-of.js';

/** Names in lower case, sorted, of the route with this key. Undefined: it names one too many. */
export function concealedHeaders(document: Document, routeKey: string): readonly string[] | undefined {
  let known = cache.get(document);
  if (known === undefined) {
    known = allOf(document);
    cache.set(document, known);
  }
  return known.get(routeKey);
}

/**
 * Of all routes of an environment together. Each name is taken from every request to its servers and kept with every route
 * that leads there: names without end would cost their square (measured: 5 s to compile 400 routes of 64 names each).
 */
export const mostConcealed = 256;

// A document is compiled route by route, and never changed: reading it whole for each would cost its size squared.
const cache = new WeakMap<Document, ReadonlyMap<string, readonly string[]>>();

function allOf(document: Document): ReadonlyMap<string, readonly string[]> {
  const admitted = admittedRoutes(document);
  const ofUpstreams = new NamesOf();
  for (const { upstreams, names } of admitted) for (const upstream of upstreams) ofUpstreams.add(upstream, names);
  const ofServers = new NamesOf();
  const servers = new Map(Object.entries(document.upstreams).map(([name, spec]) => [name, serversOf(spec)]));
  for (const [upstream, own] of servers) for (const server of own) ofServers.add(server, ofUpstreams.get(upstream));
  for (const [upstream, own] of servers) for (const server of own) ofUpstreams.add(upstream, ofServers.get(server));
  // Most routes have the same list, which then is one in memory, and on its way to the threads.
  const lists = new Map<string, readonly string[]>();
  return new Map(
    admitted.map(({ key, upstreams, names }) => {
      const all = [...new Set([...names, ...upstreams.flatMap((one) => [...ofUpstreams.get(one)])])].toSorted();
      const text = all.join(' ');
      const list = lists.get(text) ?? all;
      lists.set(text, list);
      return [key, list];
    }),
  );
}

interface Telling {
  readonly key: string;
  readonly upstreams: readonly string[];
  readonly names: readonly string[];
}

// By their keys: which are one too many must not hang on the document's order.
function admittedRoutes(document: Document): readonly Telling[] {
  const known = new Set<string>();
  return Object.entries(document.apis)
    .flatMap(([api, { policies = [], routes }]) =>
      routes.map((spec): Telling => {
        const said = [...policies, ...spec.policies].flatMap(saidBy);
        const arms = (spec.split?.arms ?? []).map(({ upstream }) => upstream);
        const upstreams = [...new Set([...arms, ...said.flatMap((one) => one.upstreams)])];
        return { key: keyOf(api, spec.name), upstreams, names: said.flatMap((one) => one.names) };
      }),
    )
    .toSorted((left, right) => compareText(left.key, right.key))
    .filter(({ names }) => {
      const more = new Set(names.filter((name) => !known.has(name)));
      if (known.size + more.size > mostConcealed) return false;
      for (const name of more) known.add(name);
      return true;
    });
}

class NamesOf {
  readonly #names = new Map<string, Set<string>>();

  get(key: string): ReadonlySet<string> {
    return this.#names.get(key) ?? none;
  }

  add(key: string, names: Iterable<string>): void {
    for (const name of names) {
      const known = this.#names.get(key);
      if (known === undefined) this.#names.set(key, new Set([name]));
      else known.add(name);
    }
  }
}

const none: ReadonlySet<string> = new Set();

// A machine and a port: two upstreams may differ in paths or times alone.
function serversOf({ targets }: UpstreamSpec): readonly string[] {
  return targets.map(({ url }) => URL.parse(url)?.host ?? url);
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
