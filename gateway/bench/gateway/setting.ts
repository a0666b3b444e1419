// What all parts of the measurement share: the upstream, Redis with the queue, and the contestants, each started when a part
// first asks for it, all ended together.
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { RunningProcess } from '@sluice/local-stack';
import { aroundCore, measuredCore } from './cores.js';
import { startHaproxy } from './haproxy.js';
import { startBareNginx, startLuaNginx, startUpstream, type UpstreamServer } from './nginx.js';
import { keyOf, sizes, workloads, type Contestant, type Size } from './workloads.js';
import { startGateway, startQueueAndLimits, type Gateway, type QueueAndLimits } from './world.js';
import { answerAll } from './wrk.js';

export interface BenchOptions {
  readonly folder: string;
  /** Of one measurement. */
  readonly seconds: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

// Until the compiler of JavaScript has settled, on a busy machine too.
const warmUpRequests = 60_000;
const longestWarmUpMs = 40_000;

export class Bench implements AsyncDisposable {
  readonly #gateways = new Map<string, Promise<Gateway>>();
  readonly #others = new Map<string, Promise<Contestant>>();

  readonly options: BenchOptions;
  readonly upstream: UpstreamServer;
  readonly queue: QueueAndLimits;

  private constructor(options: BenchOptions, upstream: UpstreamServer, queue: QueueAndLimits) {
    this.options = options;
    this.upstream = upstream;
    this.queue = queue;
  }

  static async start(options: BenchOptions): Promise<Bench> {
    const folder = join(options.folder, 'upstream');
    await mkdir(folder, { recursive: true });
    const upstream = await startUpstream(aroundCore, folder);
    return new Bench(options, upstream, await startQueueAndLimits());
  }

  /** A gateway with a configuration of that size, warm. */
  async gateway(name: keyof typeof sizes, mayShed = false): Promise<Gateway> {
    const called = mayShed ? `${name}-shedding` : name;
    const known = this.#gateways.get(called);
    if (known !== undefined) return known;
    const starting = this.#startGateway(called, sizes[name], mayShed);
    this.#gateways.set(called, starting);
    return starting;
  }

  async nginx(): Promise<Contestant> {
    return this.#other('nginx', async (folder) => startBareNginx(measuredCore, folder, this.upstream));
  }

  async lua(): Promise<Contestant> {
    return this.#other('lua', async (folder) => startLuaNginx(measuredCore, folder, this.upstream, [keyOf(0)]));
  }

  async haproxy(): Promise<Contestant> {
    return this.#other('haproxy', async (folder) => startHaproxy(measuredCore, folder, this.upstream));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ends: (() => Promise<unknown>)[] = [];
    for (const one of await Promise.allSettled(this.#gateways.values()))
      if (one.status === 'fulfilled') ends.push(async () => one.value.stop());
    const processes: RunningProcess[] = [this.upstream.process];
    for (const one of await Promise.allSettled(this.#others.values()))
      if (one.status === 'fulfilled') processes.push(one.value.process);
    await Promise.allSettled([...ends.map(async (end) => end()), ...processes.map(async (one) => one.kill())]);
    await this.queue.stop();
  }

  async #startGateway(name: string, size: Size, mayShed: boolean): Promise<Gateway> {
    const { folder, say } = this.options;
    say(`ours: starts with ${size.routes} routes and ${size.credentials} credentials`);
    const gateway = await startGateway({
      name: `ours-${name}`,
      size,
      folder,
      upstream: this.upstream,
      redisUrl: this.queue.url,
      core: measuredCore,
      mayShed,
    });
    try {
      await this.#warmUp(gateway);
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  async #warmUp({ port, size }: Gateway): Promise<void> {
    const { folder, say } = this.options;
    const untilMs = performance.now() + longestWarmUpMs;
    const load = { port, workload: workloads.small, size, seconds: 2, connections: 32, folder };
    let requests = 0;
    while (requests < warmUpRequests && performance.now() < untilMs) {
      for (const route of ['bare', 'full'] as const) requests += (await answerAll({ ...load, route })).requests;
      say(`ours: warms up, ${requests} requests so far`);
    }
  }

  async #other(name: string, start: (folder: string) => Promise<Contestant>): Promise<Contestant> {
    const known = this.#others.get(name);
    if (known !== undefined) return known;
    const folder = join(this.options.folder, name);
    await mkdir(folder, { recursive: true });
    const starting = start(folder);
    this.#others.set(name, starting);
    return starting;
  }
}
