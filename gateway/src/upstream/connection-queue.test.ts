import { waitFor } from '@sluice/local-stack';
import { expect, test } from 'vitest';
import { RawTarget, Sender } from './try-target.js';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
// One connection, and a queue of two.
const limits = { connections: 1, pending: 2 };

test('a request that finds the queue of its target full is refused at once', async () => {
  const target = await RawTarget.start();
  const sender = new Sender([target.url], { limits });
  const heard = [sender.send()];
  const peer = await target.peer(0);
  await peer.requests(1);
  heard.push(sender.send(), sender.send(), sender.send(), sender.send());
  await waitFor(() => heard.filter(({ end }) => end !== 'none').length === 2, { what: 'two are refused' });
  expect(heard.map(({ end }) => end)).toEqual(['none', 'none', 'none', 'upstream_overloaded', 'upstream_overloaded']);
  // Those in the queue get their turn, in order.
  for (let answered = 0; answered < 3; answered += 1) {
    await peer.requests(answered + 1);
    peer.say(ok);
    expect(await heard[answered]?.summary()).toBe('200 ok whole');
  }
  expect(target.peers.length).toBe(1);
});

test('a request that gives up in the queue leaves it', async () => {
  const target = await RawTarget.start();
  const sender = new Sender([target.url], { limits });
  const first = sender.send();
  const peer = await target.peer(0);
  const gone = sender.send({ path: '/gone' });
  const last = sender.send({ path: '/last' });
  gone.call.abort();
  const another = sender.send({ path: '/another' });
  for (const heard of [first, last, another]) {
    await peer.requests(1);
    peer.received = '';
    peer.say(ok);
    expect(await heard.summary()).toBe('200 ok whole');
  }
  expect(gone.end).toBe('none');
});

test('the time in the queue counts against the upstream’s timeout', async () => {
  const target = await RawTarget.start((peer) => {
    peer.socket.once('data', () => peer.say('HTTP/1.1 200 OK\r\n\r\nbegun, and never ended'));
  });
  const sender = new Sender([target.url], { limits, timeoutMs: 500 });
  const first = sender.send();
  await waitFor(() => first.status === 200, { what: 'the first has its head' });
  const second = await sender.send().over();
  expect([second.end, first.end, target.peers.length]).toEqual(['upstream_timeout', 'none', 1]);
});

test('a connection that breaks makes room for the next in the queue', async () => {
  const target = await RawTarget.start((peer, index) => {
    peer.socket.on('data', () => (index === 0 ? peer.socket.destroy() : peer.say(ok)));
  });
  const sender = new Sender([target.url], { limits });
  const heard = [sender.send(), sender.send(), sender.send()];
  expect([await heard[0]?.summary(), await heard[1]?.summary(), await heard[2]?.summary()]).toEqual([
    '0  upstream_failed',
    '200 ok whole',
    '200 ok whole',
  ]);
});

test('a connection that is no longer wanted when it opens serves the next request', async () => {
  const target = await RawTarget.answering(ok);
  const sender = new Sender([target.url], { limits });
  sender.send({ path: '/gone' }).call.abort();
  expect(await sender.send().summary()).toBe('200 ok whole');
  expect([target.peers.length, target.peers[0]?.received.includes('/gone')]).toEqual([1, false]);
});

test('another credential’s connection makes room where the target has no more', async () => {
  const target = await RawTarget.answering(ok);
  const sender = new Sender([target.url], { limits, reuse: 'credential' });
  for (const credential of ['key_1', 'key_2', 'key_1'])
    expect(await sender.send({ credential }).summary()).toBe('200 ok whole');
  expect(target.peers.length).toBe(3);
});
