// Writes to a client: as few as can be, and told when the system has taken them. What it takes at once, as it mostly does,
// needs no callback.
import type { Socket } from 'node:net';

// Copying that much is cheaper than a second buffer to the system.
const mostJoinedBytes = 16_384;
const nothing = Buffer.alloc(0);

export class SocketWriter {
  readonly #socket: Socket;
  readonly #onFlushed: () => void;
  #isAwaited = false;
  readonly #flushed = (error?: Error | null): void => {
    this.#isAwaited = false;
    // Nobody took it: the connection is gone, as its `close` will say.
    if (error !== undefined && error !== null) return;
    if (this.isFlushed()) this.#onFlushed();
  };

  /** @param onFlushed after `isFlushed` was false: the system has taken everything. */
  constructor(socket: Socket, onFlushed: () => void) {
    this.#socket = socket;
    this.#onFlushed = onFlushed;
  }

  /** The system has taken everything; otherwise `onFlushed` will tell, unless the socket closes before. */
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
    this.#socket.write(text, 'latin1');
  }

  bytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** All of it in one write. */
  joined(before: string, bytes: Uint8Array, after: string): void {
    if (before.length + bytes.length + after.length <= mostJoinedBytes) {
      const whole = Buffer.allocUnsafe(before.length + bytes.length + after.length);
      whole.write(before, 0, 'latin1');
      whole.set(bytes, before.length);
      if (after !== '') whole.write(after, before.length + bytes.length, 'latin1');
      this.#socket.write(whole);
      return;
    }
    this.#socket.cork();
    this.#socket.write(before, 'latin1');
    this.#socket.write(bytes);
    if (after !== '') this.#socket.write(after, 'latin1');
    this.#socket.uncork();
  }
}
