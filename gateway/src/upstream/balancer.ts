// Smooth weighted round robin (the algorithm of NGINX, by Maxim Dounin): over any run of picks each target gets its
// share, and a heavy target's turns are spread among the others'.
import type { UpstreamSpec } from '@sluice/contracts';

export interface Target {
  /** Two targets of an upstream differ by it: the URL, and the address where a name is balanced over its addresses. */
  readonly key: string;
  /** As requests, records and TLS name it, such as `http://users-api:3000`. */
  readonly origin: string;
  /** One of the name's addresses: connections go there, and nowhere else. Undefined: look the origin's name up. */
  readonly address: string | undefined;
  /** The URL's path, without a slash at its end. */
  readonly basePath: string;
  readonly weight: number;
}

/** Picks targets; `tried` are left out. Undefined: all have been tried. */
export type Pick = (tried: readonly Target[]) => Target | undefined;

export function createBalancer(spec: UpstreamSpec): Pick {
  const entries = spec.targets.map(({ url, weight }) => ({ target: targetOf(url, weight), current: 0 }));
  return (tried) => {
    let best: (typeof entries)[number] | undefined;
    let total = 0;
    for (const entry of entries) {
      if (tried.includes(entry.target)) continue;
      entry.current += entry.target.weight;
      total += entry.target.weight;
      if (best === undefined || entry.current > best.current) best = entry;
    }
    if (best !== undefined) best.current -= total;
    return best?.target;
  };
}

function targetOf(text: string, weight: number): Target {
  const url = new URL(text);
  return { key: text, origin: url.origin, address: undefined, basePath: url.pathname.replace(/\/+$/, ''), weight };
}
