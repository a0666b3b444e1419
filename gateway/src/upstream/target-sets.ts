// The target sets of one thread, one for each upstream of each environment. A new revision brings new objects for every
// upstream; where one says what it said before, its set goes on as it was: turns, retry budget, hash table. Where it says
// something else, a new set begins, on the same rows for the targets that stay.
import type { UpstreamSpec } from '@sluice/contracts';
import type { Answered, Ejected } from './ejecting.js';
import { HealthTable } from './health/health-table.js';
import { LiveTargetSet } from './live-target-set.js';
import type { PlacedUpstream } from './live-target-set.js';
import { RetryBudget } from './retry-budget.js';

export interface TargetSetsOptions {
  /** The gateway's. Without one, the thread counts alone. */
  readonly table?: HealthTable;
  /** Tells the main thread. */
  readonly tell?: (seen: Ejected | Answered) => void;
  readonly random?: () => number;
}

interface Known {
  placed: PlacedUpstream | undefined;
  current:
    | { readonly set: LiveTargetSet; readonly says: string; spec: UpstreamSpec; readonly isPlaced: boolean }
    | undefined;
  readonly budget: RetryBudget;
}

export class TargetSets {
  readonly #bySpec = new WeakMap<UpstreamSpec, LiveTargetSet>();
  readonly #environments = new Map<string, Map<string, Known>>();

  readonly #options: Required<TargetSetsOptions>;

  constructor({ table, tell = () => undefined, random = Math.random }: TargetSetsOptions = {}) {
    this.#options = { table: table ?? HealthTable.create(1), tell, random };
  }

  /** @param spec the document's own object, as it is in force. */
  get(environmentId: string, name: string, spec: UpstreamSpec): LiveTargetSet {
    return this.#bySpec.get(spec) ?? this.#find(this.#known(environmentId, name), spec);
  }

  /** The upstreams of an environment, as the main thread has placed them. Others of it are gone. */
  place(environmentId: string, upstreams: readonly PlacedUpstream[]): void {
    const before = this.#environments.get(environmentId);
    if (upstreams.length === 0) {
      this.#environments.delete(environmentId);
      return;
    }
    const now = new Map<string, Known>();
    this.#environments.set(environmentId, now);
    for (const placed of upstreams) {
      const known = before?.get(placed.name) ?? newKnown();
      now.set(placed.name, known);
      this.#settle(known, placed);
    }
  }

  /** One upstream's targets have changed, as DNS says. */
  placeOne(environmentId: string, placed: PlacedUpstream): void {
    this.#settle(this.#known(environmentId, placed.name), placed);
  }

  #settle(known: Known, placed: PlacedUpstream): void {
    known.placed = placed;
    const { current } = known;
    if (current === undefined) return;
    if (current.isPlaced && placed.says === targetsOf(current.spec)) current.set.replace(placed.targets);
    else if (!current.isPlaced) {
      // It was asked for before it was placed: the next request gets one that stands on its rows.
      this.#bySpec.delete(current.spec);
      known.current = undefined;
    }
  }

  #find(known: Known, spec: UpstreamSpec): LiveTargetSet {
    const says = JSON.stringify(spec);
    const { current, budget } = known;
    if (current?.says === says) {
      current.spec = spec;
      this.#bySpec.set(spec, current.set);
      return current.set;
    }
    const placed = known.placed?.says === targetsOf(spec) ? known.placed : undefined;
    const set = new LiveTargetSet({ spec, placed, budget, ...this.#options });
    known.current = { set, says, spec, isPlaced: placed !== undefined };
    this.#bySpec.set(spec, set);
    return set;
  }

  #known(environmentId: string, name: string): Known {
    let environment = this.#environments.get(environmentId);
    if (environment === undefined) this.#environments.set(environmentId, (environment = new Map<string, Known>()));
    let known = environment.get(name);
    if (known === undefined) environment.set(name, (known = newKnown()));
    return known;
  }
}

/** What a placing was made for. */
export function targetsOf(spec: UpstreamSpec): string {
  return JSON.stringify(spec.targets);
}

function newKnown(): Known {
  return { placed: undefined, current: undefined, budget: new RetryBudget() };
}
