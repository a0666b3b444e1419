// The targets of one upstream with all that is done for them: balancing over those that are well, ejection of those that
// are not, and the circuit breaker. What it counts lies in the rows of the health table, so it is counted over all
// threads of the gateway; where the main thread has placed no rows (yet), each thread counts alone, and ejects nothing.
import type { UpstreamSpec } from '@sluice/contracts';
import { upstreamDefaults } from '@sluice/contracts';
import type { Balance } from './balancing/balancer.js';
import { balanceOf } from './balancing/balancer.js';
import type { Answered, Ejected } from './ejecting.js';
import { Ejecting } from './ejecting.js';
import { ownRow, refusedWord, targetWord, upstreamWord } from './health/health-table.js';
import type { HealthTable, Place, Row } from './health/health-table.js';
import type { RetryBudget } from './retry-budget.js';
import type { TargetSet } from './target-set.js';
import { LiveTarget } from './target.js';
import type { PlacedTarget, Target } from './target.js';
import type { UpstreamFailure } from './upstream.js';

/** Where the main thread has placed an upstream. */
export interface PlacedUpstream {
  readonly name: string;
  /** Of which targets: see `targetsOf`. */
  readonly says: string;
  readonly place: Place | undefined;
  readonly targets: readonly PlacedTarget[];
}

export interface LiveTargetSetOptions {
  readonly spec: UpstreamSpec;
  readonly placed: PlacedUpstream | undefined;
  readonly table: HealthTable;
  readonly budget: RetryBudget;
  readonly tell: (seen: Ejected | Answered) => void;
  readonly random: () => number;
}

const gatewayErrors: ReadonlySet<number> = new Set([502, 503, 504]);

export class LiveTargetSet implements TargetSet {
  readonly #options: LiveTargetSetOptions;
  readonly #row: Row;
  readonly #limits;
  readonly #ejecting: Ejecting | undefined;
  #targets: readonly LiveTarget[] = [];
  #balance: Balance;
  /** Those that are well; all of them when too few are. */
  #usable: readonly LiveTarget[] = [];
  #wellCount = 0;
  #seenVersion: number | undefined;

  constructor(options: LiveTargetSetOptions) {
    this.#options = options;
    const { spec, placed, table, tell } = options;
    this.#row = placed?.place === undefined ? ownRow() : table.row(placed.place);
    this.#limits = spec.limits ?? upstreamDefaults.limits;
    if (placed?.place !== undefined)
      this.#ejecting = new Ejecting(spec.ejection ?? upstreamDefaults.ejection, this.#row, tell);
    this.#targets = this.#liveTargets(placed?.targets ?? []);
    this.#balance = balanceOf(spec.balance, this.#targets);
  }

  /** Other targets, as DNS has changed. Those that stay are the same objects. */
  replace(placed: readonly PlacedTarget[]): void {
    this.#targets = this.#liveTargets(placed);
    this.#balance = balanceOf(this.#options.spec.balance, this.#targets);
    this.#seenVersion = undefined;
  }

  get isHealthy(): boolean {
    this.#look();
    return this.#wellCount > 0;
  }

  begin(): boolean {
    const { requests } = this.#limits;
    if (requests !== undefined && !this.#row.take(upstreamWord.requests, requests)) {
      this.#options.table.refused.add(refusedWord.requests, 1);
      return false;
    }
    this.#options.budget.begin();
    return true;
  }

  end(): void {
    if (this.#limits.requests !== undefined) this.#row.add(upstreamWord.requests, -1);
    this.#options.budget.end();
  }

  pick(tried: readonly Target[], hashKey: string | undefined): Target | undefined {
    this.#look();
    const { random } = this.#options;
    return this.#balance({ usable: this.#usable, tried, hashKey, random });
  }

  beginTry(target: Target): void {
    live(target).row.add(targetWord.active, 1);
  }

  endTry(target: Target): void {
    live(target).row.add(targetWord.active, -1);
  }

  onAnswer(target: Target, status: number): void {
    const ejecting = this.#ejecting;
    if (ejecting === undefined) return;
    const of = this.#targets.length;
    if (status < 500) ejecting.good(live(target));
    else if (gatewayErrors.has(status)) ejecting.gatewayError(live(target), of);
    else ejecting.serverError(live(target), of);
  }

  onFailure(target: Target, _failure: UpstreamFailure, isOpened: boolean): void {
    const of = this.#targets.length;
    if (isOpened) this.#ejecting?.gatewayError(live(target), of);
    else this.#ejecting?.connectFailure(live(target), of);
  }

  takeConnection(target: Target): boolean {
    const { row, ownConnections } = live(target);
    // Without one of its own, a thread would wait for those of others, and nobody would tell it.
    if (ownConnections === 0) row.add(targetWord.connections, 1);
    else if (!row.take(targetWord.connections, this.#limits.connections)) return false;
    live(target).ownConnections += 1;
    return true;
  }

  giveConnection(target: Target): void {
    live(target).ownConnections -= 1;
    live(target).row.add(targetWord.connections, -1);
  }

  takePending(): boolean {
    if (this.#row.take(upstreamWord.pending, this.#limits.pending)) return true;
    this.#options.table.refused.add(refusedWord.pending, 1);
    return false;
  }

  givePending(): void {
    this.#row.add(upstreamWord.pending, -1);
  }

  takeRetry(nowMs: number): boolean {
    const { budget, table } = this.#options;
    const { retries } = this.#limits;
    const hasRoom = retries === undefined || this.#row.take(upstreamWord.retries, retries);
    if (hasRoom && budget.take(nowMs)) return true;
    if (hasRoom && retries !== undefined) this.#row.add(upstreamWord.retries, -1);
    table.refused.add(refusedWord.retries, 1);
    return false;
  }

  giveRetry(): void {
    if (this.#limits.retries !== undefined) this.#row.add(upstreamWord.retries, -1);
    this.#options.budget.giveBack();
  }

  #look(): void {
    // The version first: what changes while the states are read is looked at again.
    const version = this.#row.read(upstreamWord.version);
    if (version === this.#seenVersion) return;
    this.#seenVersion = version;
    const well = this.#targets.filter(({ row }) => row.read(targetWord.state) === 0);
    const { panicPercent } = this.#options.spec.ejection ?? upstreamDefaults.ejection;
    const isPanic = well.length === 0 || well.length * 100 < panicPercent * this.#targets.length;
    this.#wellCount = well.length;
    this.#usable = isPanic ? this.#targets : well;
  }

  #liveTargets(placed: readonly PlacedTarget[]): LiveTarget[] {
    const { spec, table } = this.#options;
    const before = new Map(this.#targets.map((target) => [target.key, target]));
    const said =
      placed.length > 0
        ? placed
        : spec.targets.map(({ url, weight }) => ({ url, weight, address: undefined, place: undefined }));
    return said.map((one) => {
      const target = new LiveTarget(one, one.place === undefined ? ownRow() : table.row(one.place));
      const known = before.get(target.key);
      return known !== undefined && isSame(known, target, one.place) ? known : target;
    });
  }
}

// What is in flight on a target gives back to the rows that it took from.
function isSame(known: LiveTarget, target: LiveTarget, place: Place | undefined): boolean {
  const { row, generation } = known.row.place;
  return (
    known.weight === target.weight && (place === undefined || (row === place.row && generation === place.generation))
  );
}

function live(target: Target): LiveTarget {
  if (target instanceof LiveTarget) return target;
  throw new TypeError('a target that no target set has picked');
}
