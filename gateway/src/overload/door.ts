// Stands between the listening sockets and the wire: within the bounds a connection goes in, beyond them it is told so in one
// write, before anything of it is parsed, and closed; over TLS it is only closed. At the process's bound, who has sent no
// request yet makes room first.
import type { Socket } from 'node:net';
import { newId, problem, problems } from '@sluice/contracts';
import type { ConnectionCounts } from './connection-bounds.js';

export interface DoorParts {
  readonly counts: ConnectionCounts;
  readonly accept: (socket: Socket) => void;
  /** What comes in has its handshake before it: an answer in clear would be garbage to it. */
  readonly isTls: boolean;
  /** Closes a connection on which no request is under way; false: there is none. */
  readonly makeRoom: () => boolean;
  readonly onRefused: (reason: 'full' | 'address-full') => void;
}

// A client that has sent its request already would see a reset instead of the answer if its bytes were not taken.
const lingerMs = 1000;
const mostLingering = 256;

export class Door {
  readonly #parts: DoorParts;
  #lingering = 0;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  arrive(socket: Socket): void {
    const { counts, accept, makeRoom } = this.#parts;
    const address = socket.remoteAddress;
    // It has gone while it was queued.
    if (address === undefined) return void socket.destroy();
    let entry = counts.enter(address);
    // The other one is counted until it has closed, in a moment.
    if (entry === 'full' && makeRoom()) entry = counts.enter(address, true);
    if (entry !== 'in') return this.#refuse(socket, entry);
    socket.once('close', () => counts.leave(address));
    accept(socket);
  }

  #refuse(socket: Socket, reason: 'full' | 'address-full'): void {
    this.#parts.onRefused(reason);
    socket.on('error', () => socket.destroy());
    if (this.#parts.isTls) {
      socket.destroy();
      return;
    }
    if (this.#lingering >= mostLingering) {
      socket.resetAndDestroy();
      return;
    }
    this.#lingering += 1;
    const timer = setTimeout(() => socket.destroy(), lingerMs).unref();
    socket.once('close', () => {
      clearTimeout(timer);
      this.#lingering -= 1;
    });
    socket.resume();
    socket.end(refusal(reason));
  }
}

function refusal(reason: 'full' | 'address-full'): string {
  const detail =
    reason === 'full'
      ? 'The gateway has as many connections as it may. Try again in a few seconds.'
      : 'Your address has as many connections to the gateway as it may. Close some, or use them for several requests.';
  const body = JSON.stringify(problem('overloaded', detail, { instance: '/', requestId: newId('request') }));
  const lines = [
    `HTTP/1.1 ${problems.overloaded.status} Service Unavailable`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'retry-after: 2',
    'connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
