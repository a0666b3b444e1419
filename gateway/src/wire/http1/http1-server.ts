// HTTP/1.1 on plain sockets: every connection that is open, and their end.
import type { Socket } from 'node:net';
import { connectionRoom } from '../../http1/connection-room.js';
import type { ConnectionRoom } from '../../http1/connection-room.js';
import type { DrainBounds, WireOptions, WireServer } from '../exchange.js';
import type { OpenedFor } from '../tls/opened-for.js';
import { Connection } from './connection.js';

/** Of connections with a request, when room is sought: it costs time of those who are served. */
const mostPassedOver = 100;

export class Http1Server implements WireServer {
  readonly #connections = new Set<Connection>();
  readonly #settings: WireOptions & { room: ConnectionRoom; drainIdleMs: number | undefined };
  readonly #onClosed = (connection: Connection): void => {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#onEmpty?.();
  };
  #onEmpty: (() => void) | undefined;

  constructor(options: WireOptions, room = connectionRoom()) {
    this.#settings = { ...options, room, drainIdleMs: undefined };
  }

  /** @param openedFor over TLS. */
  accept(socket: Socket, openedFor?: OpenedFor): void {
    this.#connections.add(new Connection(socket, openedFor, this.#settings, this.#onClosed));
  }

  makeRoom(): boolean {
    // Of those that serve one now, each is passed over once in a while only.
    for (const connection of this.#connections.values().take(mostPassedOver)) {
      this.#connections.delete(connection);
      if (connection.isUnused) {
        connection.destroy();
        return true;
      }
      this.#connections.add(connection);
    }
    return false;
  }

  async drain({ boundMs, idleMs }: DrainBounds): Promise<void> {
    this.#settings.drainIdleMs = idleMs;
    for (const connection of this.#connections) connection.closeIfIdleIn(Math.min(idleMs, boundMs));
    if (this.#connections.size === 0) return;
    const bound = setTimeout(() => {
      for (const connection of this.#connections) connection.destroy();
    }, boundMs);
    await new Promise<void>((resolve) => (this.#onEmpty = resolve));
    clearTimeout(bound);
  }
}
