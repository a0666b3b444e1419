// Writes the last good snapshot soon after a change, one write at a time, at most once a second and for a tenth of the
// time: that of a large fleet takes a second. A disk that is full stops no traffic: the failure is logged, and the next
// change tries again.
import type { Logger } from '@sluice/runtime';
import type { LastGood, LoadResult, ToSave } from './last-good.js';

const soonMs = 200;
const restMs = 1000;
/** Of the time that the last write took. */
const restFactor = 9;
const touchMs = 30_000;

export class SnapshotWriter {
  readonly #lastGood: LastGood;
  readonly #logger: Logger;
  #take: (() => ToSave) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #touchedAt = 0;
  #restUntilMs = 0;
  #isStopped = false;

  constructor(lastGood: LastGood, logger: Logger) {
    this.#lastGood = lastGood;
    this.#logger = logger;
  }

  async load(): Promise<LoadResult> {
    return this.#lastGood.load();
  }

  /** @param take gives what to write, at the moment of writing. */
  save(take: () => ToSave): void {
    this.#take = take;
    this.#schedule();
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

  #schedule(): void {
    if (this.#isStopped || this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#writing = this.#writeAndRest();
      },
      Math.max(soonMs, this.#restUntilMs - performance.now()),
    );
  }

  async #writeAndRest(): Promise<void> {
    const begunAtMs = performance.now();
    await this.#write();
    const endedAtMs = performance.now();
    this.#restUntilMs = endedAtMs + Math.max(restMs, restFactor * (endedAtMs - begunAtMs));
    this.#writing = undefined;
    if (this.#take !== undefined) this.#schedule();
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
