// Writes to one socket, gathered until the event loop has read what there was to read: one write for all that was said in a
// turn, and the writes of all sockets one behind the other. A write wakes its reader on another core, which costs more than
// the write itself; of readers that are written to in a row, most are awake by then.
import type { Socket } from 'node:net';
import type { Deferred, Turns } from './turns.js';

// Copying that much is cheaper than a second buffer to the system; and so much fits into one write without memory for it.
const mostGathered = 16_384;
// Alone, a larger piece is one of many: the next one comes before this turn's end could save anything.
const mostAlone = 2048;
const nothing = Buffer.alloc(0);

export class TurnWriter implements Deferred {
  readonly #socket: Socket;
  readonly #turns: Turns;
  readonly #onFlushed: () => void;
  /** How often something has gone out. */
  sends = 0;
  #gathered = '';
  #isAwaited = false;
  readonly #flushed = (error?: Error | null): void => {
    this.#isAwaited = false;
    // Nobody took it: the connection is gone, as its `close` will say.
    if (error !== undefined && error !== null) return;
    if (this.isFlushed()) this.#onFlushed();
  };

  /** @param onFlushed after `isFlushed` was false: the system has taken everything. */
  constructor(socket: Socket, turns: Turns, onFlushed: () => void) {
    this.#socket = socket;
    this.#turns = turns;
    this.#onFlushed = onFlushed;
  }

  /**
   * Nothing waits but what goes out with this turn; otherwise `onFlushed` will tell, unless the socket closes before.
   */
  isFlushed(): boolean {
    if (this.#socket.destroyed) return false;
    if (this.#socket.writableLength === 0) return true;
    if (!this.#isAwaited) {
      this.#isAwaited = true;
      this.#socket.write(nothing, this.#flushed);
    }
    return false;
  }

  /** @param text one character for each byte. */
  text(text: string): void {
    if (this.#gathered === '') this.#turns.defer(this);
    this.#gathered += text;
    if (this.#gathered.length > mostGathered) this.flush();
  }

  /** True: the bytes were copied. Otherwise they must not change while `isFlushed` is false. */
  bytes(bytes: Uint8Array): boolean {
    const { length } = this.#gathered;
    if (bytes.length + length <= (length === 0 ? mostAlone : mostGathered)) {
      this.text(textOf(bytes));
      return true;
    }
    this.sends += 1;
    if (length === 0) {
      this.#socket.write(bytes);
      return false;
    }
    this.#socket.cork();
    this.flush();
    this.#socket.write(bytes);
    this.#socket.uncork();
    return false;
  }

  /** What was gathered goes out now. */
  flush(): void {
    const text = this.#gathered;
    if (text === '') return;
    this.#gathered = '';
    this.sends += 1;
    if (this.#socket.writable) this.#socket.write(text, 'latin1');
  }

  onTurnEnd(): void {
    this.flush();
  }
}

/** One character for each byte. */
export function textOf(bytes: Uint8Array): string {
  const { buffer, byteOffset, length } = bytes;
  return (Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, length)).toString('latin1');
}
