// Work that comes round again for as long as the process runs. One round at a time: one that is due while another is under way follows
// it, once, however many were due. A round that fails is logged, and the next one comes as if it had not. Stopping waits for the
// round under way, which looks at `isStopping` between its pieces; no other begins.
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import { loggableError } from '../database/loggable-error.js';

interface Rounds {
  readonly intervalMs: number;
  /** What the log says of a round that failed. */
  readonly failure: string;
}

export abstract class Upkeep implements OnModuleInit, OnModuleDestroy {
  protected isStopping = false;
  private timer: NodeJS.Timeout | undefined;
  private running = Promise.resolve();
  private isWaiting = false;

  constructor(
    protected readonly logger: Logger,
    private readonly rounds: Rounds,
  ) {}

  protected abstract round(): Promise<void>;

  onModuleInit(): void | Promise<void> {
    this.timer = setInterval(() => this.wake(), this.rounds.intervalMs);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Begins a round that sees what is so now: at once, or behind the one under way. Returns at once. */
  wake(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.running = this.running.then(async () => this.run());
  }

  /** Resolves when the rounds have ended that were begun before. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    this.isWaiting = false;
    try {
      if (!this.isStopping) await this.round();
    } catch (error) {
      this.logger.warn({ error: loggableError(error) }, this.rounds.failure);
    }
  }
}
