// Reads files one after another into one piece of memory, which grows with the largest: what was read is valid until the
// next read. As with frames, memory of its own for each file would bring collections of the whole heap about.
import { open } from 'node:fs/promises';

export class ReusedReader {
  #bytes = Buffer.alloc(0);

  /** Rejects as `open` does; never called twice at a time. */
  async read(path: string): Promise<Buffer> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(size);
      let at = 0;
      while (at < size) {
        const { bytesRead } = await file.read(this.#bytes, at, size - at, at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return this.#bytes.subarray(0, at);
    } finally {
      await file.close();
    }
  }
}
