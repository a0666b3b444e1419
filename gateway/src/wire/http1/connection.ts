// One client's connection: reads request after request, in their order. The next one is looked at only when the answer
// before it has been taken; until then its bytes wait here, and beyond a bound with the client. Each wait has its bound.
import type { Socket } from 'node:net';
import type { BodySink } from '../../http1/body-decoder.js';
import { BodyDecoder, bodyFaults, untilClose } from '../../http1/body-decoder.js';
import type { ConnectionRoom } from '../../http1/connection-room.js';
import { HeadReader } from '../../http1/head-reader.js';
import { readRequestHead } from '../../http1/request-head.js';
import type { RequestHead } from '../../http1/request-head.js';
import type { WheelTimer } from '../../http1/timer-wheel.js';
import { TurnWriter } from '../../http1/turn-writer.js';
import { addressOf } from '../client-address.js';
import type { CutCause, Malformed, WireOptions } from '../exchange.js';
import type { OpenedFor } from '../tls/opened-for.js';
import * as bounds from './bounds.js';
import { Discarded } from './discarded.js';
import { Http1Exchange } from './http1-exchange.js';
import type { BodyOwner } from './received-body.js';
import { refusalOf, refusals, writeRefusal } from './refusal.js';
import type { WireRefusal } from './refusal.js';

export interface ConnectionSettings extends WireOptions {
  readonly room: ConnectionRoom;
  /** Undefined: the server does not drain. Otherwise how long a connection without a request is kept. */
  readonly drainIdleMs: number | undefined;
}

/** What the connection's timer is set for. */
type Wait = 'first-byte' | 'head' | 'next-request' | 'body' | 'answer' | 'flush' | 'linger' | 'half-closed' | 'tunnel';

export class Connection implements BodySink, BodyOwner {
  readonly writer: TurnWriter;
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  readonly #timer: WheelTimer;
  #wait: Wait = 'first-byte';
  readonly #reader = new HeadReader(bounds.maxHeadBytes, true);
  #exchange: Http1Exchange | undefined;
  #decoder: BodyDecoder | undefined;
  /** Came, and is not to be looked at yet. */
  #held: Buffer | undefined;
  #isAdvancing = false;
  #isPaused = false;
  #hasClientEnded = false;
  /** What comes is of another protocol. */
  #isTunnel = false;
  /** After the last answer: what still comes is thrown away. */
  #isClosing = false;
  /** The answer is out, and its request's body is not read to its end. */
  #isDiscarding = false;
  readonly #discarded = new Discarded();
  /** Of the body, since the timer was set for it. */
  #bodyBytes = 0;
  #clientAddress: string | undefined;

  /** @param openedFor undefined: it is not over TLS. */
  constructor(
    socket: Socket,
    private readonly openedFor: OpenedFor | undefined,
    settings: ConnectionSettings,
    onClosed: (connection: Connection) => void,
  ) {
    this.#socket = socket;
    this.#settings = settings;
    this.writer = new TurnWriter(socket, settings.room.turns, () => this.#flushed());
    this.#timer = settings.room.wheel.timer(() => this.#due());
    socket.on('data', (bytes: Buffer) => this.#received(bytes));
    socket.on('end', () => this.#ended());
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => {
      this.#closed();
      onClosed(this);
    });
    this.#waitFor('first-byte', Math.min(bounds.firstByteMs, settings.drainIdleMs ?? Infinity));
  }

  get protocol(): 'http' | 'https' {
    return this.openedFor === undefined ? 'http' : 'https';
  }

  /** Requests for this host may come over it. */
  isFor(host: string): boolean {
    return this.openedFor === undefined || this.openedFor.has(host);
  }

  get clientAddress(): string {
    this.#clientAddress ??= addressOf(this.#socket);
    return this.#clientAddress;
  }

  get isDraining(): boolean {
    return this.#settings.drainIdleMs !== undefined;
  }

  get isBodyWhole(): boolean {
    return this.#decoder === undefined;
  }

  /** Neither a request nor the rest of one is here. */
  get isIdle(): boolean {
    return this.#exchange === undefined && !this.#isClosing && !this.#isDiscarding && !this.#reader.isWithin;
  }

  /** No request is under way; of one, a part may be here. */
  get isUnused(): boolean {
    return this.#exchange === undefined && !this.#isClosing && !this.#isDiscarding;
  }

  /** The server drains: what is idle now ends in `idleMs`. */
  closeIfIdleIn(idleMs: number): void {
    if (this.isIdle) this.#waitFor('next-request', idleMs);
  }

  /** @param withReset so that the client cannot take what it has for a whole answer. */
  destroy(withReset = false): void {
    // What was said before is heard, so that nobody takes it for a request that never arrived.
    this.writer.flush();
    // TLS says itself whether what came is all, and has no reset of its own.
    if (withReset && this.openedFor === undefined) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  /** Breaks it, so that no answer looks whole that is not. @param cause undefined: its client has failed. */
  cut(cause?: CutCause): void {
    const exchange = this.#exchange;
    if (exchange !== undefined) exchange.cutFor = cause;
    // A tunnel has no length to be short of, and what was said in it last is to be heard.
    if (exchange === undefined || this.#isTunnel) this.destroy();
    else exchange.destroy();
  }

  // ---- the exchange's side -------------------------------------------------------------------------------------------

  bodyWanted(): void {
    if (this.#exchange?.hasStarted === false && this.#wait !== 'half-closed') {
      this.#bodyBytes = 0;
      this.#waitFor('body', bounds.bodyWindowMs);
    }
    this.#advance();
  }

  bodyDropped(): void {
    if (this.#wait === 'body') this.#waitFor('answer', bounds.answerMs);
  }

  /** What comes from now on is no request, but a body until its end. */
  tunnelBegun(): void {
    this.#isTunnel = true;
    this.#decoder = new BodyDecoder(untilClose, this);
    this.#waitFor(...this.#answerWait());
  }

  onBytes(bytes: Buffer): boolean {
    if (this.#isDiscarding) return true;
    if (this.#isTunnel) this.#waitFor(...this.#answerWait());
    this.#bodyBytes += bytes.length;
    return this.#exchange?.body?.push(bytes) === true;
  }

  /** Something of the answer is out. */
  answerMoved(): void {
    if (this.writer.isFlushed()) this.#waitFor(...this.#answerWait());
    else this.#waitFor('flush', bounds.flushMs);
  }

  /** All of the answer is out. @param isKeptAlive its head said so. */
  answerEnded(isKeptAlive: boolean): void {
    this.#exchange = undefined;
    const isBodyUnread = this.#decoder !== undefined;
    if (!isKeptAlive) this.#closeSoon();
    else if (isBodyUnread) this.#discard();
    else this.#waitForNext();
    this.#advance();
  }

  // ---- reading -------------------------------------------------------------------------------------------------------

  #received(bytes: Buffer): void {
    if (this.#isClosing) {
      this.#discardMore(bytes.length);
      return;
    }
    this.#held = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes]);
    this.#advance();
  }

  // Looks at what is held, as far as it may be looked at now. What it calls may end an exchange or want more of a body:
  // the loop sees that itself.
  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    const bytes = this.#held;
    if (bytes !== undefined) {
      let at = 0;
      while (at < bytes.length && this.#mayRead())
        at = this.#decoder === undefined ? this.#readHead(bytes, at) : this.#readBody(this.#decoder, bytes, at);
      this.#held = at === bytes.length || this.#isClosing ? undefined : bytes.subarray(at);
    }
    this.#isAdvancing = false;
    this.#pauseOrResume();
    if (this.#hasClientEnded) this.#endWithClient();
  }

  #mayRead(): boolean {
    if (this.#isClosing || this.#socket.destroyed) return false;
    if (this.#decoder === undefined) return this.#exchange === undefined;
    return this.#isDiscarding || this.#exchange?.body?.isTaking === true;
  }

  #readHead(bytes: Buffer, from: number): number {
    const reader = this.#reader;
    const end = reader.push(bytes, from);
    if (end === -1) {
      if (reader.fault !== undefined) this.#refuse(refusals[reader.fault]);
      else if (reader.isWithin && this.#wait !== 'head') this.#waitFor('head', bounds.headMs);
      return bytes.length;
    }
    const head = readRequestHead(reader.text);
    if (head.isFault) this.#refuse(refusalOf(head), head.path);
    else this.#begin(head);
    return end;
  }

  #begin(head: RequestHead): void {
    const exchange = new Http1Exchange(this, head);
    this.#exchange = exchange;
    if (head.framing !== 0) this.#decoder = new BodyDecoder(head.framing, this);
    this.#waitFor(...this.#answerWait());
    this.#settings.onExchange(exchange);
  }

  #readBody(decoder: BodyDecoder, bytes: Buffer, from: number): number {
    const at = decoder.push(bytes, from);
    if (this.#isDiscarding) this.#discardMore(at - from);
    if (decoder.fault !== undefined)
      this.#failBody('bad_request', `The body does not follow RFC 9112: ${bodyFaults[decoder.fault]}.`);
    else if (decoder.hasEnded) this.#endBody();
    return at;
  }

  #endBody(): void {
    this.#decoder = undefined;
    if (this.#isDiscarding) {
      this.#isDiscarding = false;
      this.#waitForNext();
      return;
    }
    if (this.#wait === 'body') this.#waitFor(...this.#answerWait());
    this.#exchange?.body?.finish();
  }

  // Whatever follows on this connection cannot be told from the body.
  #failBody(code: Malformed['code'], detail: string): void {
    if (this.#isDiscarding) this.#closeSoon();
    this.#exchange?.failBody({ code, detail });
  }

  #pauseOrResume(): void {
    const waiting = this.#held?.length ?? 0;
    const isStopped = this.#exchange?.body?.isBeingRead === true && !this.#exchange.body.isTaking;
    const isDripping = this.#isDiscarding && this.#discarded.isDripping;
    const shouldPause = isDripping || (waiting > 0 && (isStopped || waiting >= bounds.maxHeldBytes));
    if (shouldPause === this.#isPaused) return;
    this.#isPaused = shouldPause;
    if (shouldPause) this.#socket.pause();
    else this.#socket.resume();
  }

  // ---- the end -------------------------------------------------------------------------------------------------------

  #ended(): void {
    this.#hasClientEnded = true;
    this.#endWithClient();
  }

  // The client will send no more. What it has sent whole is still answered.
  #endWithClient(): void {
    if (this.#isAdvancing || this.#socket.destroyed) return;
    if (this.#isTunnel && this.#decoder !== undefined && this.#held === undefined && this.#decoder.close())
      this.#endBody();
    if (this.#isClosing) this.#socket.end();
    else if (this.#decoder !== undefined) {
      // The rest of a body that somebody waits for, or nobody, will never come.
      if ((this.#held === undefined && !this.#isTunnel) || this.#isDiscarding) this.#socket.destroy();
    } else if (this.#exchange !== undefined) {
      if (this.#wait !== 'half-closed' && this.#wait !== 'flush') this.#waitFor(...this.#answerWait());
    } else if (this.#reader.isWithin) this.#refuse(refusals.cut_off);
    else if (this.#held === undefined) this.#closeSoon();
  }

  /** An answer of the wire's own, and the end: nothing after it can be trusted to begin a request. */
  #refuse(refusal: WireRefusal, path = '/'): void {
    const { clientAddress } = this;
    writeRefusal(this.writer, refusal.code, this.#settings.onMalformed({ ...refusal, clientAddress }, path));
    this.#closeSoon();
  }

  // The client reads our end, and answers with its own. Closing at once would reset the connection when more has come than
  // was read, and the client would lose the answer with it (RFC 9112, section 9.6).
  #closeSoon(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#isDiscarding = false;
    this.#held = undefined;
    this.#discarded.begin();
    // What would go out at the end of the turn, too, has the time that a slow client may take for its answer.
    this.writer.flush();
    this.#waitFor('linger', this.writer.isFlushed() ? bounds.lingerSome() : bounds.flushMs);
    this.#socket.end();
    this.#pauseOrResume();
  }

  #discard(): void {
    this.#isDiscarding = true;
    this.#discarded.begin();
    this.#waitFor('linger', bounds.lingerSome());
  }

  #discardMore(bytes: number): void {
    this.#discarded.add(bytes);
    if (!this.#discarded.isTooMuch) return;
    // Closed now, it would be reset, and a client that still writes might never read its answer. It reads when it can write
    // no more; and the wait for it is bounded.
    if (this.#isClosing) this.#socket.pause();
    else this.#closeSoon();
  }

  #flushed(): void {
    if (this.#isClosing) this.#waitFor('linger', bounds.lingerSome());
    else if (this.#exchange !== undefined) {
      this.#waitFor(...this.#answerWait());
      this.#exchange.flushed();
    }
  }

  #closed(): void {
    this.#timer.clear();
    this.#isClosing = true;
    this.#held = undefined;
    this.#decoder = undefined;
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.closed(false);
  }

  // ---- waiting -------------------------------------------------------------------------------------------------------

  #waitFor(wait: Wait, ms: number): void {
    this.#wait = wait;
    this.#timer.set(ms);
  }

  #waitForNext(): void {
    this.#waitFor('next-request', this.#settings.drainIdleMs ?? bounds.nextRequestMs);
  }

  // Whether a client that has ended its side still listens cannot be told: it is believed for as long as its answer moves.
  #answerWait(): [Wait, number] {
    if (this.#hasClientEnded) return ['half-closed', bounds.halfClosedMs];
    return this.#isTunnel ? ['tunnel', bounds.tunnelIdleMs] : ['answer', bounds.answerMs];
  }

  #due(): void {
    switch (this.#wait) {
      case 'head':
        this.#refuse(refusals.too_slow);
        break;
      case 'first-byte':
      case 'next-request':
        this.#closeSoon();
        break;
      case 'body':
        this.#judgeBody();
        break;
      case 'linger':
        if (this.#isClosing) this.#socket.destroy();
        else this.#closeSoon();
        break;
      case 'answer':
      case 'tunnel':
        this.cut('idle');
        break;
      case 'flush':
      case 'half-closed':
        this.cut();
        break;
    }
  }

  // Only while the client is what everybody waits for.
  #judgeBody(): void {
    const isWaitedFor = this.#exchange?.body?.isTaking === true;
    if (isWaitedFor && this.#bodyBytes < bounds.leastBodyBytes) {
      this.#waitFor('answer', bounds.answerMs);
      this.#failBody(
        'request_timeout',
        `Less than ${bounds.leastBodyBytes} bytes of the body arrived within ${bounds.bodyWindowMs / 1000} s.`,
      );
      return;
    }
    this.#bodyBytes = 0;
    this.#waitFor('body', bounds.bodyWindowMs);
  }
}
