// Text on its way from the threads to the main thread, which writes or sends it: collected in the thread, handed over in one
// message for many requests. Nobody waits for anybody: what the main thread has not taken yet is bounded, and what comes
// beyond is dropped and counted.
import type { MessagePort } from 'node:worker_threads';
import { MessageChannel } from 'node:worker_threads';

/** What a thread is started with. */
export interface LinesShared {
  readonly port: MessagePort;
  readonly cells: SharedArrayBuffer;
}

type ToReader = { readonly type: 'lines'; readonly text: string; readonly count: number } | { readonly type: 'flush' };
interface ToWriter {
  readonly type: 'flushed';
}

const cell = { takenCharacters: 0, droppedLines: 1 } as const;
const batchMs = 50;
const batchCharacters = 65_536;
const mostUntaken = 8 * 1024 ** 2;

/** A thread's end. */
export class LineWriter {
  readonly #port: MessagePort;
  readonly #cells: Float64Array;
  readonly #flushing: (() => void)[] = [];
  #text = '';
  #count = 0;
  #posted = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ port, cells }: LinesShared) {
    this.#port = port;
    this.#cells = new Float64Array(cells);
    port.on('message', () => {
      this.#flushing.shift()?.();
      if (this.#flushing.length === 0) port.unref();
    });
    port.unref();
  }

  /** @param line with what parts it from the next one. */
  write(line: string): void {
    if (this.#posted + this.#text.length - (this.#cells[cell.takenCharacters] ?? 0) > mostUntaken) {
      this.#cells[cell.droppedLines] = (this.#cells[cell.droppedLines] ?? 0) + 1;
      return;
    }
    this.#text += line;
    this.#count += 1;
    if (this.#text.length >= batchCharacters) this.#post();
    else this.#timer ??= setTimeout(() => this.#post(), batchMs);
  }

  /** Resolves when the main thread has all of it. */
  async flush(): Promise<void> {
    this.#post();
    this.#port.ref();
    await new Promise<void>((resolve) => {
      this.#flushing.push(resolve);
      this.#tell({ type: 'flush' });
    });
  }

  #post(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#count === 0) return;
    this.#posted += this.#text.length;
    this.#tell({ type: 'lines', text: this.#text, count: this.#count });
    this.#text = '';
    this.#count = 0;
  }

  #tell(message: ToReader): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
    this.#port.postMessage(message);
  }
}

/** The main thread's end, of all threads. */
export class LineReader {
  readonly #cells: Float64Array[] = [];

  constructor(private readonly onLines: (text: string, count: number) => void) {}

  /** Of all threads, because the main thread did not take them in time. */
  get dropped(): number {
    return this.#cells.reduce((sum, cells) => sum + (cells[cell.droppedLines] ?? 0), 0);
  }

  /** For one thread more. */
  open(): LinesShared {
    const { port1, port2 } = new MessageChannel();
    const shared = new SharedArrayBuffer(Object.keys(cell).length * Float64Array.BYTES_PER_ELEMENT);
    const cells = new Float64Array(shared);
    this.#cells.push(cells);
    port1.on('message', (message: ToReader) => {
      if (message.type === 'flush') {
        port1.postMessage({ type: 'flushed' } satisfies ToWriter);
        return;
      }
      cells[cell.takenCharacters] = (cells[cell.takenCharacters] ?? 0) + message.text.length;
      this.onLines(message.text, message.count);
    });
    port1.unref();
    return { port: port2, cells: shared };
  }
}
