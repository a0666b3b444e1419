// What takes more than two seconds says on stderr that it is still under way: on a terminal in one line that counts, elsewhere
// (a log) once.
import type { Io } from '../io.js';

const quietMs = 2000;

export async function withProgress<T>(io: Io, what: string, work: Promise<T>): Promise<T> {
  const began = performance.now();
  const isTerminal = io.stderr.isTTY === true && io.env['TERM'] !== 'dumb';
  let hasSaid = false;
  const say = (): void => {
    if (!isTerminal && hasSaid) return;
    hasSaid = true;
    const seconds = Math.round((performance.now() - began) / 1000);
    io.stderr.write(isTerminal ? `\r\u001B[K${what} (${seconds} s) …` : `${what} …\n`);
  };
  let every: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    say();
    every = setInterval(say, 1000);
  }, quietMs);
  try {
    return await work;
  } finally {
    clearTimeout(first);
    clearInterval(every);
    if (isTerminal && hasSaid) io.stderr.write('\r\u001B[K');
  }
}
