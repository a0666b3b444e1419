// Smooth weighted round robin (the algorithm of NGINX, by Maxim Dounin): over any run of picks each target gets its
// share, and a heavy target's turns are spread among the others'.
import type { LiveTarget } from '../target.js';
import type { Choice } from './balancer.js';

export function roundRobin({ usable, tried }: Choice): LiveTarget | undefined {
  let best: LiveTarget | undefined;
  let total = 0;
  for (const target of usable) {
    if (tried.length > 0 && tried.includes(target)) continue;
    target.turn += target.weight;
    total += target.weight;
    if (best === undefined || target.turn > best.turn) best = target;
  }
  if (best !== undefined) best.turn -= total;
  return best;
}
