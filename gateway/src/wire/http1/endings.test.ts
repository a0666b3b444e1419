// How connections are ended from this side: a drain, and what is broken with a reason.
import { waitFor } from '@sluice/local-stack';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { answer, head, StagedWire } from '../testing/staged-wire.js';

let staged: StagedWire;
beforeEach(async () => {
  staged = await StagedWire.start();
});
afterEach(() => staged.stop());

test('a drain says so in answers, and ends what is idle', async () => {
  staged.onExchange = answer;
  const idle = await staged.open();
  idle.socket.write(head('GET / HTTP/1.1'));
  await idle.until('ok');
  staged.onExchange = () => undefined;
  const busy = await staged.open();
  busy.socket.write(head('GET / HTTP/1.1'));
  const exchange = await staged.taken(2);
  const drained = staged.wire.drain({ boundMs: 60_000, idleMs: 500 });
  answer(exchange);
  await busy.until('connection: close');
  expect(idle.isEnded).toBe(false);
  staged.pass(700);
  await idle.untilEnded();
  for (const client of staged.clients) client.socket.end();
  await expect(drained).resolves.toBeUndefined();
});

test('a second drain shortens the first: what it breaks has ended before either says that nothing is left', async () => {
  const client = await staged.open();
  client.socket.write(head('GET / HTTP/1.1'));
  await staged.taken(1);
  const drained = staged.wire.drain({ boundMs: 2 ** 30, idleMs: 2 ** 30 }).then(() => [...staged.closes]);
  await staged.wire.drain({ boundMs: 1, idleMs: 1 });
  expect(await drained).toEqual([false]);
});

test('a second drain lengthens nothing', async () => {
  const client = await staged.open();
  client.socket.write(head('GET / HTTP/1.1'));
  await staged.taken(1);
  const drained = staged.wire.drain({ boundMs: 1, idleMs: 1 });
  await staged.wire.drain({ boundMs: 2 ** 30, idleMs: 2 ** 30 });
  await drained;
  expect(staged.closes).toEqual([false]);
});

test('what the gateway breaks says why, and an answer without a length is not taken for a whole one', async () => {
  const [silent, endless] = [await staged.open(), await staged.open()];
  const errors: string[] = [];
  endless.socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? ''));
  silent.socket.write(head('GET /silent HTTP/1.1'));
  const waited = await staged.taken(1);
  endless.socket.write(head('GET /endless HTTP/1.0'));
  const begun = await staged.taken(2);
  begun.start(200, []);
  begun.write(Buffer.from('half of it'));
  await endless.until('half of it');
  for (let minute = 0; minute < 9; minute += 1) staged.pass(60_000);
  waited.start(200, ['content-length', '5']);
  for (let minute = 0; minute < 2; minute += 1) staged.pass(60_000);
  await endless.untilEnded();
  await staged.wire.drain({ boundMs: 1, idleMs: 1 });
  expect([begun.cutFor, errors, waited.cutFor, staged.closes]).toEqual([
    'idle',
    ['ECONNRESET'],
    'drain',
    [false, false],
  ]);
});

test('a client that has gone was cut off by nobody', async () => {
  const client = await staged.open();
  client.socket.write(head('GET / HTTP/1.1'));
  const exchange = await staged.taken(1);
  client.socket.resetAndDestroy();
  await waitFor(() => staged.closes.length === 1, { what: 'the server knows', intervalMs: 1 });
  expect(exchange.cutFor).toBeUndefined();
});
