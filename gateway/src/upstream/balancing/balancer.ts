// How a target is chosen among those that may be used. Each way of choosing keeps its state here, for one thread.
import type { UpstreamSpec } from '@sluice/contracts';
import { assertNever } from '@sluice/runtime';
import type { LiveTarget, Target } from '../target.js';
import { ConsistentHash } from './consistent-hash.js';
import { leastRequest } from './least-request.js';
import { roundRobin } from './round-robin.js';

export interface Choice {
  /** Not empty. */
  readonly usable: readonly LiveTarget[];
  readonly tried: readonly Target[];
  readonly hashKey: string | undefined;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Undefined: all that may be used have been tried. */
export type Balance = (choice: Choice) => LiveTarget | undefined;

/** @param targets all of the upstream, whether they may be used now or not. */
export function balanceOf(kind: UpstreamSpec['balance'], targets: readonly LiveTarget[]): Balance {
  switch (kind) {
    case undefined:
    case 'round-robin':
      return roundRobin;
    case 'least-request':
      return leastRequest;
    case 'consistent-hash': {
      const ring = new ConsistentHash(targets);
      return (choice) => ring.pick(choice);
    }
    default:
      return assertNever(kind);
  }
}
