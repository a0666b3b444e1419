// How long a target says that it keeps a connection which nobody uses (`Keep-Alive: timeout=5`). A request must not set
// out while the target closes: what is said is cut by a second, and by half of it where it is less than two.
import { isNamed } from '../../http1/fields.js';

const timeout = /(?:^|[\s,;])timeout\s*=\s*"?(\d{1,6})/i;
const marginMs = 1000;

/** @returns milliseconds; Infinity: the target says nothing. */
export function keepAliveHintMs(headers: readonly string[]): number {
  for (let index = 0; index < headers.length; index += 2) {
    if (!isNamed(headers[index] ?? '', 'keep-alive')) continue;
    const seconds = timeout.exec(headers[index + 1] ?? '')?.[1];
    if (seconds === undefined) continue;
    const saidMs = Number(seconds) * 1000;
    return Math.max(saidMs - marginMs, saidMs / 2);
  }
  return Infinity;
}
