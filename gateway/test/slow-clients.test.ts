// Clients that send a head, a body, or take an answer, as slowly as they can. 300 of them here; SLOW_CLIENTS=5000 for as many as
// a person wants to see: they leave normal traffic served, and cost a bounded memory each.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { waitFor } from '@sluice/local-stack';
import { expect, test } from 'vitest';
import { host } from './feed-server.js';
import { documentOf, routeTo, Stack } from './stack.js';
import { SteadyLoad } from './steady-load.js';

const count = Number(process.env['SLOW_CLIENTS'] ?? '300');
/** Buffers of both sides of a slow reader, and what Node and V8 keep of a connection. */
const mostBytesEach = 400 * 1024;
const unevenBytes = 100 * 1024 * 1024;

test(`${count} slow heads, slow bodies and slow readers leave normal traffic served, with bounded memory`, async () => {
  const stack = await Stack.start();
  const large = Buffer.alloc(4 * 1024 * 1024, 'x');
  const upstream = await stack.upstream((req, res) => {
    req.resume();
    req.once('end', () => res.end(req.url?.includes('large') === true ? large : 'ok'));
  });
  stack.feed.publish(documentOf({ one: upstream.url }, [routeTo('one', '/open')]));
  const sockets: Socket[] = [];
  try {
    const gateway = await stack.readyGateway();
    const load = new SteadyLoad({ path: '/open', fresh: 2, kept: 2, port: () => gateway.port });
    await waitFor(() => load.answered > 200, { what: 'the load goes on' });
    const before = residentBytes(gateway.pid);
    const kinds = [
      `GET /open HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `,
      `POST /open HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n\r\n`,
      `GET /open/large HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    ];
    let gone = 0;
    for (let index = 0; index < count; index += 1) {
      const socket = connect({ port: gateway.port, host: '127.0.0.1' });
      socket.once('connect', () => socket.write(kinds[index % 3] ?? ''));
      socket.on('error', () => socket.destroy());
      socket.once('close', () => (gone += 1));
      socket.pause();
      sockets.push(socket);
      // Not all in one turn of this process, which is also the load and the upstream.
      if (index % 50 === 49) await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    const dripping = setInterval(() => {
      for (const [index, socket] of sockets.entries()) if (index % 3 !== 2 && !socket.destroyed) socket.write('x');
    }, 1000);
    const inFlight = Math.floor((2 * count) / 3);
    await waitFor(
      async () => (await gateway.metric('sluice_requests_in_flight')) + gone >= Math.floor(inFlight * 0.9),
      { what: 'the slow ones are being served', timeoutMs: 60_000 },
    );
    const answered = load.answered;
    await waitFor(() => load.answered > answered + 500, { what: 'normal traffic is served', timeoutMs: 60_000 });
    const grownBytes = residentBytes(gateway.pid) - before;
    clearInterval(dripping);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect([...load.statuses.keys()]).toEqual([200]);
    expect(grownBytes).toBeLessThan(unevenBytes + count * mostBytesEach);
    for (const socket of sockets) socket.destroy();
    await waitFor(async () => (await gateway.metric('sluice_requests_in_flight')) === 0, { what: 'all have gone' });
  } finally {
    for (const socket of sockets) socket.destroy();
    await stack.stop();
  }
}, 240_000);

function residentBytes(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? Number.NaN) * 1024;
}
