// The connections to one target of one upstream of one tenant: those in use, those that rest, and the requests that wait
// for one. No byte of one tenant ever follows another's here: a target belongs to one upstream, and that to one tenant.
import type { ConnectionRoom } from '../../http1/connection-room.js';
import type { Target } from '../target.js';
import type { TargetSet } from '../target-set.js';
import { Connection } from './connection.js';
import type { ConnectionOwner, ConnectionTimes, ConnectionUser } from './connection.js';
import type { SocketOpener } from './socket-opener.js';

interface Waiting {
  readonly user: ConnectionUser;
  readonly credential: string;
}

export interface TargetConnectionsOptions {
  readonly target: Target;
  readonly targets: TargetSet;
  /** As each request's head names the target. */
  readonly hostLine: string;
  readonly opener: SocketOpener;
  readonly times: ConnectionTimes;
  readonly room: ConnectionRoom;
  /** The first connection is opened, or the last one has closed. */
  readonly onUse: (isInUse: boolean) => void;
}

export type Taken = 'open' | 'waiting' | 'full';

export class TargetConnections implements ConnectionOwner {
  /** In the order of their last use. */
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #all = new Set<Connection>();
  readonly #target: Target;
  readonly #targets: TargetSet;
  readonly #options: TargetConnectionsOptions;
  #isClosing = false;

  constructor(options: TargetConnectionsOptions) {
    this.#options = options;
    this.#target = options.target;
    this.#targets = options.targets;
  }

  get hostLine(): string {
    return this.#options.hostLine;
  }

  /**
   * `open`: the user is told of its connection, within this call if one is there. `waiting`: when its turn comes, unless
   * it leaves. `full`: never.
   *
   * @param credential whose requests alone may have used the connection; empty: anyone of the tenant.
   */
  take(user: ConnectionUser, credential: string): Taken {
    const idle = this.#takeIdle(credential);
    if (idle !== undefined) {
      idle.serve(user);
      return 'open';
    }
    if (this.#takeRoom()) {
      this.#open(user, credential);
      return 'open';
    }
    if (!this.#targets.takePending(this.#target)) return 'full';
    this.#waiting.push({ user, credential });
    this.#options.room.turns.hasten();
    return 'waiting';
  }

  /** A user that waits does so no longer. */
  leave(user: ConnectionUser): void {
    const at = this.#waiting.findIndex((one) => one.user === user);
    if (at === -1) return;
    this.#waiting.splice(at, 1);
    this.#targets.givePending(this.#target);
  }

  /** Ends what nobody uses, and the rest with its answers. */
  close(): void {
    this.#isClosing = true;
    for (const connection of this.#idle.slice()) connection.destroy();
  }

  onConnected(connection: Connection): void {
    this.onRested(connection);
  }

  onServed(connection: Connection): void {
    if (this.#isClosing || this.#options.times.keepAliveMs === 0) connection.destroy();
    else {
      this.#options.room.turns.rest(connection);
      if (this.#waiting.length > 0) this.#options.room.turns.hasten();
    }
  }

  onRested(connection: Connection): void {
    const next = this.#waiting[0];
    if (this.#isClosing || (next !== undefined && next.credential !== connection.credential)) {
      connection.destroy(); // and with it, there is room for another
      return;
    }
    if (next === undefined) {
      this.#idle.push(connection);
      connection.idle();
      return;
    }
    this.leave(next.user);
    connection.serve(next.user);
  }

  onClosed(connection: Connection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
    this.#targets.giveConnection(this.#target);
    this.#openForNext();
    if (this.#all.size === 0) this.#options.onUse(false);
  }

  #openForNext(): void {
    const next = this.#waiting[0];
    if (next === undefined || !this.#targets.takeConnection(this.#target)) return;
    this.leave(next.user);
    this.#open(next.user, next.credential);
  }

  // The last used first: those beyond the need grow old, and are closed.
  #takeIdle(credential: string): Connection | undefined {
    for (let at = this.#idle.length - 1; at >= 0; at -= 1) {
      const connection = this.#idle[at];
      if (connection?.credential !== credential) continue;
      if (at === this.#idle.length - 1) this.#idle.pop();
      else this.#idle.splice(at, 1);
      return connection;
    }
    return undefined;
  }

  #takeRoom(): boolean {
    if (this.#targets.takeConnection(this.#target)) return true;
    // One that only another credential's requests may use makes room.
    const oldest = this.#idle[0];
    if (oldest === undefined) return false;
    oldest.destroy();
    return this.#targets.takeConnection(this.#target);
  }

  #open(user: ConnectionUser, credential: string): void {
    const { opener, times, room, onUse } = this.#options;
    const connection = new Connection({ opener, user, credential, owner: this, times, room });
    if (this.#all.size === 0) onUse(true);
    this.#all.add(connection);
    user.onConnecting(connection);
  }
}
