// A network between a gateway and Redis that fails as networks do, by a seed: answers get lost with their connection,
// are late, and what was sent arrives once more, later, on another connection. Redis itself is the real one.
import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

export interface UnreliableRedis {
  readonly url: string;
  /** From now on nothing gets through. */
  cut(): Promise<void>;
  /** Connections that are open stay so, and carry nothing any more: the other end has gone without a word. */
  silence(): void;
}

export interface Faults {
  /** Between 0 and 1, in the order in which it is asked. */
  readonly random: () => number;
  readonly loseAnswer: number;
  readonly delayAnswer: number;
  readonly longestDelayMs: number;
  readonly repeatLater: number;
}

export const unreliableRedis = async (port: number, faults: Faults): Promise<UnreliableRedis> => {
  const sockets = new Set<Socket>();
  const silenced = new WeakSet<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };

  /** Executes what was sent before once more; nobody hears the answer. */
  const repeat = (sent: Buffer): void => {
    const socket = keep(connect(port, '127.0.0.1'));
    socket.end(sent);
    socket.resume();
  };

  const server = createServer((client) => {
    keep(client);
    const upstream = keep(connect(port, '127.0.0.1'));
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    client.on('data', (sent) => {
      if (silenced.has(client)) return;
      upstream.write(sent);
      if (faults.random() < faults.repeatLater) setTimeout(() => repeat(sent), faults.random() * faults.longestDelayMs);
    });
    // Answers keep their order: a late one holds up those behind it.
    let last = Promise.resolve();
    const answerAfter = async (former: Promise<void>, answer: Buffer, delayMs: number): Promise<void> => {
      await former;
      if (delayMs > 0) await delay(delayMs);
      if (!client.destroyed) client.write(answer);
    };
    upstream.on('data', (answer) => {
      if (faults.random() < faults.loseAnswer) {
        client.destroy();
        return;
      }
      const delayMs = faults.random() < faults.delayAnswer ? faults.random() * faults.longestDelayMs : 0;
      last = answerAfter(last, answer, delayMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    silence() {
      for (const socket of sockets) silenced.add(socket);
    },
    async cut() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

/** mulberry32: a small generator with a seed, so that a failure can be run again. */
export const seeded = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};
