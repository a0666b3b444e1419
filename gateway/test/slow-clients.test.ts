// Clients that send a head, a body, or take an answer, as slowly as they can. 300 of them here; SLOW_CLIENTS=5000 for as many as
// a person wants to see: they leave normal traffic served, and cost a bounded memory each.
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
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
  const upstream = await stack.upstream((_req, res) => res.end('ok'));
  const large = await largeUpstream();
  // The slow ones would use up the connections of an upstream by its default bound.
  const slow = { targets: [{ url: large.url }], limits: { connections: 20_000 } };
  stack.feed.publish(documentOf({ one: upstream.url, slow }, [routeTo('one', '/open'), routeTo('slow', '/slow')]));
  const sockets: Socket[] = [];
  try {
    const gateway = await stack.readyGateway();
    const load = new SteadyLoad({ path: '/open', fresh: 2, kept: 2, port: () => gateway.port });
    await waitFor(() => load.answered > 200, { what: 'the load goes on' });
    const before = gateway.residentBytes;
    const kinds = [
      `GET /slow HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `,
      `POST /slow HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n\r\n`,
      `GET /slow/large HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    ];
    let gone = 0;
    for (let index = 0; index < count; index += 1) {
      const socket = connect({ port: gateway.port, host: '127.0.0.1' });
      socket.once('connect', () => socket.write(kinds[index % 3] ?? ''));
      socket.on('error', () => socket.destroy());
      socket.once('close', () => (gone += 1));
      socket.pause();
      sockets.push(socket);
      // As fast as they are let in: this process is the load, too.
      if (index % 100 === 99) {
        const connected = sockets.slice(-100);
        await waitFor(() => connected.every(({ connecting }) => !connecting), {
          what: 'they are let in',
          timeoutMs: 60_000,
        });
      }
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
    const grownBytes = gateway.residentBytes - before;
    clearInterval(dripping);
    await load.stop();
    expect(load.failures).toEqual([]);
    expect([...load.statuses.keys()]).toEqual([200]);
    expect(grownBytes).toBeLessThan(unevenBytes + count * mostBytesEach);
    for (const socket of sockets) socket.destroy();
    await waitFor(async () => (await gateway.metric('sluice_requests_in_flight')) === 0, { what: 'all have gone' });
  } finally {
    for (const socket of sockets) socket.destroy();
    large.child.stdin.end();
    await stack.stop();
  }
}, 240_000);

async function largeUpstream(): Promise<{ url: string; child: ChildProcessByStdio<Writable, Readable, null> }> {
  const file = fileURLToPath(new URL('large-upstream.ts', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${line.toString().trim()}`, child };
}
