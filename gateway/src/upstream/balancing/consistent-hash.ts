// Consistent hashing by Maglev (D. Eisenbud et al., "Maglev: a fast and reliable software network load balancer", NSDI
// 2016, section 3.4), weighted as in Envoy: a table of a prime size whose places the targets take in turns, each in an order
// of its own. A lookup is one hash and one read. When targets come or go, about their share of the keys moves and little
// else; while one is ejected the table stays, and its keys alone move, to whoever owns the next place.
import { murmur3 } from '@sluice/engine';
import type { LiveTarget } from '../target.js';
import type { Choice } from './balancer.js';
import { roundRobin } from './round-robin.js';

// Primes. With a hundred places for each target, shares are within one per cent of the weights.
const [smallSize, largeSize, mostOfSmall] = [16_381, 65_537, 160];

export class ConsistentHash {
  readonly #targets: readonly LiveTarget[];
  readonly #table: Uint16Array;

  constructor(targets: readonly LiveTarget[]) {
    // The document's order moves no key.
    this.#targets = targets.toSorted((left, right) => (left.key < right.key ? -1 : 1));
    this.#table = maglevTable(this.#targets);
  }

  pick(choice: Choice): LiveTarget | undefined {
    const { usable, tried, hashKey } = choice;
    if (hashKey === undefined) return roundRobin(choice);
    const size = this.#table.length;
    const isWhole = usable.length === this.#targets.length && tried.length === 0;
    let place = murmur3(hashKey, 0) % size;
    for (let step = 0; step < size; step += 1) {
      const target = this.#targets[this.#table[place] ?? 0];
      if (target !== undefined && (isWhole || (usable.includes(target) && !tried.includes(target)))) return target;
      place = place + 1 === size ? 0 : place + 1;
    }
    return undefined;
  }
}

function maglevTable(targets: readonly LiveTarget[]): Uint16Array {
  const size = targets.length <= mostOfSmall ? smallSize : largeSize;
  const table = new Uint16Array(size);
  const isTaken = new Uint8Array(size);
  const orders = targets.map(({ key, weight }) => ({
    weight,
    step: (murmur3(key, 1) % (size - 1)) + 1,
    next: murmur3(key, 2) % size,
    filled: 0,
  }));
  const heaviest = Math.max(...targets.map(({ weight }) => weight));
  let taken = 0;
  for (let round = 1; taken < size; round += 1) {
    for (const [index, order] of orders.entries()) {
      // A target of half the weight takes a place in every other round.
      if (round * order.weight < (order.filled + 1) * heaviest) continue;
      while (isTaken[order.next] === 1) order.next = (order.next + order.step) % size;
      isTaken[order.next] = 1;
      table[order.next] = index;
      order.filled += 1;
      taken += 1;
      if (taken === size) break;
    }
  }
  return table;
}
