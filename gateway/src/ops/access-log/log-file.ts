// A file, or standard output, that lines are appended to. One write at a time, of all that has come meanwhile; what waits is
// bounded, and what comes beyond it, or cannot be written, is dropped and counted. A line is never torn by another writer's:
// to a pipe no more goes at once than it takes whole (PIPE_BUF), and a file is opened for appending.
import { close, open, write } from 'node:fs';
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
/** A pipe whose reader is slow, where it does not block. */
const fullPipeMs = 20;

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

  private constructor(path: LogPath, fd: number, onFault: (error: unknown) => void) {
    this.#path = path;
    this.#fd = fd;
    this.#onFault = onFault;
  }

  /** Rejects when it cannot be opened. @param onFault told once until it works again. */
  static async open(path: LogPath, onFault: (error: unknown) => void): Promise<LogFile> {
    return new LogFile(path, path === undefined ? standardOutput : await openFile(path, 'a', 0o640), onFault);
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

  /** Resolves when all has been written or dropped. */
  async close(): Promise<void> {
    await this.#writing;
    if (this.#path !== undefined) await closeFile(this.#fd);
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
        this.#fault(error);
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
      await new Promise((resolve) => setTimeout(resolve, fullPipeMs));
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
