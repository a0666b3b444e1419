// Services that are started together are a stage. Stages stop in the reverse order, so that nobody loses what it needs to
// finish. Of a stage that fails, those that are still starting are given up at once.
import type { Service } from './service.js';

export class Stages {
  readonly processes = new Map<string, Service>();
  readonly #stages: (readonly Service[])[] = [];
  readonly #onProgress: (line: string) => void;
  readonly #signal: AbortSignal | undefined;

  constructor(onProgress: (line: string) => void, signal?: AbortSignal) {
    this.#onProgress = onProgress;
    this.#signal = signal;
  }

  async start(services: readonly Service[]): Promise<void> {
    this.#signal?.throwIfAborted();
    this.#stages.push(services);
    for (const service of services) this.processes.set(service.name, service);
    const failed = new AbortController();
    const signal = this.#signal ? AbortSignal.any([this.#signal, failed.signal]) : failed.signal;
    let firstError: unknown;
    await Promise.all(
      services.map(async (service) => {
        const startedAt = performance.now();
        try {
          await service.start(signal);
          this.#onProgress(`${service.name} is ready (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
        } catch (error) {
          firstError ??= error;
          failed.abort();
        }
      }),
    );
    if (firstError !== undefined) throw firstError;
  }

  async stop(): Promise<void> {
    for (let stage = this.#stages.pop(); stage; stage = this.#stages.pop()) {
      await Promise.all(stage.map(async (service) => service.stop()));
    }
  }
}
