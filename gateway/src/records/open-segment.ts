// The segment that is being written: rows go to the file at once, to the disk's platter within 100 ms, and the whole is
// sealed by a rename that carries the hash of its rows.
//
// Every write has its position, so that one that failed half way (disk full, I/O error) is done again over itself. Until
// it succeeds the rows stay in memory, within the spool's bound: no request fails, and no row that has a number is lost.
//
// Writes are synchronous: they end in the page cache within microseconds, on a thread that serves no request. Handed to
// libuv's four threads they would queue behind fsyncs, and a SIGKILL under load would cost more than the 5 ms promised.
import { createHash } from 'node:crypto';
import { close, fdatasync, openSync, writeSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { syncFolder } from './sync-folder.js';
import { FrameBuffer } from './frame-buffer.js';
import { segmentIdOf, type SegmentHeader } from './segment-content.js';

const datasync = promisify(fdatasync);
const closeFile = promisify(close);
const syncAfterMs = 50;
const retryMs = 200;

export interface SealedSegment {
  readonly segmentId: string;
  readonly folder: string;
  readonly isClose: boolean;
  readonly bytes: number;
  readonly rowCount: number;
}

export const sealedName = (segmentId: string, isClose: boolean): string =>
  `${segmentId}${isClose ? '.close' : ''}.sealed`;

export interface OpenSegmentEvents {
  /** A write, a sync or a rename failed and is tried again. */
  failed(error: unknown): void;
  written(bytes: number): void;
}

export class OpenSegment {
  readonly header: SegmentHeader;
  rowCount = 0;
  rowBytes = 0;
  /** Of its rows; undefined while it has none. */
  day: string | undefined;
  firstRowMs = 0;

  readonly #folder: string;
  readonly #events: OpenSegmentEvents;
  readonly #hash = createHash('sha256');
  readonly #file: Promise<number>;
  readonly #pending = new FrameBuffer();
  #position = 0;
  #isNameSynced = false;
  #isSealed = false;
  #writing: Promise<void> | undefined;
  #syncTimer: NodeJS.Timeout | undefined;

  constructor(folder: string, header: SegmentHeader, events: OpenSegmentEvents) {
    this.#folder = folder;
    this.header = header;
    this.#events = events;
    this.#file = this.#untilDone(() => openSync(this.#openPath(), 'w', 0o640));
    this.#pending.add(JSON.stringify(header));
    void this.written();
  }

  /** Returns how many bytes the rows take. */
  append(text: string, rowCount: number): number {
    const rows = this.#pending.add(text);
    this.#hash.update(rows);
    this.rowCount += rowCount;
    this.rowBytes += rows.length;
    return rows.length;
  }

  /** Resolves when everything appended before is in the file. */
  written(): Promise<void> {
    this.#writing ??= this.#write();
    return this.#writing;
  }

  /** Writes, syncs, closes and renames. Nothing may be appended afterwards. */
  async seal(isClose: boolean): Promise<SealedSegment> {
    await this.written();
    clearTimeout(this.#syncTimer);
    const file = await this.#file;
    await this.#untilDone(() => datasync(file));
    this.#isSealed = true;
    await closeFile(file);
    const segmentId = segmentIdOf(this.header, this.#hash.digest('hex'));
    await this.#untilDone(() => rename(this.#openPath(), join(this.#folder, sealedName(segmentId, isClose))));
    await this.#untilDone(() => syncFolder(this.#folder));
    return { segmentId, folder: this.#folder, isClose, bytes: this.#position, rowCount: this.rowCount };
  }

  async #write(): Promise<void> {
    const file = await this.#file;
    while (this.#pending.filled > 0) {
      const count = this.#pending.filled;
      await this.#untilDone(() => {
        const bytes = this.#pending.waiting;
        let done = 0;
        while (done < count) done += writeSync(file, bytes, done, count - done, this.#position + done);
      });
      this.#pending.takeOff(count);
      this.#position += count;
      this.#events.written(count);
      this.#syncTimer ??= setTimeout(() => {
        this.#syncTimer = undefined;
        void this.#sync(file);
      }, syncAfterMs).unref();
    }
    // In the same turn as the loop's last look, so that nothing appended in between is overlooked.
    this.#writing = undefined;
  }

  /** A segment that is being sealed has been closed: it was synced then. */
  async #sync(file: number): Promise<void> {
    try {
      await datasync(file);
      if (!this.#isNameSynced) await syncFolder(this.#folder);
      this.#isNameSynced = true;
    } catch (error) {
      if (!this.#isSealed) this.#events.failed(error);
    }
  }

  async #untilDone<T>(action: () => T | Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await action();
      } catch (error) {
        this.#events.failed(error);
        // A disk that stays full must not keep a process from ending.
        await delay(retryMs, undefined, { ref: false });
      }
    }
  }

  #openPath(): string {
    return join(this.#folder, `${this.header.index}.open`);
  }
}
