// One request's body on its way into a connection, and the head before it. What has come in one piece goes out in one
// write; a head whose body does not come at once goes ahead of it. A body that breaks off, or is not as long as it said,
// never gets an end that looks like one. Never reused: a body may say something after its last byte.
import type { Socket } from 'node:net';
import type { Body, BodyReader } from '../../http1/body.js';
import { encodeChunk, lastChunk } from '../../http1/chunk-encoder.js';
import type { Deferred } from './turns.js';

export interface UploadListener {
  onSent(bytes: number): void;
  /** The target takes no more, or takes more again. */
  onBlocked(isBlocked: boolean): void;
  onUploaded(): void;
  /** The client's side of it failed. */
  onBodyBroken(): void;
}

// Copying that much is cheaper than a second buffer to the kernel.
const mostJoinedBytes = 16_384;
// Of copies, so much may wait in the socket.
const mostWaitingBytes = 65_536;

export class Upload implements BodyReader, Deferred {
  readonly #isChunked: boolean;
  #left: number;
  #isBlocked = false;
  #isCorked = false;
  #isOver = false;
  #onWritten: (() => void) | undefined;

  /** @param head goes before it, at the end of the turn (`onTurnEnd`) if nothing has come by then. */
  constructor(
    private readonly socket: Socket,
    private readonly listener: UploadListener,
    private head: string,
    private readonly body: Body,
  ) {
    this.#isChunked = body.length === undefined;
    this.#left = body.length ?? 0;
    body.read(this);
  }

  /** No more of it is wanted. */
  stop(): void {
    this.#isOver = true;
  }

  onTurnEnd(): void {
    if (this.#isOver || this.head === '') return;
    this.socket.write(this.head, 'latin1');
    this.head = '';
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#isOver) return false;
    if (chunk.length === 0) return true;
    if (this.#isChunked) return this.#pushChunk(chunk);
    if (chunk.length > this.#left) {
      this.onError();
      return false;
    }
    this.#left -= chunk.length;
    const isCopied = this.#write(chunk);
    this.listener.onSent(chunk.length);
    this.#isBlocked = this.socket.writableLength > (isCopied ? mostWaitingBytes : 0);
    if (this.#left === 0) this.#finish();
    else if (this.#isBlocked) this.listener.onBlocked(true);
    return !this.#isBlocked;
  }

  onEnd(): void {
    if (this.#isOver) return;
    if (this.#left > 0) {
      this.onError();
      return;
    }
    if (this.#isChunked) {
      this.socket.write(this.head + lastChunk, 'latin1');
      this.endCork();
    } else this.onTurnEnd();
    this.#finish();
  }

  onError(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.listener.onBodyBroken();
  }

  endCork(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.socket.uncork();
  }

  #pushChunk(chunk: Uint8Array): boolean {
    // Its end often comes in the same turn.
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.socket.cork();
      process.nextTick(endCork, this);
    }
    this.#write(encodeChunk(chunk));
    this.listener.onSent(chunk.length);
    this.#isBlocked = this.socket.writableLength > mostWaitingBytes;
    if (this.#isBlocked) this.listener.onBlocked(true);
    return !this.#isBlocked;
  }

  /** True: the bytes were copied. */
  #write(bytes: Uint8Array): boolean {
    const { head, socket } = this;
    this.head = '';
    const onWritten = (this.#onWritten ??= () => this.#unblock());
    if (head === '') socket.write(bytes, onWritten);
    else if (bytes.length <= mostJoinedBytes) {
      socket.write(joined(head, bytes), onWritten);
      return true;
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(bytes, onWritten);
      socket.uncork();
    }
    return this.#isChunked;
  }

  #unblock(): void {
    if (!this.#isBlocked || this.socket.writableLength > 0) return;
    this.#isBlocked = false;
    if (!this.#isOver) this.listener.onBlocked(false);
    this.body.resume();
  }

  #finish(): void {
    this.#isOver = true;
    this.listener.onUploaded();
  }
}

function endCork(upload: Upload): void {
  upload.endCork();
}

function joined(head: string, bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(head.length + bytes.length);
  whole.write(head, 0, 'latin1');
  whole.set(bytes, head.length);
  return whole;
}
