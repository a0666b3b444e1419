// One connection to a target. It serves one request at a time, for one user, and another one only when everything about
// the answer before was as the RFC has it: both messages whole, nothing behind them, nothing said meanwhile. A byte that
// nobody asked for closes it (what else could it be an answer to?).
import type { Socket } from 'node:net';
import type { Body } from '../../http1/body.js';
import type { ConnectionRoom } from '../../http1/connection-room.js';
import type { ResponseHead } from '../../http1/response-head.js';
import type { WheelTimer } from '../../http1/timer-wheel.js';
import { TurnWriter } from '../../http1/turn-writer.js';
import type { UpstreamFailure, UpstreamTunnel } from '../upstream.js';
import { AnswerReader } from './answer-reader.js';
import type { AnswerListener } from './answer-reader.js';
import { keepAliveHintMs } from './keep-alive-hint.js';
import type { SocketOpener } from './socket-opener.js';
import { relayEarlyAnswer } from './relay-early-answer.js';
import { SocketTunnel } from './socket-tunnel.js';
import type { Rested } from '../../http1/turns.js';
import { Upload } from './upload.js';
import type { UploadListener } from './upload.js';

/** Who has asked for a connection, and what it tells this one. After `onEnd`, `onBroken`, `onUnsent` and `onUnopened`: nothing. */
export interface ConnectionUser {
  /** One is being opened for it. */
  onConnecting(connection: Connection): void;
  /** The connection is the user's: it sends now. */
  onOpen(connection: Connection): void;
  /** There is none, and no target has seen anything. */
  onUnopened(failure: UpstreamFailure): void;
  onSent(bytes: number): void;
  onHead(status: number, headers: readonly string[]): void;
  /** The target speaks another protocol from here on. */
  onUpgrade(headers: readonly string[], tunnel: UpstreamTunnel): void;
  /** False: no more until `resume`; the chunk is the user's until then, otherwise during the call only. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onBroken(failure: UpstreamFailure): void;
  /** It is over before a byte of the request has gone out. */
  onUnsent(failure: UpstreamFailure): void;
}

export interface ConnectionOwner {
  onConnected(connection: Connection): void;
  /** Its answer is over, and it may serve another request after a turn of the event loop. */
  onServed(connection: Connection): void;
  onRested(connection: Connection): void;
  onClosed(connection: Connection): void;
}

export interface ConnectionTimes {
  readonly connectMs: number;
  readonly idleMs: number;
  readonly keepAliveMs: number;
}

export interface Sending {
  readonly method: string;
  readonly head: string;
  readonly body: Body | null;
  /** From having sent it to the first byte of the answer, and while the target takes nothing of its body. */
  readonly timeoutMs: number;
  readonly mayUpgrade: boolean;
}

// Most answers fit into the first; a read that fills it shows one that does not. Bodies are often made of blocks of 64 KB: one
// behind its head is one read, and so one write to the client.
const firstBufferBytes = 16_384;
const bufferBytes = 65_536 + 4096;

export interface ConnectionOptions {
  readonly opener: SocketOpener;
  /** That it is opened for. */
  readonly user: ConnectionUser;
  /** Whose requests alone it serves; empty: all of the tenant's. */
  readonly credential: string;
  readonly owner: ConnectionOwner;
  readonly times: ConnectionTimes;
  readonly room: ConnectionRoom;
}

export class Connection implements AnswerListener, UploadListener, Rested {
  readonly credential: string;
  readonly #owner: ConnectionOwner;
  readonly #times: ConnectionTimes;
  #user: ConnectionUser | undefined;
  #buffer = Buffer.allocUnsafeSlow(firstBufferBytes);
  #isBufferSmall = false;
  /** What the user has said no to, or has not been given yet, lies in the buffer: the next bytes need another. */
  #isBufferTaken = false;
  readonly #socket: Socket;
  readonly #writer: TurnWriter;
  readonly #timer: WheelTimer;
  readonly #answer = new AnswerReader(this);
  #upload: Upload | undefined;
  /** The writer's count when it was given the request. */
  #sendsBefore = 0;
  #timeoutMs = 0;
  #mayUpgrade = false;
  #isOpen = false;
  #isClosed = false;
  #isUploaded = true;
  #tunnel: SocketTunnel | undefined;
  #held: Buffer | undefined;
  #isPaused = false;
  #hasFin = false;
  #keepAliveMs = 0;

  constructor({ opener, user, credential, owner, times, room }: ConnectionOptions) {
    this.#user = user;
    this.credential = credential;
    this.#owner = owner;
    this.#times = times;
    this.#timer = room.wheel.timer(() => this.#onDue());
    this.#timer.set(times.connectMs);
    this.#socket = opener.open({
      buffer: () => this.#nextBuffer(),
      callback: (count, buffer) => this.#onRead(buffer as Buffer, count),
    });
    this.#writer = new TurnWriter(this.#socket, room.turns, () => this.#upload?.flushed());
    this.#socket
      .once(opener.openedBy, () => this.#onOpened())
      .on('end', () => this.#onFin())
      .on('error', (error) => this.#close(opener.failureOf(error)))
      .on('close', () => this.#close('upstream_failed'));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** It has rested, and is the user's now. */
  serve(user: ConnectionUser): void {
    this.#user = user;
    this.#timer.clear();
    user.onOpen(this);
  }

  send({ method, head, body, timeoutMs, mayUpgrade }: Sending): void {
    this.#answer.begin(method);
    this.#sendsBefore = this.#writer.sends;
    this.#timeoutMs = timeoutMs;
    this.#mayUpgrade = mayUpgrade;
    if (body === null) {
      this.#isUploaded = true;
      this.#writer.text(head);
      this.#timer.set(timeoutMs);
      return;
    }
    this.#isUploaded = false;
    if (this.#upload === undefined) relayEarlyAnswer(this.#socket);
    this.#writer.text(head);
    this.#upload = new Upload(this.#writer, this, body);
  }

  /** The user takes more. */
  resume(): void {
    if (!this.#isPaused || this.#isClosed) return;
    this.#isPaused = false;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#take(held, 0);
    if (!this.#mayRead()) return;
    if (this.#hasFin) {
      this.#onFin();
      return;
    }
    if (this.#user !== undefined) this.#timer.set(this.#times.idleMs);
    this.#socket.resume();
  }

  /** Its user has no more use for it, and is told nothing. One that is still being opened will serve another. */
  abandon(): void {
    this.#user = undefined;
    if (this.#isOpen) this.destroy();
  }

  /** Closes it; a user that it has is told nothing. */
  destroy(): void {
    this.#user = undefined;
    this.#close('upstream_failed');
  }

  /** Nobody uses it. Closed when it has not been asked for in time. */
  idle(): void {
    this.#timer.set(Math.min(this.#times.keepAliveMs, this.#keepAliveMs));
  }

  onRested(): void {
    if (!this.#isClosed) this.#owner.onRested(this);
  }

  onHead(head: ResponseHead): boolean {
    const user = this.#user;
    if (user === undefined) return false;
    if (head.status === 101) this.#upgrade(head, user);
    else user.onHead(head.status, head.headers);
    return this.#user === user && !this.#isClosed;
  }

  onBytes(bytes: Buffer): boolean {
    const user = this.#user;
    if (user === undefined) return false;
    if (user.onData(bytes)) return true;
    this.#isPaused = true;
    this.#isBufferTaken = true;
    return false;
  }

  onSent(bytes: number): void {
    this.#user?.onSent(bytes);
  }

  onBlocked(isBlocked: boolean): void {
    if (this.#answer.head !== undefined) return;
    if (isBlocked) this.#timer.set(this.#timeoutMs);
    else this.#timer.clear();
  }

  onUploaded(): void {
    this.#isUploaded = true;
    if (this.#answer.head === undefined) this.#timer.set(this.#timeoutMs);
  }

  onBodyBroken(): void {
    this.#close('bad_request');
  }

  #nextBuffer(): Buffer {
    if (this.#isBufferTaken || this.#isBufferSmall) {
      this.#isBufferTaken = false;
      this.#isBufferSmall = false;
      this.#buffer = Buffer.allocUnsafeSlow(bufferBytes);
    }
    return this.#buffer;
  }

  #onOpened(): void {
    if (this.#isClosed) return;
    this.#isOpen = true;
    this.#timer.clear();
    if (this.#user === undefined) this.#owner.onConnected(this);
    else this.#user.onOpen(this);
  }

  // False stops reading until the socket is resumed.
  #onRead(buffer: Buffer, count: number): boolean {
    this.#isBufferSmall = count === firstBufferBytes && buffer.length === firstBufferBytes;
    this.#take(count === buffer.length ? buffer : buffer.subarray(0, count), 0);
    return this.#mayRead();
  }

  #mayRead(): boolean {
    return !this.#isPaused && !this.#isClosed;
  }

  /** Of the request that it serves. */
  get #isUnsent(): boolean {
    return this.#writer.sends === this.#sendsBefore;
  }

  #take(bytes: Buffer, from: number): void {
    const user = this.#user;
    if (user === undefined || this.#isClosed) {
      this.destroy();
      return;
    }
    // Whatever it answers, it is not what still waits for the end of the turn.
    if (this.#isUnsent) {
      this.#close('upstream_failed');
      return;
    }
    if (this.#isPaused) {
      // TLS hands on what it has decrypted already.
      this.#held = this.#held === undefined ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
      return;
    }
    const at = this.#answer.push(bytes, from);
    // Told of something, it may have given up the request, and this connection with it.
    if (this.#user !== user || this.#isClosed) return;
    if (at === -1) this.#close('upstream_failed');
    else if (this.#answer.isOver) this.#finish(user, at === bytes.length);
    else if (this.#answer.head !== undefined) {
      if (at < bytes.length) this.#hold(bytes.subarray(at));
      // What the user does not take is no fault of the target's.
      if (this.#isPaused || this.#tunnel !== undefined || !this.#isUploaded) this.#timer.clear();
      else this.#timer.set(this.#times.idleMs);
    }
  }

  #hold(bytes: Buffer): void {
    this.#held = bytes;
    this.#isPaused = true;
    this.#isBufferTaken = true;
  }

  #upgrade(head: ResponseHead, user: ConnectionUser): void {
    if (!this.#mayUpgrade) {
      this.#close('upstream_failed');
      return;
    }
    this.#tunnel = new SocketTunnel(this.#socket);
    user.onUpgrade(head.headers, this.#tunnel);
  }

  #onFin(): void {
    this.#hasFin = true;
    if (this.#isPaused && !this.#isClosed) return;
    const user = this.#user;
    if (user !== undefined && this.#answer.close()) this.#finish(user, false);
    else this.#close('upstream_failed');
  }

  #finish(user: ConnectionUser, isClean: boolean): void {
    const { head } = this.#answer;
    const isReusable = isClean && this.#isUploaded && head?.isKeptAlive === true && !this.#socket.writableEnded;
    this.#user = undefined;
    this.#isPaused = false;
    this.#timer.clear();
    if (isReusable) {
      this.#keepAliveMs = keepAliveHintMs(head.headers);
      this.#owner.onServed(this);
    } else this.destroy();
    user.onEnd();
  }

  #onDue(): void {
    this.#close(this.#isOpen ? 'upstream_timeout' : 'upstream_failed');
  }

  #close(failure: UpstreamFailure): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer.clear();
    this.#upload?.stop();
    this.#held = undefined;
    const user = this.#user;
    this.#user = undefined;
    this.#socket.destroy();
    this.#owner.onClosed(this);
    if (user === undefined) return;
    if (!this.#isOpen) user.onUnopened(failure === 'upstream_failed' ? 'upstream_unreachable' : failure);
    else if (this.#isUnsent) user.onUnsent(failure);
    else user.onBroken(failure);
  }
}
