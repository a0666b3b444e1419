// One upstream of one environment as the main thread keeps it, across revisions: which targets it has, also by DNS, and
// where their rows are. A target that stays keeps its row and its state, whatever else a revision changes.
import { isIP } from 'node:net';
import type { HealthSpec, UpstreamSpec } from '@sluice/contracts';
import { upstreamDefaults } from '@sluice/contracts';
import type { Clock } from '../../limits/clock.js';
import type { IsAllowed } from '../allowed-address.js';
import type { EjectionCause } from '../ejecting.js';
import type { PlacedUpstream } from '../live-target-set.js';
import { targetsOf } from '../target-sets.js';
import { targetKey } from '../target.js';
import type { CheckNow } from './active-checks.js';
import { FollowedName } from './followed-name.js';
import type { HealthTable, Place } from './health-table.js';
import { KeptTarget } from './kept-target.js';
import type { ResolveName } from '../names/resolve-name.js';
import type { TenantRows } from './row-supply.js';

/** Whose a row is. */
export interface RowOwner {
  readonly upstream: KeptUpstream;
  readonly target: KeptTarget;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly table: HealthTable;
  readonly supply: TenantRows;
  readonly owners: Map<number, RowOwner>;
  readonly resolve: ResolveName;
  readonly isAllowed: IsAllowed;
  readonly check: (
    target: { url: string; address: string | undefined },
    spec: UpstreamSpec,
    health: HealthSpec,
  ) => CheckNow;
}

export interface UpstreamListener {
  /** DNS has brought other targets. */
  onTargets(): void;
  /** What is told of a target has changed. @param isFirst it is known to be well, as it had counted before. */
  onChange(target: KeptTarget, isFirst: boolean): void;
}

export class KeptUpstream {
  readonly #place: Place | undefined;
  readonly #targets = new Map<string, KeptTarget>();
  readonly #names = new Map<string, FollowedName>();
  #spec: UpstreamSpec;

  constructor(
    readonly name: string,
    spec: UpstreamSpec,
    private readonly around: Surroundings,
    private readonly listener: UpstreamListener,
  ) {
    this.#place = around.supply.take();
    this.#spec = spec;
    this.follow(spec);
  }

  get placed(): PlacedUpstream {
    return {
      name: this.name,
      says: targetsOf(this.#spec),
      place: this.#place,
      targets: this.targets.map(({ placed }) => placed),
    };
  }

  get targets(): readonly KeptTarget[] {
    return [...this.#targets.values()];
  }

  get ejection(): typeof upstreamDefaults.ejection {
    return this.#spec.ejection ?? upstreamDefaults.ejection;
  }

  /** As the newest revision says. */
  follow(spec: UpstreamSpec): void {
    this.#spec = spec;
    this.#followNames();
    this.#settle();
    if (this.ejection.maxPercent === 0) for (const target of this.targets) target.readmit();
  }

  eject(target: KeptTarget, cause: EjectionCause): number {
    return target.eject(cause, this.ejection);
  }

  stop(): void {
    for (const name of this.#names.values()) name.stop();
    for (const target of this.targets) this.#drop(target);
    this.around.supply.giveBack(this.#place);
  }

  #followNames(): void {
    const { clock, resolve, isAllowed } = this.around;
    const wanted = new Set(this.#spec.targets.flatMap((one) => followedName(one) ?? []));
    for (const [hostname, name] of this.#names)
      if (!wanted.has(hostname)) {
        name.stop();
        this.#names.delete(hostname);
      }
    for (const hostname of wanted) {
      if (this.#names.has(hostname)) continue;
      const onAddresses = (): void => {
        this.#settle();
        this.listener.onTargets();
      };
      this.#names.set(hostname, new FollowedName({ hostname, clock, resolve, isAllowed, onAddresses }));
    }
  }

  // Where a target of the document is one of several addresses, each has the weight of the whole: machines are equal.
  #settle(): void {
    const weights = new Map<string, { url: string; address: string | undefined; weight: number }>();
    for (const target of this.#spec.targets) {
      const addresses = this.#names.get(followedName(target) ?? '')?.addresses ?? [];
      for (const address of addresses.length > 0 ? addresses : [undefined]) {
        const key = targetKey(target.url, address);
        const weight = target.weight + (weights.get(key)?.weight ?? 0);
        weights.set(key, { url: target.url, address, weight });
      }
    }
    for (const [key, target] of this.#targets)
      if (!weights.has(key)) {
        this.#drop(target);
        this.#targets.delete(key);
      }
    for (const [key, { url, address, weight }] of weights) {
      const target = this.#targets.get(key) ?? this.#begin(url, address);
      this.#targets.set(key, target);
      target.weight = weight;
      target.follow(this.#spec.health, this.#spec.tls);
    }
  }

  #begin(url: string, address: string | undefined): KeptTarget {
    const { supply, table, owners, clock, check } = this.around;
    const own = this.#place === undefined ? undefined : supply.take();
    const target: KeptTarget = new KeptTarget({
      clock,
      url,
      address,
      rows:
        this.#place === undefined || own === undefined
          ? undefined
          : { own: table.row(own), upstream: table.row(this.#place) },
      check: (health) => check({ url, address }, this.#spec, health),
      onChange: (isFirst) => this.listener.onChange(target, isFirst),
    });
    if (own !== undefined) owners.set(own.row, { upstream: this, target });
    return target;
  }

  #drop(target: KeptTarget): void {
    target.stop();
    if (target.place !== undefined) this.around.owners.delete(target.place.row);
    this.around.supply.giveBack(target.place);
  }
}

function followedName({ url, resolve }: UpstreamSpec['targets'][number]): string | undefined {
  if (resolve !== 'all') return undefined;
  const { hostname } = new URL(url);
  return isIP(hostname.replaceAll(/^\[|\]$/g, '')) === 0 ? hostname : undefined;
}
