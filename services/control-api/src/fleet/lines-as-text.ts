// Lines of the feed as the text that goes out. Lines that are there together go out together: a snapshot of a hundred thousand
// in a hundred thousand pieces took several times as long, on both sides. Nothing is asked for before it can be sent; who takes
// nothing for long is given up, and so is who takes everything too slowly: a snapshot's connection is held for as long.
import { Readable } from 'node:stream';
import { setImmediate as endOfTurn } from 'node:timers/promises';

export interface TextOptions {
  /** For how long pieces may wait for their reader, beyond what each may take at the least rate. Time in which none waits makes up for it. */
  readonly stallMs: number;
  readonly leastBytesPerSecond: number;
  readonly onStall: () => void;
}

const pieceLength = 64 * 1024;

/** The text as a stream. However it ends, the lines end with it: also where nothing was read of it, because nobody was there any more. */
export function linesAsStream<Line>(
  first: IteratorResult<Line, unknown>,
  lines: AsyncGenerator<Line>,
  options: TextOptions,
): Readable {
  const stream = Readable.from(linesAsText(first, lines, options), { objectMode: false, highWaterMark: pieceLength });
  // A generator that was never begun has no `finally`.
  stream.once('close', () => {
    lines.return(undefined).catch(() => undefined);
  });
  return stream;
}

export async function* linesAsText<Line>(
  first: IteratorResult<Line, unknown>,
  lines: AsyncGenerator<Line>,
  { stallMs, leastBytesPerSecond, onStall }: TextOptions,
): AsyncGenerator<string> {
  let [text, line] = ['', first];
  let [patienceMs, takenAt] = [stallMs, performance.now()];
  // Of the turn of the event loop that is under way: what is there comes before its end.
  let turn: Promise<undefined> | undefined;
  try {
    while (line.done !== true) {
      text += `${JSON.stringify(line.value)}\n`;
      const next = lines.next();
      // It is awaited below.
      next.catch(() => undefined);
      turn ??= endOfTurn();
      const isThere = text.length < pieceLength && (await Promise.race([next, turn])) !== undefined;
      if (!isThere) {
        const givenAt = performance.now();
        patienceMs = Math.min(stallMs, patienceMs + (givenAt - takenAt)) + (text.length / leastBytesPerSecond) * 1000;
        const timer = setTimeout(onStall, patienceMs);
        try {
          yield text;
        } finally {
          clearTimeout(timer);
        }
        takenAt = performance.now();
        patienceMs -= takenAt - givenAt;
        [text, turn] = ['', undefined];
      }
      line = await next;
    }
    if (text !== '') yield text;
  } finally {
    await lines.return(undefined);
  }
}
