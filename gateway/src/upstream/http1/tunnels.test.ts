// Targets that switch protocols when they are asked to.
import { waitFor } from '@sluice/local-stack';
import { expect, test } from 'vitest';
import { RawTarget, Sender } from '../try-target.js';
import type { Heard, Peer } from '../try-target.js';

const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

async function open(first = ''): Promise<{ heard: Heard; peer: Peer; target: RawTarget }> {
  const target = await RawTarget.start((peer) => {
    peer.socket.once('data', () => peer.say(switched + first));
  });
  const heard = new Sender([target.url]).send({ upgrade: 'websocket', headers: ['sec-websocket-version', '13'] });
  await waitFor(() => heard.tunnel !== undefined, { what: 'the target has switched' });
  return { heard, target, peer: await target.peer(0) };
}

test('bytes pass both ways, those right behind the head first', async () => {
  const { heard, peer } = await open('hello');
  expect(heard.headers).toEqual(['Connection', 'Upgrade', 'Upgrade', 'websocket']);
  expect(peer.received).toContain('\r\nconnection: upgrade\r\nupgrade: websocket\r\n');
  peer.received = '';
  heard.tunnel?.write(Buffer.from('ping'));
  await waitFor(() => peer.received === 'ping', { what: 'the target has heard' });
  peer.say(' HTTP/1.1 400 is only bytes here');
  await waitFor(() => heard.text === 'hello HTTP/1.1 400 is only bytes here', { what: 'the client has heard' });
  peer.socket.end();
  expect(await heard.summary()).toBe('101 hello HTTP/1.1 400 is only bytes here whole');
});

test('the target hears that the client has said all, and may still answer', async () => {
  const { heard, peer } = await open();
  heard.tunnel?.write(Buffer.from('last words'));
  heard.tunnel?.end();
  await peer.left();
  peer.say('understood');
  peer.socket.end();
  expect(await heard.summary()).toBe('101 understood whole');
});

test('a client that goes takes the target’s connection along', async () => {
  const { heard, peer } = await open();
  heard.call.abort();
  await peer.left();
  expect(heard.end).toBe('none');
});

test('a target that does not read holds the client back, and one that reads again lets it go on', async () => {
  const { heard, peer } = await open();
  peer.socket.pause();
  let drained = 0;
  if (heard.tunnel !== undefined) heard.tunnel.onDrain = () => (drained += 1);
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  let written = 1;
  while (heard.tunnel?.write(chunk) === true) written += 1;
  expect(drained).toBe(0);
  peer.received = '';
  peer.socket.resume();
  await waitFor(() => drained === 1, { what: 'the client may go on' });
  await waitFor(() => peer.received.length === written * chunk.length, { what: 'the target has all' });
});

test('a client that does not read holds the target back', async () => {
  const { heard, peer } = await open();
  const length = 16 * 1024 * 1024;
  heard.onData = () => false;
  peer.socket.write(Buffer.alloc(length, 'x'));
  await waitFor(() => heard.text !== '', { what: 'something has come' });
  expect(heard.text.length).toBeLessThanOrEqual(65_536);
  let answered = heard.text.length;
  heard.text = '';
  heard.onData = (bytes) => {
    answered += bytes.length;
    heard.text = '';
    return true;
  };
  heard.call.resume();
  await waitFor(() => answered === length, { what: 'all has come' });
});

test('a target that does not switch answers as to any other request', async () => {
  const target = await RawTarget.answering('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno');
  expect(await new Sender([target.url]).send({ upgrade: 'websocket' }).summary()).toBe('426 no whole');
});
