// HTTP/1.1 on plain sockets: every connection that is open, and their end.
import type { Socket } from 'node:net';
import { connectionRoom } from '../../http1/connection-room.js';
import type { ConnectionRoom } from '../../http1/connection-room.js';
import type { DrainBounds, WireOptions, WireServer } from '../exchange.js';
import type { OpenedFor } from '../tls/opened-for.js';
import { Connection } from './connection.js';

/** Of connections with a request, when room is sought: it costs time of those who are served. */
const mostPassedOver = 100;
/** Clients at the other end of the world come through their handshake in less. */
const handshakeGraceMs = 1000;

export class Http1Server implements WireServer {
  readonly #connections = new Set<Connection>();
  readonly #settings: WireOptions & { room: ConnectionRoom; drainIdleMs: number | undefined };
  /** On their way here and not there yet, with the moment when they set out; the oldest first. */
  readonly #expected = new Map<Socket, number>();
  readonly #onClosed = (connection: Connection): void => {
    this.#connections.delete(connection);
    this.#tellIfEmpty();
  };
  /** While it drains: when the last connection has closed, and when all that are left are broken. */
  readonly #emptied = Promise.withResolvers<void>();
  #breakAtMs = Infinity;
  #breaking: NodeJS.Timeout | undefined;

  constructor(options: WireOptions, room = connectionRoom()) {
    this.#settings = { ...options, room, drainIdleMs: undefined };
  }

  /** The socket's handshake has begun: a drain waits until it is accepted or closed. */
  expect(socket: Socket): void {
    this.#expected.set(socket, performance.now());
    socket.once('close', () => {
      if (this.#expected.delete(socket)) this.#tellIfEmpty();
    });
  }

  /** @param openedFor over TLS. */
  accept(socket: Socket, openedFor?: OpenedFor): void {
    if (openedFor !== undefined) this.#expected.delete(socket);
    this.#connections.add(new Connection(socket, openedFor, this.#settings, this.#onClosed));
  }

  makeRoom(): boolean {
    return this.#closeHandshake() || this.#closeUnused();
  }

  async drain({ boundMs, idleMs }: DrainBounds): Promise<void> {
    const breakAtMs = Math.min(performance.now() + boundMs, this.#breakAtMs);
    const leftMs = Math.max(0, breakAtMs - performance.now());
    this.#breakAtMs = breakAtMs;
    this.#settings.drainIdleMs = Math.min(idleMs, this.#settings.drainIdleMs ?? Infinity);
    for (const connection of this.#connections) connection.closeIfIdleIn(Math.min(this.#settings.drainIdleMs, leftMs));
    clearTimeout(this.#breaking);
    this.#breaking = setTimeout(() => {
      for (const socket of this.#expected.keys()) socket.destroy();
      for (const connection of this.#connections) connection.cut('drain');
    }, leftMs);
    this.#tellIfEmpty();
    await this.#emptied.promise;
    clearTimeout(this.#breaking);
  }

  // One that has just begun is a client like the one that it would have to make room for.
  #closeHandshake(): boolean {
    const [oldest] = this.#expected;
    if (oldest === undefined || performance.now() - oldest[1] < handshakeGraceMs) return false;
    this.#expected.delete(oldest[0]);
    oldest[0].destroy();
    this.#tellIfEmpty();
    return true;
  }

  #closeUnused(): boolean {
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

  get #isEmpty(): boolean {
    return this.#connections.size === 0 && this.#expected.size === 0;
  }

  #tellIfEmpty(): void {
    if (this.#isEmpty && this.#settings.drainIdleMs !== undefined) this.#emptied.resolve();
  }
}
