// Of two targets drawn by lot, the one with fewer requests in flight for its weight (M. Mitzenmacher, "The power of two
// choices in randomized load balancing", 2001). A slow target fills up and is passed over; since it is compared only when
// drawn, the one that looks emptiest is not run over by everybody at once, as it would be with the least of all.
// Requests in flight are those of all threads. Draws go by weight, so that equal targets get their shares.
import { targetWord } from '../health/health-table.js';
import type { LiveTarget } from '../target.js';
import type { Choice } from './balancer.js';

export function leastRequest({ usable, tried, random }: Choice): LiveTarget | undefined {
  const free = tried.length === 0 ? usable : usable.filter((target) => !tried.includes(target));
  const first = draw(free, undefined, random());
  if (free.length < 2 || first === undefined) return first;
  const second = draw(free, first, random()) ?? first;
  return loadOf(second) < loadOf(first) ? second : first;
}

// A connection more would weigh less on a heavier target: with none in flight, the first draw decides.
const loadOf = ({ row, weight }: LiveTarget): number => row.read(targetWord.active) / weight;

function draw(targets: readonly LiveTarget[], without: LiveTarget | undefined, lot: number): LiveTarget | undefined {
  let total = -(without?.weight ?? 0);
  for (const { weight } of targets) total += weight;
  let left = lot * total;
  for (const target of targets) {
    if (target === without) continue;
    left -= target.weight;
    if (left < 0) return target;
  }
  return targets.find((target) => target !== without);
}
