// The main thread's health of targets with threads around it, on a clock and names that tests set.
import type { UpstreamHealthReport, UpstreamSpec } from '@sluice/contracts';
import { upstreamSpecSchema } from '@sluice/contracts';
import { compile } from '@sluice/engine';
import { createLogger } from '@sluice/runtime';
import type { ThreadChange } from '../../snapshot/thread-message.js';
import { addressRule } from '../allowed-address.js';
import type { Answered, Ejected } from '../ejecting.js';
import type { LiveTargetSet } from '../live-target-set.js';
import { TargetSets } from '../target-sets.js';
import type { CheckOutcome } from './active-checks.js';
import type { ToThread } from './health-messages.js';
import { HealthTable } from './health-table.js';
import type { Resolved } from '../names/resolve-name.js';
import { TargetHealth } from './target-health.js';
import type { CheckCount } from './target-health.js';
import { TryTimers } from './try-timers.js';

const [tenantId, environmentId] = ['ten_1', 'env_1'];

export class TryHealth {
  readonly clock = new TryTimers();
  readonly health: TargetHealth;
  readonly threads: readonly TargetSets[];
  /** What each name has; a name that is not here cannot be found. */
  readonly names = new Map<string, Resolved>();
  /** How often names were asked for. */
  asked = 0;
  /** What a check of a URL comes to; what is not here is well. */
  readonly faults = new Map<string, string>();
  readonly checked: string[] = [];
  readonly outcomes: CheckCount[] = [];
  readonly reports: UpstreamHealthReport[] = [];
  /** What a thread tells. */
  tell: (seen: Ejected | Answered) => void = () => undefined;
  #specs: ReadonlyMap<string, UpstreamSpec> = new Map();

  constructor({ threads = 1, rows = 16_000 } = {}) {
    this.health = new TargetHealth({
      clock: this.clock,
      resolve: async (hostname) => {
        this.asked += 1;
        return Promise.resolve(this.names.get(hostname));
      },
      isAllowed: addressRule(['10.0.0.0/8']),
      check: async ({ url, address }): Promise<CheckOutcome> => {
        this.checked.push(url + (address === undefined ? '' : ` ${address}`));
        return this.faults.get(url) ?? null;
      },
      logger: createLogger('test', 'silent'),
      onChecked: (outcome) => void this.outcomes.push(outcome),
      onEjected: () => undefined,
      table: HealthTable.create(rows),
    });
    this.health.tellTo((reports) => void this.reports.push(...reports));
    this.threads = Array.from({ length: threads }, () => this.#thread());
  }

  /** In force on every thread. Each call brings new objects, as a revision does. */
  publish(upstreams: Readonly<Record<string, unknown>>): void {
    const specs = Object.fromEntries(
      Object.entries(upstreams).map(([name, spec]) => [name, upstreamSpecSchema.parse(spec)]),
    );
    const { compiled } = compile({
      tenantId,
      tenantSlug: 'acme',
      environmentId,
      environmentName: 'production',
      hosts: ['api.acme.test'],
      portalOrigins: [],
      revision: 1,
      revisionId: 'rev_1',
      hash: '',
      document: { sluice: 1, upstreams: specs, apis: {}, plans: {} },
    });
    this.#apply([{ kind: 'environment', environmentId, compiled }], false);
    this.#specs = compiled.upstreams;
  }

  retire(): void {
    this.#apply([{ kind: 'environment-gone', environmentId }], false);
  }

  set(thread = 0, name = 'users'): LiveTargetSet {
    const spec = this.#specs.get(name);
    const sets = this.threads[thread];
    if (spec === undefined || sets === undefined) throw new Error('there is none');
    return sets.get(environmentId, name, spec);
  }

  /** The keys of so many picks, one after the other. */
  picks(count: number, { thread = 0, name = 'users' } = {}): string[] {
    return Array.from({ length: count }, () => this.set(thread, name).pick([], undefined)?.key ?? '');
  }

  /** So many answers of one status by the target of this key. */
  answers(key: string, status: number, count: number, thread = 0): void {
    for (let turn = 0; turn < count; turn += 1) this.set(thread).onAnswer(this.target(key, thread), status);
  }

  target(key: string, thread = 0): NonNullable<ReturnType<LiveTargetSet['pick']>> {
    const tried = [];
    for (;;) {
      const target = this.set(thread).pick(tried, undefined);
      if (target === undefined) throw new Error(`${key} is not to be had`);
      if (target.key === key) return target;
      tried.push(target);
    }
  }

  /** How the newest report names each target's state. */
  get told(): Record<string, string> {
    const targets = this.reports.at(-1)?.upstreams.flatMap((upstream) => upstream.targets) ?? [];
    return Object.fromEntries(
      targets.map(({ url, address, state }) => [address === null ? url : `${url} ${address}`, state]),
    );
  }

  #apply(changes: readonly ThreadChange[], isWhole: boolean): void {
    this.health.apply(changes, isWhole);
  }

  #thread(): TargetSets {
    const sets = new TargetSets({ table: this.health.table, tell: (seen) => this.tell(seen), random: () => 0.5 });
    this.health.attach({
      postMessage: (message: ToThread) => {
        if (message.type === 'environment') sets.place(message.environmentId, message.upstreams);
        else sets.placeOne(message.environmentId, message.upstream);
      },
      on: (_event, listener) => void (this.tell = listener),
    });
    return sets;
  }
}
