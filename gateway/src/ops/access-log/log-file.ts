// A file, or standard output, that lines are appended to. One write at a time, of all that has come meanwhile; what waits is
// bounded, and what comes beyond it, or cannot be written, is dropped and counted. A line is never torn by another writer's:
// to a pipe no more goes at once than it takes whole (PIPE_BUF), and a file is opened for appending.
import { close, constants, fstatSync, open, write } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const openFile = promisify(open);
const closeFile = promisify(close);
const writeBytes = promisify(write);

/** Undefined: standard output. */
export type LogPath = string | undefined;

const standardOutput = 1;
const mostWaitingBytes = 16 * 1024 ** 2;
const mostAtOnce = { ofPipe: 4096, ofFile: 1024 ** 2 };
const newLine = 10;
/** Until a pipe that is full is tried again. */
const fullPipeMs = 20;
/** For what still waits at the end, of a reader that takes nothing. */
const closeMs = 1000;

export class LogFile {
  written = 0;
  dropped = 0;
  readonly #path: LogPath;
  readonly #onFault: (error: unknown) => void;
  #fd: number;
  #waiting: { readonly bytes: Buffer; readonly lines: number }[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #isReopening = false;
  #isFailing = false;
  #giveUpAtMs = Infinity;

  private constructor(path: LogPath, fd: number, onFault: (error: unknown) => void) {
    this.#path = path;
    this.#fd = fd;
    this.#onFault = onFault;
  }

  /** Rejects when it cannot be opened. @param onFault told once until it works again. */
  static async open(path: LogPath, onFault: (error: unknown) => void): Promise<LogFile> {
    return new LogFile(
      path,
      path === undefined ? await openStandardOutput() : await openFile(path, 'a', 0o640),
      onFault,
    );
  }

  append(text: string, lines: number): void {
    const bytes = Buffer.from(text);
    if (this.#waitingBytes + bytes.length > mostWaitingBytes) {
      this.dropped += lines;
      return;
    }
    this.#waiting.push({ bytes, lines });
    this.#waitingBytes += bytes.length;
    this.#writing ??= this.#writeAll();
  }

  /** The file at the path may be another one now: whoever rotates it has moved the old one away. */
  reopen(): void {
    if (this.#path === undefined) return;
    this.#isReopening = true;
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when all has been written or dropped, and soon: a reader that takes nothing is not waited for. */
  async close(): Promise<void> {
    this.#giveUpAtMs = performance.now() + closeMs;
    const isDone = await Promise.race([
      this.#writing?.then(() => true) ?? true,
      // Of a socket, or where a pipe cannot be opened anew, a write blocks its thread.
      delay(2 * closeMs, false, { ref: false }),
    ]);
    if (isDone && this.#fd !== standardOutput) await closeFile(this.#fd);
  }

  // It never rejects.
  async #writeAll(): Promise<void> {
    while (this.#isReopening || this.#waiting.length > 0) {
      if (this.#isReopening) await this.#reopen();
      const batch = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      const lines = batch.reduce((sum, one) => sum + one.lines, 0);
      try {
        await this.#write(Buffer.concat(batch.map(({ bytes }) => bytes)));
        this.written += lines;
        this.#isFailing = false;
      } catch (error) {
        this.dropped += lines;
        if (performance.now() < this.#giveUpAtMs) this.#fault(error);
      }
    }
    this.#writing = undefined;
  }

  async #write(bytes: Buffer): Promise<void> {
    const most = this.#path === undefined ? mostAtOnce.ofPipe : mostAtOnce.ofFile;
    for (let from = 0; from < bytes.length;) {
      // A line that is longer than what may go at once goes whole all the same.
      const last = bytes.lastIndexOf(newLine, from + most - 1);
      const to = last >= from ? last + 1 : bytes.indexOf(newLine, from) + 1;
      from += await this.#writeSome(bytes.subarray(from, to === 0 ? bytes.length : to));
    }
  }

  async #writeSome(bytes: Buffer): Promise<number> {
    try {
      return (await writeBytes(this.#fd, bytes)).bytesWritten;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      if (performance.now() >= this.#giveUpAtMs) throw error;
      await delay(fullPipeMs);
      return 0;
    }
  }

  async #reopen(): Promise<void> {
    this.#isReopening = false;
    try {
      const fd = await openFile(this.#path ?? '', 'a', 0o640);
      await closeFile(this.#fd);
      this.#fd = fd;
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    if (!this.#isFailing) this.#onFault(error);
    this.#isFailing = true;
  }
}

// A write to a full pipe would block one of the process's few threads for such calls for as long as its reader pleases, and
// with it the end of the process. Opened anew, the pipe does not block, and whoever else writes to it is not concerned.
async function openStandardOutput(): Promise<number> {
  if (!fstatSync(standardOutput).isFIFO()) return standardOutput;
  const { O_WRONLY, O_APPEND, O_NONBLOCK } = constants;
  return openFile('/proc/self/fd/1', O_WRONLY | O_APPEND | O_NONBLOCK).catch(() => standardOutput);
}
