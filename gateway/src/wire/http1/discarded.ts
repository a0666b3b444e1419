// What a client sends and nobody will read: how much of it, and in how small pieces.
import { dripBytes, drips, lingerBytes } from './bounds.js';

export class Discarded {
  #bytes = 0;
  #drips = 0;

  /** Of another request, or of what follows the last answer. */
  begin(): void {
    this.#bytes = 0;
    this.#drips = 0;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (bytes < dripBytes) this.#drips += 1;
  }

  /** To be read for the sake of the connection. */
  get isTooMuch(): boolean {
    return this.#bytes > lingerBytes;
  }

  /** It costs more to read than it is long. */
  get isDripping(): boolean {
    return this.#drips > drips;
  }
}
