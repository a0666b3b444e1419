import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { waitFor } from '@sluice/local-stack';
import { afterEach, expect, it, vi } from 'vitest';
import { linesAsStream, linesAsText } from './lines-as-text.js';

const patient = { stallMs: 60_000, leastBytesPerSecond: 1, onStall: (): void => undefined };
let opened: { server: Server; socket: Socket } | undefined;
afterEach(() => {
  opened?.socket.destroy();
  opened?.server.closeAllConnections();
  opened?.server.close();
  opened = undefined;
});

async function piecesOf(lines: AsyncGenerator<unknown>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of linesAsText(await lines.next(), lines, patient)) pieces.push(piece);
  return pieces;
}

it('lines that are there together are one piece, and none waits for one that is not', async () => {
  async function* lines(): AsyncGenerator<number> {
    yield* [1, 2, 3];
    await nextTurn();
    await nextTurn();
    yield* [4, 5];
  }
  expect(await piecesOf(lines())).toEqual(['1\n2\n3\n', '4\n5\n']);
});

it('no piece is much longer than 64 KiB', async () => {
  async function* lines(): AsyncGenerator<string> {
    for (let index = 0; index < 1000; index += 1) yield 'x'.repeat(1000);
  }
  const pieces = await piecesOf(lines());
  expect(pieces.join('').length).toBe(1_003_000);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
});

it('what breaks while it is read breaks off the text, and what was read before is told', async () => {
  async function* lines(): AsyncGenerator<number> {
    yield 1;
    await nextTurn();
    throw new Error('the database is gone');
  }
  const text = linesAsText(await Promise.resolve({ value: 0, done: false as const }), lines(), patient);
  expect((await text.next()).value).toBe('0\n1\n');
  await expect(text.next()).rejects.toThrow('the database is gone');
});

it('who went before anything was read leaves no lines open', async () => {
  let isOver = false;
  async function* lines(): AsyncGenerator<string> {
    try {
      yield 'one';
      yield 'two';
    } finally {
      isOver = true;
    }
  }
  const told = lines();
  linesAsStream(await told.next(), told, patient).destroy();
  await waitFor(() => isOver, { what: 'the lines of a stream that nobody began to read end' });
  expect((await told.next()).done).toBe(true);
});

it('a socket that is never read from has little kept for it, and is given up', async () => {
  let [asked, isOver] = [0, false];
  async function* lines(): AsyncGenerator<string> {
    try {
      for (;;) {
        asked += 1;
        yield 'x'.repeat(10_000);
      }
    } finally {
      isOver = true;
    }
  }
  const told = lines();
  const first = await told.next();
  const server = createServer((_req, res) => {
    const options = { stallMs: 200, leastBytesPerSecond: 1024 * 1024 * 1024, onStall: () => res.destroy() };
    const stream = linesAsStream(first, told, options);
    res.once('close', () => stream.destroy());
    stream.pipe(res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  opened = { server, socket };
  socket.pause().on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nhost: feed.test\r\n\r\n');
  await waitFor(() => isOver, { what: 'the lines of a socket that takes nothing are given up' });
  // The kernel's buffers on both sides, and a piece or two of ours.
  expect(asked * 10_000).toBeLessThan(16 * 1024 * 1024);
});

/** How many pieces of 64 KiB a reader gets, at most 200, who takes as long for each; a second each is the least rate. */
async function piecesUntilGivenUp(tookMs: (index: number) => number): Promise<number> {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  try {
    const onStall = vi.fn<() => void>();
    async function* lines(): AsyncGenerator<string> {
      for (;;) yield 'x'.repeat(64 * 1024 - '""\n'.length);
    }
    const told = lines();
    const options = { stallMs: 20_000, leastBytesPerSecond: 64 * 1024, onStall };
    const text = linesAsText(await told.next(), told, options);
    let index = 0;
    for (; index < 200 && onStall.mock.calls.length === 0; index += 1) {
      await text.next();
      vi.advanceTimersByTime(tookMs(index));
    }
    await text.return(undefined);
    return index;
  } finally {
    vi.useRealTimers();
  }
}

it('who takes piece after piece, and all of them too slowly, is given up; who keeps the least rate never is', async () => {
  expect(await piecesUntilGivenUp(() => 2_000)).toBe(20);
  expect(await piecesUntilGivenUp(() => 1_000)).toBe(200);
  expect(await piecesUntilGivenUp((index) => (index % 50 === 0 ? 20_000 : 500))).toBe(200);
  expect(await piecesUntilGivenUp(() => 21_000)).toBe(1);
});
