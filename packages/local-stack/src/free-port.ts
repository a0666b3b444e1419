// A TCP port of the loopback interface for a server that starts soon. It is drawn from below the range that the system takes
// for outgoing connections, and marked as drawn: by a UDP socket of the same number, which lasts as long as this process,
// so that no other test draws it before the server listens.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const firstPort = 15_000;
const endPort = 32_000;
const host = '127.0.0.1';

/** @param besides must be free, too, and is marked with it: as far above it. */
export const freePort = async (besides?: number): Promise<number> => {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const port = randomInt(firstPort, endPort - (besides ?? 0));
    if (!(await drawPort(port))) continue;
    if (besides === undefined || (await drawPort(port + besides))) return port;
  }
  throw new Error(`No free TCP port was found between ${firstPort} and ${endPort}.`);
};

const drawPort = async (port: number): Promise<boolean> => (await isPortFree(port)) && (await mark(port));

const mark = async (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.unref();
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: host, exclusive: true }, () => {
      resolve(true);
    });
  });

/** True when nothing listens on the port, so that a server may be started on it. */
export const isPortFree = async (port: number, at = host): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, at, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
