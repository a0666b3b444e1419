// Writes the last good snapshot soon after a change, at most once a second, one write at a time. A disk that is full
// stops no traffic: the failure is logged, and the next change tries again.
import type { Logger } from '@sluice/runtime';
import type { LastGood, LoadResult, Saved } from './last-good.js';

const soonMs = 200;
const restMs = 1000;
const touchMs = 30_000;

export class SnapshotWriter {
  readonly #lastGood: LastGood;
  readonly #logger: Logger;
  #take: (() => Saved) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #touchedAt = 0;
  #isStopped = false;

  constructor(lastGood: LastGood, logger: Logger) {
    this.#lastGood = lastGood;
    this.#logger = logger;
  }

  async load(): Promise<LoadResult> {
    return this.#lastGood.load();
  }

  /** @param take gives what to write, at the moment of writing. */
  save(take: () => Saved): void {
    this.#take = take;
    this.#schedule(soonMs);
  }

  /** The control plane was heard at this moment; nothing has changed. */
  touch(atMs: number): void {
    if (atMs - this.#touchedAt < touchMs) return;
    this.#touchedAt = atMs;
    this.#lastGood.touch(new Date(atMs)).catch(() => undefined); // nothing is saved yet
  }

  /** Writes what is not written yet. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
  }

  #schedule(afterMs: number): void {
    if (this.#isStopped || this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#take !== undefined) this.#schedule(restMs);
      });
    }, afterMs);
  }

  async #write(): Promise<void> {
    const take = this.#take;
    if (take === undefined) return;
    this.#take = undefined;
    try {
      await this.#lastGood.save(take());
      this.#touchedAt = Date.now();
    } catch (error) {
      this.#logger.error(
        { err: error },
        'the last good snapshot could not be written; check DATA_DIR and its free space',
      );
    }
  }
}
