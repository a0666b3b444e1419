// Frames that wait to be written, one behind the other in one piece of memory that is used again and again. A piece for each
// batch of rows would be freed by collections of the whole heap alone, and brought one about every few thousand requests.
import { crc32 } from 'node:zlib';
import { frameHeadBytes } from './frame.js';

const firstBytes = 64 * 1024;

export class FrameBuffer {
  #bytes = Buffer.allocUnsafeSlow(firstBytes);
  #filled = 0;

  /** Of all frames that have not been taken off. */
  get filled(): number {
    return this.#filled;
  }

  /** What waits, oldest first; valid until something is added or taken off. */
  get waiting(): Buffer {
    return this.#bytes.subarray(0, this.#filled);
  }

  /** Adds a frame. Returns its payload, valid until the next one is added. */
  add(text: string): Buffer {
    const length = Buffer.byteLength(text);
    this.#makeRoom(frameHeadBytes + length);
    const from = this.#filled + frameHeadBytes;
    const payload = this.#bytes.subarray(from, from + length);
    payload.write(text);
    this.#bytes.writeUInt32LE(length, this.#filled);
    this.#bytes.writeUInt32LE(crc32(payload), this.#filled + 4);
    this.#filled = from + length;
    return payload;
  }

  /** The oldest bytes are written. */
  takeOff(count: number): void {
    this.#bytes.copyWithin(0, count, this.#filled);
    this.#filled -= count;
  }

  #makeRoom(count: number): void {
    const needed = this.#filled + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#filled);
    this.#bytes = larger;
  }
}
