// Smooth weighted round robin (the algorithm of NGINX, by Maxim Dounin): over any run of picks each target gets its
// share, and a heavy target's turns are spread among the others'.
import type { UpstreamSpec } from '@sluice/contracts';

export interface Target {
  readonly origin: string;
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
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, ''), weight };
}
