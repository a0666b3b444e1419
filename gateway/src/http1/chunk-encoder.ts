// What `Transfer-Encoding: chunked` puts round bytes (RFC 9112, section 7.1). Sizes go out without extensions, bodies
// without trailers.
import { textOf } from './turn-writer.js';
import type { TurnWriter } from './turn-writer.js';

/** Behind the last chunk of a body. */
export const lastChunk = '0\r\n\r\n';

// Larger ones are copied once, with their framing, so that one write takes them.
const mostGathered = 4096;

/** @param bytes may be reused afterwards. Never none: that ends a body. */
export function writeChunk(writer: Pick<TurnWriter, 'text' | 'bytes'>, bytes: Uint8Array): void {
  const sizeLine = `${bytes.length.toString(16)}\r\n`;
  if (bytes.length <= mostGathered) writer.text(`${sizeLine}${textOf(bytes)}\r\n`);
  else writer.bytes(encoded(sizeLine, bytes));
}

function encoded(sizeLine: string, bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(sizeLine.length + bytes.length + 2);
  whole.write(sizeLine, 0, 'latin1');
  whole.set(bytes, sizeLine.length);
  whole[whole.length - 2] = 13;
  whole[whole.length - 1] = 10;
  return whole;
}
