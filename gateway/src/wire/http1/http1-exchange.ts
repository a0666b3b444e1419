// One exchange of HTTP/1.1: what was asked, and the answer on its way out.
import { performance } from 'node:perf_hooks';
import { chunked, untilClose } from '../../http1/body-decoder.js';
import type { Framing } from '../../http1/body-decoder.js';
import type { Body } from '../../http1/body.js';
import { lastChunk, writeChunk } from '../../http1/chunk-encoder.js';
import { fieldOf } from '../../http1/fields.js';
import type { RequestHead } from '../../http1/request-head.js';
import type { CutCause, Exchange, Malformed, RawHeaders } from '../exchange.js';
import { answerHead, switchingHead } from './answer-head.js';
import type { Connection } from './connection.js';
import { ReceivedBody } from './received-body.js';

export class Http1Exchange implements Exchange {
  readonly startedAt = performance.now();
  hasStarted = false;
  isClosed = false;
  cutFor: CutCause | undefined;
  body: ReceivedBody | undefined;
  onDrain: (() => void) | undefined;
  onClose: ((isComplete: boolean) => void) | undefined;
  onBodyFailed: ((fault: Malformed) => void) | undefined;
  readonly #connection: Connection;
  readonly #head: RequestHead;
  #saysContinue: boolean;
  #isBodyBroken = false;
  #isKeptAlive = false;
  #framing: Framing = 0;
  /** Of the answer's body, by its length. */
  #left = 0;
  #hasEnded = false;
  #isBlocked = false;

  constructor(connection: Connection, head: RequestHead) {
    this.#connection = connection;
    this.#head = head;
    this.#saysContinue = head.expectsContinue;
  }

  get method(): string {
    return this.#head.method;
  }

  get host(): string {
    return this.#head.host;
  }

  get isMisdirected(): boolean {
    return !this.#connection.isFor(this.#head.host);
  }

  get authority(): string {
    return this.#head.authority;
  }

  get path(): string {
    return this.#head.path;
  }

  get query(): string {
    return this.#head.query;
  }

  get headers(): RawHeaders {
    return this.#head.headers;
  }

  get protocol(): 'http' | 'https' {
    return this.#connection.protocol;
  }

  get clientAddress(): string {
    return this.#connection.clientAddress;
  }

  get wantsWebSocket(): boolean {
    return this.#head.wantsWebSocket;
  }

  header(name: string): string | undefined {
    return fieldOf(this.#head.headers, name);
  }

  takeBody(): Body | null {
    const { framing } = this.#head;
    if (framing === 0) return null;
    if (this.#saysContinue && !this.isClosed) this.#connection.writer.text('HTTP/1.1 100 Continue\r\n\r\n');
    this.#saysContinue = false;
    this.body ??= new ReceivedBody(framing === chunked ? undefined : framing, this.#connection);
    return this.body;
  }

  start(status: number, headers: RawHeaders): void {
    if (this.hasStarted || this.isClosed) return;
    const { method, minorVersion, isKeptAlive } = this.#head;
    this.#isKeptAlive = isKeptAlive && !this.#connection.isDraining && !this.#isBodyUnwanted();
    const { text, framing } = answerHead(status, headers, {
      isHead: method === 'HEAD',
      minorVersion,
      isKeptAlive: this.#isKeptAlive,
    });
    this.hasStarted = true;
    this.#framing = framing;
    if (framing === untilClose) this.#isKeptAlive = false;
    this.#left = framing;
    this.#connection.writer.text(text);
    this.#connection.answerMoved();
  }

  switchProtocols(headers: RawHeaders): Body {
    this.hasStarted = true;
    this.#framing = untilClose;
    this.#connection.writer.text(switchingHead('websocket', headers));
    this.body = new ReceivedBody(undefined, this.#connection);
    this.#connection.tunnelBegun();
    return this.body;
  }

  write(chunk: Uint8Array): boolean {
    const { writer } = this.#connection;
    if (this.isClosed || this.#hasEnded) return false;
    if (chunk.length === 0 || this.#framing === 0) return true;
    if (this.#framing > 0) {
      this.#left -= chunk.length;
      // More than was announced would be read as the next answer.
      if (this.#left < 0) {
        this.destroy();
        return false;
      }
    }
    if (this.#framing === chunked) writeChunk(writer, chunk);
    else writer.bytes(chunk);
    this.#connection.answerMoved();
    if (writer.isFlushed()) return true;
    this.#isBlocked = true;
    return false;
  }

  end(): void {
    if (this.#hasEnded || this.isClosed) return;
    // Fewer bytes than were announced: only a broken connection says so.
    if (this.#framing > 0 && this.#left > 0) {
      this.destroy();
      return;
    }
    this.#hasEnded = true;
    if (this.#framing === chunked) this.#connection.writer.text(lastChunk);
    if (this.#connection.writer.isFlushed()) this.#finish();
    else this.#connection.answerMoved();
  }

  destroy(): void {
    this.#connection.destroy(this.hasStarted && this.#framing === untilClose);
  }

  /** The system has taken what was written. */
  flushed(): void {
    if (this.#hasEnded) this.#finish();
    else if (this.#isBlocked) {
      this.#isBlocked = false;
      this.onDrain?.();
    }
  }

  /** The rest of the body will never come as it should. */
  failBody(fault: Malformed): void {
    this.#isBodyBroken = true;
    this.#isKeptAlive = false;
    if (this.onBodyFailed === undefined) this.destroy();
    else this.onBodyFailed(fault);
    this.body?.fail(new Error(fault.detail));
  }

  closed(isComplete: boolean): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose?.(isComplete);
    if (!isComplete) this.body?.fail(new Error('the client has gone'));
  }

  #finish(): void {
    this.body?.drop();
    this.closed(true);
    this.#connection.answerEnded(this.#isKeptAlive);
  }

  // A client that still waits for `100 Continue`, or sends what nobody will read, must not use the connection again.
  #isBodyUnwanted(): boolean {
    if (this.#isBodyBroken) return true;
    return !this.#connection.isBodyWhole && this.body?.isBeingRead !== true;
  }
}
