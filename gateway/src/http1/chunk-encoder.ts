// What `Transfer-Encoding: chunked` puts round bytes (RFC 9112, section 7.1). Sizes go out without extensions, bodies
// without trailers.

/** Behind the last chunk of a body. */
export const lastChunk = '0\r\n\r\n';

/** One copy of the bytes with their framing: one write. The bytes may be reused afterwards. Never of none: that ends a body. */
export function encodeChunk(bytes: Uint8Array): Buffer {
  const sizeLine = `${bytes.length.toString(16)}\r\n`;
  const encoded = Buffer.allocUnsafe(sizeLine.length + bytes.length + 2);
  encoded.write(sizeLine, 0, 'latin1');
  encoded.set(bytes, sizeLine.length);
  encoded[encoded.length - 2] = 13;
  encoded[encoded.length - 1] = 10;
  return encoded;
}
