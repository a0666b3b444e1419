// Tells waiters that something has changed, by Postgres's notifications. A hint and no more: whoever is woken asks the tables,
// and asks now and then without being woken, because a notification can be lost with its connection.
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { listen, type Listening } from '@sluice/prisma';
import type { Logger } from '@sluice/runtime';
import type { Config } from '../config.js';
import { loggableError } from '../database/loggable-error.js';
import { configToken, loggerToken } from '../tokens.js';
import { feedChannel } from './append-to-feed.js';
import { receiptsChannel } from './receipts.repository.js';

export type Topic = `${typeof feedChannel | typeof receiptsChannel}:${string}`;

@Injectable()
export class Wakeups implements OnModuleDestroy {
  /** By topic: how often it was heard of, and who waits. */
  private readonly counts = new Map<string, number>();
  private readonly waiters = new Map<string, Set<() => void>>();
  private readonly listening: Listening;

  constructor(@Inject(configToken) config: Config, @Inject(loggerToken) logger: Logger) {
    this.listening = listen({
      url: config.database.feedUrl,
      channels: [feedChannel, receiptsChannel],
      onNotify: (channel, payload) => this.wake(`${channel}:${payload}`),
      onConnect: () => this.wakeAll(),
      onError: (error) =>
        logger.warn({ error: loggableError(error) }, 'notifications of Postgres are not heard; polling goes on'),
    });
  }

  /** Take it before asking the tables: a change that comes after that moment then ends the wait at once. */
  count(topic: Topic): number {
    return this.counts.get(topic) ?? 0;
  }

  /** Resolves when the topic was heard of since `count`, after `timeoutMs`, or when `signal` aborts. Never rejects. */
  async after(topic: Topic, count: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (this.count(topic) !== count || signal?.aborted === true) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => resolve(undefined);
    const waiting = this.waiters.get(topic) ?? new Set();
    this.waiters.set(topic, waiting.add(wake));
    const timer = setTimeout(wake, timeoutMs);
    signal?.addEventListener('abort', wake, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      waiting.delete(wake);
      if (waiting.size === 0) this.waiters.delete(topic);
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.wakeAll();
    await this.listening.stop();
  }

  private wake(topic: string): void {
    this.counts.set(topic, (this.counts.get(topic) ?? 0) + 1);
    for (const wake of this.waiters.get(topic) ?? []) wake();
  }

  private wakeAll(): void {
    for (const topic of new Set([...this.counts.keys(), ...this.waiters.keys()])) this.wake(topic);
  }
}
