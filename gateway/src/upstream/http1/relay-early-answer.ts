// An upstream may answer while its client still sends, and close: then writing fails, though the answer lies in the
// socket already (RFC 9112, section 9.5). Node ends a socket at the first failed write and throws away what it has not
// read yet. Here such a failure is kept back instead: nothing more is written, what has come is read to its end, and that
// end tells of the broken connection.
import type { Socket } from 'node:net';

type Callback = (error?: Error | null) => void;
const goneCodes = new Set(['EPIPE', 'ECONNRESET']);

export function relayEarlyAnswer(socket: Socket): void {
  // A write that is never said to be done stops those behind it, and with them the body. Reading ends by itself: the
  // kernel has closed both directions.
  const unlessGone =
    (callback: Callback): Callback =>
    (error) => {
      if (error === undefined || error === null || !isGone(error) || socket.readableEnded || socket.destroyed)
        callback(error);
    };
  const write = socket._write.bind(socket);
  socket._write = (chunk, encoding, callback) => write(chunk, encoding, unlessGone(callback));
  const writev = socket._writev?.bind(socket);
  if (writev !== undefined) socket._writev = (chunks, callback) => writev(chunks, unlessGone(callback));
}

function isGone(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && goneCodes.has(error.code);
}
