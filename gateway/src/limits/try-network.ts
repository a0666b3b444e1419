// A network between a gateway and a real Redis that a test can end: by closing all connections, or without a word.
import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

export interface TriedNetwork {
  readonly url: string;
  /** From now on nothing gets through. */
  cut(): Promise<void>;
  /** Connections that are open stay so, and carry nothing any more: the other end has gone without a word. */
  silence(): void;
}

export const tryNetwork = async (redisUrl: string): Promise<TriedNetwork> => {
  const sockets = new Set<Socket>();
  const silenced = new WeakSet<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    const upstream = keep(connect(Number(new URL(redisUrl).port), '127.0.0.1'));
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    client.on('data', (sent) => {
      if (!silenced.has(client)) upstream.write(sent);
    });
    upstream.on('data', (answer) => {
      if (!silenced.has(client)) client.write(answer);
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
