// The way to a target that has switched protocols. The way back is that of an answer's body.
import type { Socket } from 'node:net';
import type { UpstreamTunnel } from '../upstream.js';

export class SocketTunnel implements UpstreamTunnel {
  onDrain: (() => void) | undefined;
  #isBlocked = false;
  readonly #onWritten = (): void => {
    if (!this.#isBlocked || this.socket.writableLength > 0) return;
    this.#isBlocked = false;
    this.onDrain?.();
  };

  constructor(private readonly socket: Socket) {}

  write(chunk: Uint8Array): boolean {
    this.socket.write(chunk, this.#onWritten);
    this.#isBlocked = this.socket.writableLength > 0;
    return !this.#isBlocked;
  }

  end(): void {
    this.socket.end();
  }
}
