// Over a real socket, with turns that end when the event loop says so.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { expect, onTestFinished, test, vi } from 'vitest';
import { TurnWriter } from './turn-writer.js';
import { Turns } from './turns.js';

async function pair(): Promise<{ socket: Socket; peer: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = await accepted;
  onTestFinished(() => {
    peer.destroy();
    socket.destroy();
    server.close();
  });
  return { socket, peer };
}

function read(peer: Socket): { text: string } {
  const got = { text: '' };
  peer.on('data', (bytes: Buffer) => (got.text += bytes.toString('latin1')));
  return got;
}

test('what is said in a turn is one write at its end', async () => {
  const { socket, peer } = await pair();
  const got = read(peer);
  const write = vi.spyOn(socket, 'write');
  const writer = new TurnWriter(socket, new Turns(), () => undefined);
  writer.text('head ');
  expect(writer.bytes(Buffer.from('b\xF6dy', 'latin1'))).toBe(true);
  await Promise.resolve();
  expect(write).not.toHaveBeenCalled();
  expect(writer.isFlushed()).toBe(true);
  await waitFor(() => got.text === 'head b\xF6dy', { what: 'all of it has come' });
  expect(write).toHaveBeenCalledTimes(1);
  writer.text(' more');
  await waitFor(() => got.text === 'head b\xF6dy more', { what: 'the next turn goes out too' });
});

test('bytes that are not copied keep their place behind what was gathered', async () => {
  const { socket, peer } = await pair();
  const got = read(peer);
  const writer = new TurnWriter(socket, new Turns(), () => undefined);
  writer.text('before ');
  expect(writer.bytes(Buffer.alloc(40_000, 'x'))).toBe(false);
  writer.text(' behind');
  await waitFor(() => got.text === `before ${'x'.repeat(40_000)} behind`, { what: 'all of it has come in order' });
});

test('what is gathered is bounded: many small writes to a peer that reads nothing show as not flushed', async () => {
  const { socket, peer } = await pair();
  peer.pause();
  const onFlushed = vi.fn<() => void>();
  const writer = new TurnWriter(socket, new Turns(), onFlushed);
  let said = 0;
  while (writer.isFlushed() && said < 100_000_000) {
    writer.text('x'.repeat(1000));
    said += 1000;
  }
  expect(said).toBeLessThan(100_000_000);
  expect(onFlushed).not.toHaveBeenCalled();
  peer.resume();
  await waitFor(() => onFlushed.mock.calls.length === 1, { what: 'the writer tells that all was taken' });
});

test('nothing is written to a socket that has gone, and nobody is told that it was taken', async () => {
  const { socket } = await pair();
  const onFlushed = vi.fn<() => void>();
  const turns = new Turns();
  const writer = new TurnWriter(socket, turns, onFlushed);
  const write = vi.spyOn(socket, 'write');
  writer.text('too late');
  socket.destroy();
  await new Promise<void>((resolve) => turns.defer({ onTurnEnd: resolve }));
  expect(write).not.toHaveBeenCalled();
  expect(writer.isFlushed()).toBe(false);
  expect(onFlushed).not.toHaveBeenCalled();
});
