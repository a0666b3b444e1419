// Targets and their health, for the gateway as a whole, in its main thread: it gives each target its row, follows DNS, makes
// the active checks, ends ejections, and tells of every change. Threads read the rows and eject by themselves, so nothing
// of this is on the path of a request.
import type { UpstreamHealthReport, UpstreamSpec } from '@sluice/contracts';
import type { Logger } from '@sluice/runtime';
import { CpuBudgets } from '../../identity/cpu-budgets.js';
import { FairQueue } from '../../identity/fair-queue.js';
import type { Clock, Timer } from '../../limits/clock.js';
import type { ThreadChange } from '../../snapshot/thread-message.js';
import type { IsAllowed } from '../allowed-address.js';
import type { EjectionCause } from '../ejecting.js';
import type { CertificateOf } from '../http1/socket-opener.js';
import type { CheckOutcome } from './active-checks.js';
import type { CheckedTarget } from './check-target.js';
import type { FromThread, ToThread } from './health-messages.js';
import { HealthTable } from './health-table.js';
import type { KeptTarget } from './kept-target.js';
import { KeptUpstream } from './kept-upstream.js';
import type { Surroundings } from './kept-upstream.js';
import type { ResolveName } from '../names/resolve-name.js';
import { RowSupply } from './row-supply.js';

export interface TargetHealthOptions {
  readonly clock: Clock;
  readonly resolve: ResolveName;
  readonly isAllowed: IsAllowed;
  readonly check: (target: CheckedTarget) => Promise<CheckOutcome>;
  readonly certificateOf?: CertificateOf;
  readonly logger: Logger;
  readonly onChecked: (outcome: CheckCount) => void;
  readonly onEjected: (cause: EjectionCause) => void;
  readonly table?: HealthTable;
}

/** `skipped`: the tenant's checks have used up what they may cost. */
export type CheckCount = 'good' | 'bad' | 'skipped';

interface Environment {
  readonly tenantId: string;
  readonly upstreams: Map<string, KeptUpstream>;
}

/** Gets what has changed since the last time, environment by environment; one that is gone has no upstreams. */
export type Teller = (reports: readonly UpstreamHealthReport[]) => void;

/** Of a thread, as far as it is used here. */
interface Port {
  postMessage(message: ToThread): void;
  on(event: 'message', listener: (message: FromThread) => void): unknown;
}

// Changes of half a second are told together.
const tellMs = 500;
// A tenant whose targets are all silent for the longest time a check may take leaves seven parts in eight to the others.
const checks = { atOnce: 256, atOnceOfOne: 32, turnMs: 10_000, mostWaitingMs: 10_000_000, longestWaitMs: 60_000 };
/**
 * Of this thread, which leases units for everybody: a tenth of its time for the checks of one tenant. A check with its
 * connection was measured at 0.64 ms, over TLS at 2.6.
 */
const checkShare = { msPerSecond: 100, burstMs: 1000 };
const checkCostMs = { plain: 0.7, tls: 3 };
/** The same for names: a tenant's own DNS may say that they are to be asked for each second. */
const nameShare = { msPerSecond: 50, burstMs: 500 };
const nameCostMs = 0.5;

export class TargetHealth {
  readonly table: HealthTable;
  readonly #options: TargetHealthOptions;
  readonly #around: Omit<Surroundings, 'check' | 'supply' | 'resolve'>;
  readonly #supply: RowSupply;
  readonly #queue: FairQueue;
  readonly #budgets: CpuBudgets;
  readonly #nameBudgets: CpuBudgets;
  readonly #ports: Port[] = [];
  readonly #environments = new Map<string, Environment>();
  /** Environments of which something is to be told. */
  readonly #changed = new Map<string, string>();
  #telling: Timer | undefined;
  #teller: Teller | undefined;
  #isStopped = false;

  constructor(options: TargetHealthOptions) {
    this.#options = options;
    const { clock, isAllowed } = options;
    this.table = options.table ?? HealthTable.create();
    this.#queue = new FairQueue({ ...checks, clock });
    this.#budgets = new CpuBudgets(checkShare, clock);
    this.#nameBudgets = new CpuBudgets(nameShare, clock);
    this.#supply = new RowSupply(this.table);
    this.#around = { clock, isAllowed, table: this.table, owners: new Map() };
  }

  /** What has changed before waits for it. Undefined: nobody, since another process speaks for this gateway now. */
  tellTo(teller: Teller | undefined): void {
    this.#teller = teller;
    if (teller === undefined) this.#telling?.clear();
    if (this.#changed.size > 0) this.#tellSoon();
  }

  /** The port of a thread. */
  attach(port: Port): void {
    this.#ports.push(port);
    port.on('message', (seen) => this.#onSeen(seen));
  }

  /** What threads are about to enforce. @param isWhole what it does not name is gone. */
  apply(changes: readonly ThreadChange[], isWhole: boolean): void {
    const named = new Set<string>();
    for (const change of changes) {
      if (change.kind === 'environment') {
        named.add(change.environmentId);
        this.#follow(change.environmentId, change.compiled.tenantId, change.compiled.upstreams);
      } else if (change.kind === 'environment-gone') this.#forget(change.environmentId);
    }
    if (isWhole) for (const id of this.#environments.keys()) if (!named.has(id)) this.#forget(id);
  }

  *targets(): Iterable<KeptTarget> {
    for (const { upstreams } of this.#environments.values())
      for (const upstream of upstreams.values()) yield* upstream.targets;
  }

  stop(): void {
    this.#isStopped = true;
    this.#telling?.clear();
    for (const id of this.#environments.keys()) this.#forget(id);
  }

  #follow(environmentId: string, tenantId: string, specs: ReadonlyMap<string, UpstreamSpec>): void {
    const known = this.#environments.get(environmentId);
    const environment = known ?? { tenantId, upstreams: new Map<string, KeptUpstream>() };
    this.#environments.set(environmentId, environment);
    for (const [name, upstream] of environment.upstreams)
      if (!specs.has(name)) {
        upstream.stop();
        environment.upstreams.delete(name);
      }
    for (const [name, spec] of specs) {
      const upstream = environment.upstreams.get(name);
      if (upstream === undefined) environment.upstreams.set(name, this.#begin(environmentId, tenantId, name, spec));
      else upstream.follow(spec);
    }
    const upstreams = [...environment.upstreams.values()].map(({ placed }) => placed);
    this.#post({ type: 'environment', environmentId, upstreams });
    this.#tellOf(environmentId, tenantId);
  }

  #begin(environmentId: string, tenantId: string, name: string, spec: UpstreamSpec): KeptUpstream {
    const check: Surroundings['check'] =
      ({ url, address }, { tls }, health) =>
      async (signal) => {
        const { isAllowed, certificateOf } = this.#options;
        const named = tls?.clientCertificate;
        const ask = async (): Promise<CheckOutcome> => {
          const certificate = named === undefined ? undefined : certificateOf?.(tenantId, named);
          return this.#options.check({ url, address, health, tls, certificate, isAllowed, signal });
        };
        const costMs = url.startsWith('https:') ? checkCostMs.tls : checkCostMs.plain;
        const outcome = this.#budgets.take(tenantId, costMs)
          ? await this.#queue.run(tenantId, health.timeoutMs, ask, undefined)
          : undefined;
        if (!signal.aborted) this.#options.onChecked(countOf(outcome));
        return outcome;
      };
    const upstream: KeptUpstream = new KeptUpstream(
      name,
      spec,
      {
        ...this.#around,
        check,
        supply: this.#supply.of(tenantId),
        resolve: async (hostname) =>
          this.#nameBudgets.take(tenantId, nameCostMs) ? this.#options.resolve(hostname) : undefined,
      },
      {
        onTargets: () => {
          this.#post({ type: 'upstream', environmentId, upstream: upstream.placed });
          this.#tellOf(environmentId, tenantId);
        },
        onChange: (target, isFirst) => {
          const { state, cause, url, address } = target.told;
          if (!isFirst)
            this.#options.logger.info(
              { environmentId, upstream: name, url, address, state, cause },
              'a target has changed',
            );
          this.#tellOf(environmentId, tenantId);
        },
      },
    );
    return upstream;
  }

  #forget(environmentId: string): void {
    const environment = this.#environments.get(environmentId);
    if (environment === undefined) return;
    this.#environments.delete(environmentId);
    for (const upstream of environment.upstreams.values()) upstream.stop();
    this.#post({ type: 'environment', environmentId, upstreams: [] });
    this.#tellOf(environmentId, environment.tenantId);
  }

  #onSeen({ place, cause }: FromThread): void {
    const owner = this.#around.owners.get(place.row);
    // It may have gone while the thread told of it.
    if (owner?.target.place?.generation !== place.generation) return;
    if (cause === 'answered') {
      owner.target.answered();
      return;
    }
    this.#options.onEjected(cause);
    owner.upstream.eject(owner.target, cause);
  }

  #post(message: ToThread): void {
    for (const port of this.#ports) port.postMessage(message);
  }

  #tellOf(environmentId: string, tenantId: string): void {
    this.#changed.set(environmentId, tenantId);
    this.#tellSoon();
  }

  #tellSoon(): void {
    const teller = this.#teller;
    if (teller === undefined || this.#isStopped) return;
    this.#telling ??= this.#options.clock.setTimeout(() => {
      this.#telling = undefined;
      const reports = [...this.#changed].map(([id, tenantId]) => this.#reportOf(id, tenantId));
      this.#changed.clear();
      teller(reports);
    }, tellMs);
  }

  #reportOf(environmentId: string, tenantId: string): UpstreamHealthReport {
    const upstreams = [...(this.#environments.get(environmentId)?.upstreams.values() ?? [])];
    return {
      tenantId,
      environmentId,
      upstreams: upstreams.map(({ name, targets }) => ({ name, targets: targets.map(({ told }) => told) })),
    };
  }
}

function countOf(outcome: CheckOutcome): CheckCount {
  if (outcome === undefined) return 'skipped';
  return outcome === null ? 'good' : 'bad';
}
