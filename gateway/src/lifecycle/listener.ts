// The listening sockets of one thread. A socket is either bound here, or was left by the process before this one, with
// whatever connections the kernel has queued at it: so nobody is refused while one version takes over from another.
//
// It promises that what was accepted before `close` is served: the kernel resets only what is still queued when the last
// process that has the socket closes it, so `close` accepts what is there first.
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { descriptorOf } from '@sluice/runtime';

export interface ListenAt {
  readonly host: string;
  readonly port: number;
  /** Sockets that listen already, by their file descriptors; none: one is bound to `host` and `port`. */
  readonly fds: readonly number[];
  /** Several sockets of this process are bound to the port, and the kernel spreads connections over them. */
  readonly reusePort: boolean;
}

export interface Listening {
  readonly port: number;
  /** File descriptors, for the process after this one. They are closed by `close`. */
  readonly fds: readonly number[];
}

// Connections that the kernel queues while a thread is in a long turn. The system bounds it (net.core.somaxconn).
const backlog = 4096;

export class Listener {
  readonly #onSocket: (socket: Socket) => void;
  readonly #servers: Server[] = [];

  constructor(onSocket: (socket: Socket) => void) {
    this.#onSocket = onSocket;
  }

  /** Rejects with the error of the system when the port cannot be had. */
  async listen({ host, port, fds, reusePort }: ListenAt): Promise<Listening> {
    if (fds.length === 0) await this.#open({ host, port, reusePort });
    for (const fd of fds) await this.#open({ fd });
    const address = this.#servers[0]?.address();
    return {
      port: typeof address === 'object' && address !== null ? address.port : port,
      fds: this.#servers.map(descriptorOf),
    };
  }

  /** Accepts what is queued, and nothing more. Accepted connections live on. */
  async close(): Promise<void> {
    // Behind the poll for events, which has just accepted until the queue was empty.
    await turn();
    for (const server of this.#servers.splice(0)) server.close();
  }

  async #open(where: { host: string; port: number; reusePort: boolean } | { fd: number }): Promise<void> {
    // A client that has sent its request may close its side and still wait for the answer.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, this.#onSocket);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ ...where, backlog }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    // A connection that cannot be accepted (no file descriptor is left) is not the end of a thread.
    server.on('error', () => {});
    this.#servers.push(server);
  }
}
