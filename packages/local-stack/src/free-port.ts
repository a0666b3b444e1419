// A TCP port of the loopback interface that nobody listens on at this moment. It is drawn from below the range that the
// system takes for outgoing connections, so that neither those nor another test is likely to take it before it is used.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(15_000, 32_000);
    if (await isPortFree(port)) return port;
  }
  throw new Error('No free TCP port was found between 15000 and 32000.');
};

/** True when nothing listens on the port, so that a server may be started on it. */
export const isPortFree = async (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, host, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
