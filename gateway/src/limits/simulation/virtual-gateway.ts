// One gateway of the simulation: the real broker and the real budgets in a simulated process, and the requests it is
// sent. What it admits, the judge is told in the same turn.
import { createLogger, Registry } from '@sluice/runtime';
import type { BootFile } from '../boot-file.js';
import { startBroker, type Broker } from '../broker.js';
import { createBudgets, type Budgets } from '../index.js';
import type { Hold } from '../limit-ref.js';
import type { JudgedLimit } from './judged-limit.js';
import { ConcurrencyJudge, type Terms } from './judge.js';
import { virtualChannel } from './virtual-port.js';
import { VirtualProcess } from './virtual-process.js';
import { virtualWire, type Weather } from './virtual-wire.js';
import type { World } from './world.js';

export interface Wanted {
  readonly limit: JudgedLimit;
  readonly cost: number;
}

const logger = createLogger('simulation', 'silent');
const attempts = 50;

export class VirtualGateway {
  readonly name: string;
  readonly process: VirtualProcess;
  readonly weather: Weather;
  /** What outlives the process. */
  readonly disk: BootFile;
  readonly registry = new Registry();
  /** Which version of each limit its configuration holds. */
  readonly known = new Map<JudgedLimit, number>();
  readonly outcomes = { admitted: 0, exhausted: 0, unavailable: 0 };
  broker: Broker | undefined;
  #budgets: Budgets[] = [];
  readonly #world: World;
  readonly #running = new Set<Slot>();
  #isLeaving = false;

  constructor(world: World, name: string, disk: BootFile, weather: Weather) {
    this.#world = world;
    this.name = name;
    this.disk = disk;
    this.weather = weather;
    const { scheduler, random, epochMs } = world;
    this.process = new VirtualProcess({
      scheduler,
      random,
      epochMs,
      driftPpm: (random() - 0.5) * 1000 * world.drift,
      wallOffsetMs: (random() - 0.5) * 200,
    });
    for (const limit of world.limits) this.known.set(limit, limit.newest);
  }

  async boot(): Promise<void> {
    const { redis, random, partitions } = this.#world;
    const { process, weather, disk } = this;
    const starting = startBroker({
      redisUrls: [],
      gatewayId: this.name,
      bootId: this.name,
      logger,
      metrics: this.registry,
      slots: 64,
      clock: process.clock,
      bootFile: disk,
      transport: virtualWire({ process, redis, weather, random, partitions }),
    });
    const broker = await Promise.race([starting, process.died]);
    if (broker === undefined) return;
    this.#budgets = [0, 1].map(() => {
      const [ours, theirs] = virtualChannel(process, random);
      broker.attach(ours);
      return createBudgets(broker.shared, theirs, process.clock);
    });
    this.broker = broker;
  }

  /** Whether requests are sent to it; one that stands still is sent some, and answers them later. */
  get isOpen(): boolean {
    return this.broker !== undefined && !this.#isLeaving && this.process.state !== 'dead';
  }

  receive(wanted: readonly Wanted[], thread: number, servedMs: number): void {
    this.process.arrive(() => void this.#decide(wanted, thread, servedMs));
  }

  hear(limit: JudgedLimit): void {
    this.process.arrive(() => void this.known.set(limit, limit.newest));
  }

  stop(): void {
    this.process.stop();
    for (const slot of this.#running) uncount(slot);
  }

  goOn(): void {
    if (this.process.state !== 'stopped') return;
    this.process.goOn();
    const { scheduler } = this.#world;
    // After its own turn of timers, in which it ends the requests whose slots it has lost.
    scheduler.after(1, () => {
      for (const slot of this.#running) {
        if (slot.isCounted) continue;
        slot.isCounted = true;
        slot.judge.again(slot.cost, scheduler.nowMs, better(slot.terms, this.#world.terms(slot.limit)));
      }
    });
  }

  kill(): void {
    this.process.kill();
    for (const slot of this.#running) uncount(slot);
    this.#running.clear();
  }

  /** As on SIGTERM: no further requests, then the leases go back. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    await Promise.race([this.broker?.stop(), this.process.died]);
    if (this.process.state !== 'dead') this.kill();
  }

  async metric(name: string): Promise<number> {
    const found = (await this.registry.getMetricsAsJSON()).find((one) => one.name === name);
    return (found?.values ?? []).reduce((sum, { value }) => sum + value, 0);
  }

  async #decide(wanted: readonly Wanted[], thread: number, servedMs: number): Promise<void> {
    const budgets = this.#budgets[thread];
    if (budgets === undefined) return;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const charges = wanted.map(({ limit, cost }) => ({ limit: limit.ref(this.known.get(limit) ?? 0), cost }));
      if (charges.some(({ limit }) => budgets.peek(limit) === 0)) return this.#count('exhausted');
      const spent = budgets.spend(charges);
      if (spent.ok) return this.#admit(wanted, spent.hold, servedMs);
      const answer = await budgets.acquire(charges);
      if (answer.state !== 'granted') return this.#count(answer.state);
    }
    this.#count('unavailable');
  }

  #admit(wanted: readonly Wanted[], hold: Hold | undefined, servedMs: number): void {
    this.#count('admitted');
    const { scheduler } = this.#world;
    const slots: Slot[] = [];
    for (const { limit, cost } of wanted) {
      const terms = this.#world.terms(limit);
      limit.judge.admit(cost, scheduler.nowMs, terms);
      this.#world.admitted(limit, cost);
      if (limit.judge instanceof ConcurrencyJudge)
        slots.push({ limit, cost, terms, judge: limit.judge, isCounted: true });
    }
    if (hold === undefined) return;
    for (const slot of slots) this.#running.add(slot);
    const end = (): void => {
      for (const slot of slots) if (this.#running.delete(slot)) uncount(slot);
    };
    hold.onLost = end;
    scheduler.after(servedMs, () =>
      this.process.arrive(() => {
        end();
        hold.release();
      }),
    );
  }

  #count(outcome: keyof VirtualGateway['outcomes']): void {
    this.outcomes[outcome] += 1;
    this.#world.outcomes[outcome] += 1;
  }
}

/** A request under way, of a limit on concurrency. */
interface Slot {
  readonly limit: JudgedLimit;
  readonly cost: number;
  /** When it was let in: a limit that is lowered meanwhile ends no request. */
  readonly terms: Terms;
  readonly judge: ConcurrencyJudge;
  isCounted: boolean;
}

const better = (one: Terms, other: Terms): Terms => (one.units > other.units ? one : other);

const uncount = (slot: Slot): void => {
  if (slot.isCounted) slot.judge.end(slot.cost);
  slot.isCounted = false;
};
