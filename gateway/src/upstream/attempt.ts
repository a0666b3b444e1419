// One try of a request at one target. It tells its end once, and nothing after it was given up.
import { performance } from 'node:perf_hooks';
import type { Body } from '../http1/body.js';
import type { Target } from './target.js';
import type { Connection, ConnectionUser } from './http1/connection.js';
import type { TargetConnections } from './http1/target-connections.js';
import type { UpstreamFailure, UpstreamTunnel } from './upstream.js';

export interface AttemptReceiver {
  onHead(attempt: Attempt, status: number, headers: readonly string[]): void;
  onUpgrade(attempt: Attempt, headers: readonly string[], tunnel: UpstreamTunnel): void;
  onData(chunk: Uint8Array): boolean;
  onEnd(): void;
  /** No target can have seen anything of the request while no connection was open for it. */
  onFailed(attempt: Attempt, failure: UpstreamFailure): void;
}

export interface AttemptOptions {
  readonly connections: TargetConnections;
  readonly credential: string;
  readonly method: string;
  readonly head: string;
  readonly body: Body | null;
  readonly mayUpgrade: boolean;
  /** From having sent the request to the first byte of the answer; also the longest wait for a connection in use. */
  readonly timeoutMs: number;
  /** From now to the first byte of the answer. */
  readonly perTryTimeoutMs: number | undefined;
}

// An answer that is not wanted is read to its end, so that its connection can be used again; a long or slow one is not.
const mostDropped = 65_536;
const longestDropMs = 1000;

export class Attempt implements ConnectionUser {
  sentBytes = 0;
  firstByteMs = 0;
  hasHead = false;
  #connection: Connection | undefined;
  #sentAt = 0;
  #isOpened = false;
  #isOver = false;
  #isWaiting = false;
  /** To another connection than its first. */
  #isMoved = false;
  #droppedBytes = 0;
  #queueTimer: NodeJS.Timeout | undefined;
  #tryTimer: NodeJS.Timeout | undefined;
  #dropTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly target: Target,
    private readonly receiver: AttemptReceiver,
    private readonly options: AttemptOptions,
  ) {}

  /** False: the target has no room for it, and nothing has begun. */
  start(): boolean {
    const { perTryTimeoutMs } = this.options;
    if (!this.#takeConnection()) return false;
    if (perTryTimeoutMs !== undefined) this.#tryTimer = setTimeout(() => this.#timeOut(), perTryTimeoutMs);
    return true;
  }

  /** A connection was open: the target may have seen the request. */
  get isOpened(): boolean {
    return this.#isOpened;
  }

  resume(): void {
    this.#connection?.resume();
  }

  abort(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#release();
  }

  /** Its answer is not wanted. */
  drop(): void {
    this.#finish();
    this.#dropTimer = setTimeout(() => this.#connection?.destroy(), longestDropMs);
    this.#connection?.resume();
  }

  onConnecting(connection: Connection): void {
    this.#isWaiting = false;
    this.#connection = connection;
  }

  onOpen(connection: Connection): void {
    const { method, head, body, timeoutMs, mayUpgrade } = this.options;
    clearTimeout(this.#queueTimer);
    this.#isWaiting = false;
    this.#isOpened = true;
    this.#connection = connection;
    this.#sentAt = performance.now();
    connection.send({ method, head, body, timeoutMs, mayUpgrade });
  }

  onUnopened(failure: UpstreamFailure): void {
    this.onBroken(failure);
  }

  onSent(bytes: number): void {
    this.sentBytes += bytes;
  }

  onHead(status: number, headers: readonly string[]): void {
    this.#begin();
    this.receiver.onHead(this, status, headers);
  }

  onUpgrade(headers: readonly string[], tunnel: UpstreamTunnel): void {
    this.#begin();
    this.receiver.onUpgrade(this, headers, tunnel);
  }

  onData(chunk: Buffer): boolean {
    if (!this.#isOver) return this.receiver.onData(chunk);
    this.#droppedBytes += chunk.length;
    if (this.#droppedBytes > mostDropped) this.#connection?.destroy();
    return true;
  }

  onEnd(): void {
    clearTimeout(this.#dropTimer);
    this.#connection = undefined;
    if (this.#isOver) return;
    this.#finish();
    this.receiver.onEnd();
  }

  onBroken(failure: UpstreamFailure): void {
    clearTimeout(this.#dropTimer);
    this.#connection = undefined;
    if (this.#isOver) return;
    this.#finish();
    this.receiver.onFailed(this, failure);
  }

  /**
   * Nobody can have seen anything of the request: it goes out on another connection. Once, or a target that speaks first
   * would keep it going round; and not with a body, of which some may have been read.
   */
  onUnsent(failure: UpstreamFailure): void {
    if (this.#isOver || this.#isMoved || this.options.body !== null) return this.onBroken(failure);
    this.#isMoved = true;
    this.#isOpened = false;
    this.#connection = undefined;
    if (!this.#takeConnection()) this.onBroken(failure);
  }

  #takeConnection(): boolean {
    const { connections, credential, timeoutMs } = this.options;
    const taken = connections.take(this, credential);
    if (taken === 'waiting') {
      this.#isWaiting = true;
      this.#queueTimer = setTimeout(() => this.#timeOut(), timeoutMs);
    }
    return taken !== 'full';
  }

  #begin(): void {
    this.hasHead = true;
    this.#clearTimers();
    this.firstByteMs = performance.now() - this.#sentAt;
  }

  #timeOut(): void {
    if (this.#isOver) return;
    this.abort();
    this.receiver.onFailed(this, 'upstream_timeout');
  }

  #release(): void {
    if (this.#isWaiting) this.options.connections.leave(this);
    this.#connection?.abandon();
    this.#connection = undefined;
  }

  #finish(): void {
    this.#isOver = true;
    this.#clearTimers();
  }

  #clearTimers(): void {
    clearTimeout(this.#queueTimer);
    clearTimeout(this.#tryTimer);
  }
}
