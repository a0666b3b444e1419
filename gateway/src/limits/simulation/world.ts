// The simulated world: one Redis, some gateways, some limits, all on one line of virtual time.
import { memoryBootFile, type BootFile } from '../boot-file.js';
import type { JudgedLimit } from './judged-limit.js';
import type { Terms } from './judge.js';
import { Scheduler } from './scheduler.js';
import { VirtualGateway } from './virtual-gateway.js';
import { VirtualRedis, type VirtualRedisOptions } from './virtual-redis.js';
import { calm, type Weather } from './virtual-wire.js';

export interface WorldOptions {
  readonly random: () => number;
  readonly redis: Omit<VirtualRedisOptions, 'scheduler' | 'epochMs'>;
  /** True time at the beginning. */
  readonly epochMs: number;
  readonly partitions: number;
  /** The share of calls that arrive once more, later. */
  readonly repeat: number;
  /** Of the 500 ppm that clocks may be off. */
  readonly drift: number;
}

export class World {
  readonly scheduler = new Scheduler();
  readonly redis: VirtualRedis;
  readonly limits: JudgedLimit[] = [];
  /** All that ever were. */
  readonly gateways: VirtualGateway[] = [];
  readonly outcomes = { admitted: 0, exhausted: 0, unavailable: 0 };
  readonly random: () => number;
  readonly epochMs: number;
  readonly partitions: number;
  readonly repeat: number;
  readonly drift: number;
  /** How many of the requests come: between none and all. */
  load = 1;
  onAdmitted: ((limit: JudgedLimit, cost: number) => void) | undefined;

  constructor({ random, redis, epochMs, partitions, repeat, drift }: WorldOptions) {
    this.random = random;
    this.epochMs = epochMs;
    this.partitions = partitions;
    this.repeat = repeat;
    this.drift = drift;
    this.redis = new VirtualRedis({ ...redis, scheduler: this.scheduler, epochMs });
  }

  /** A gateway that is not dead. */
  get living(): VirtualGateway[] {
    return this.gateways.filter(({ process }) => process.state !== 'dead');
  }

  /** Starts one; it takes requests as soon as its broker stands. */
  async add(disk: BootFile = memoryBootFile(), weather: Weather = calm(this.repeat)): Promise<VirtualGateway> {
    const gateway = new VirtualGateway(this, `gw${this.gateways.length}`, disk, weather);
    this.gateways.push(gateway);
    await gateway.boot();
    return gateway;
  }

  terms(limit: JudgedLimit): Terms {
    return limit.terms(this.living.map(({ known }) => known.get(limit) ?? limit.newest));
  }

  admitted(limit: JudgedLimit, cost: number): void {
    this.onAdmitted?.(limit, cost);
  }
}
