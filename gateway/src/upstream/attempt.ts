// One try of a request at one target, over undici's `dispatch`. It tells its end once, and nothing after it was given up.
import type { Dispatcher, Pool } from 'undici';
import { errors } from 'undici';
import type { Readable } from 'node:stream';
import { ForbiddenAddressError } from './allowed-address.js';
import type { Target } from './balancer.js';
import type { UpstreamFailure } from './upstream.js';

export interface AttemptReceiver {
  onHead(attempt: Attempt, status: number, headers: readonly string[]): void;
  onData(chunk: Uint8Array): boolean;
  onEnd(): void;
  /** No target can have seen anything of the request while no connection was open for it. */
  onFailed(attempt: Attempt, failure: UpstreamFailure): void;
}

export interface AttemptOptions {
  readonly pool: Pool;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Readable | null;
  /** From having sent the request to the first byte of the answer; also the longest wait for a connection in use. */
  readonly timeoutMs: number;
  /** From now to the first byte of the answer. */
  readonly perTryTimeoutMs: number | undefined;
}

// An answer that is not wanted is read to its end, so that its connection can be used again; a long or slow one is not.
const mostDropped = 65_536;
const longestDropMs = 1000;

export class Attempt implements Dispatcher.DispatchHandler {
  sentBytes = 0;
  firstByteMs = 0;
  hasHead = false;
  #hasBody = false;
  #controller: Dispatcher.DispatchController | undefined;
  #sentAt = 0;
  #isOver = false;
  #droppedBytes = 0;
  #queueTimer: NodeJS.Timeout | undefined;
  #tryTimer: NodeJS.Timeout | undefined;
  #dropTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly target: Target,
    private readonly receiver: AttemptReceiver,
  ) {}

  start({ pool, method, path, headers, body, timeoutMs, perTryTimeoutMs }: AttemptOptions): void {
    this.#hasBody = body !== null;
    if (perTryTimeoutMs !== undefined) this.#tryTimer = setTimeout(() => this.#timeOut(), perTryTimeoutMs);
    pool.dispatch(
      {
        origin: this.target.origin,
        path: this.target.basePath + path,
        method,
        headers: headers as string[],
        body,
        headersTimeout: timeoutMs,
      },
      this,
    );
    if (this.#controller === undefined && !this.#isOver && pool.stats.queued > 0)
      this.#queueTimer = setTimeout(() => this.#timeOut(), timeoutMs);
  }

  /** A connection was open: the target may have seen the request. */
  get isOpened(): boolean {
    return this.#controller !== undefined;
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** Should its turn for a connection still come, it is aborted then. */
  abort(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#controller?.abort(new errors.RequestAbortedError());
  }

  /** Its answer is not wanted. */
  drop(): void {
    this.#finish();
    this.#dropTimer = setTimeout(() => this.#controller?.abort(new errors.RequestAbortedError()), longestDropMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sentAt = performance.now();
    // An upload takes its own time; from here on undici looks after it.
    if (this.#hasBody) clearTimeout(this.#queueTimer);
    if (this.#isOver) controller.abort(new errors.RequestAbortedError());
  }

  onBodySent(chunk: Uint8Array): void {
    this.sentBytes += chunk.length;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200 || this.#isOver) return;
    this.hasHead = true;
    this.#clearTimers();
    this.firstByteMs = performance.now() - this.#sentAt;
    this.receiver.onHead(this, status, rawHeadersOf(controller));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#isOver) {
      this.#droppedBytes += chunk.length;
      if (this.#droppedBytes > mostDropped) controller.abort(new errors.RequestAbortedError());
    } else if (!this.receiver.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    clearTimeout(this.#dropTimer);
    if (this.#isOver) return;
    this.#finish();
    this.receiver.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#dropTimer);
    if (this.#isOver) return;
    this.#finish();
    this.receiver.onFailed(this, this.#failureOf(error));
  }

  #timeOut(): void {
    if (this.#isOver) return;
    this.abort();
    this.receiver.onFailed(this, 'upstream_timeout');
  }

  #finish(): void {
    this.#isOver = true;
    this.#clearTimers();
  }

  #clearTimers(): void {
    clearTimeout(this.#queueTimer);
    clearTimeout(this.#tryTimer);
  }

  #failureOf(error: Error): UpstreamFailure {
    if (error instanceof ForbiddenAddressError) return 'upstream_forbidden_address';
    if (!this.hasHead && error instanceof errors.HeadersTimeoutError) return 'upstream_timeout';
    return this.isOpened ? 'upstream_failed' : 'upstream_unreachable';
  }
}

// undici hands over the head as it came: names and values in turn, latin1 bytes.
function rawHeadersOf({ rawHeaders }: Dispatcher.DispatchController): readonly string[] {
  if (!Array.isArray(rawHeaders)) return [];
  return rawHeaders.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
