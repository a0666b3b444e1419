// Upstreams over undici's `dispatch`. A request is sent again, to another target, only while no connection has been
// opened for it: then no target can have seen any of it.
import type { UpstreamSpec } from '@sluice/contracts';
import type { Dispatcher } from 'undici';
import { errors } from 'undici';
import type { IsAllowed } from './allowed-address.js';
import { ForbiddenAddressError } from './allowed-address.js';
import type { Pick, Target } from './balancer.js';
import { createBalancer } from './balancer.js';
import { Pools } from './pools.js';
import type { PoolBounds } from './pools.js';
import type { UpstreamCall, UpstreamFailure, UpstreamReceiver, UpstreamRequest, Upstreams } from './upstream.js';

const mostAttempts = 3;

export function createUpstreams(isAllowed: IsAllowed, bounds?: PoolBounds): Upstreams {
  const pools = new Pools(isAllowed, bounds);
  // By the document's own object: a new revision starts a new round.
  const balancers = new WeakMap<UpstreamSpec, Pick>();
  return {
    send: (request, receiver) => {
      let pick = balancers.get(request.spec);
      if (pick === undefined) {
        pick = createBalancer(request.spec);
        balancers.set(request.spec, pick);
      }
      return new Call(pools, pick, request, receiver);
    },
    close: async () => pools.close(),
  };
}

class Call implements UpstreamCall, Dispatcher.DispatchHandler {
  attempts = 0;
  sentBytes = 0;
  firstByteMs = 0;
  readonly #tried: Target[] = [];
  #target: Target | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #sentAt = 0;
  #isAborted = false;
  /** Told its end: a body that is given up afterwards is no failure. */
  #isOver = false;
  #hasHead = false;
  /** Runs from the moment that the request has to wait for a connection in use. */
  #queueTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pools: Pools,
    private readonly pick: Pick,
    private readonly request: UpstreamRequest,
    private readonly receiver: UpstreamReceiver,
  ) {
    this.#tryNext();
  }

  get target(): string {
    return this.#target?.origin ?? '';
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    clearTimeout(this.#queueTimer);
    this.#controller?.abort(new errors.RequestAbortedError());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#sentAt = performance.now();
    // An upload takes its own time; from here on undici looks after it.
    if (this.request.body !== null) clearTimeout(this.#queueTimer);
    if (this.#isAborted) controller.abort(new errors.RequestAbortedError());
  }

  onBodySent(chunk: Uint8Array): void {
    this.sentBytes += chunk.length;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200 || this.#isAborted) return;
    this.#hasHead = true;
    clearTimeout(this.#queueTimer);
    this.firstByteMs = performance.now() - this.#sentAt;
    this.receiver.onHead(status, rawHeadersOf(controller));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (!this.#isAborted && !this.receiver.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#isOver = true;
    if (!this.#isAborted) this.receiver.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isAborted || this.#isOver) return;
    clearTimeout(this.#queueTimer);
    const isOpened = this.#controller !== undefined;
    if (!isOpened && this.attempts < mostAttempts && this.#tryNext()) return;
    this.#isOver = true;
    this.request.body?.destroy(); // nobody will read the rest
    this.receiver.onFailure(failureOf(error, isOpened, this.#hasHead));
  }

  #tryNext(): boolean {
    const target = this.pick(this.#tried);
    if (target === undefined) return false;
    this.#tried.push(target);
    this.#target = target;
    this.attempts += 1;
    const { tenantId, name, spec, method, path, headers, body } = this.request;
    const pool = this.pools.get(tenantId, name, target.origin);
    if (this.pools.isFull(pool)) {
      if (this.attempts < mostAttempts && this.#tryNext()) return true;
      // The caller learns of it only after it has this call.
      process.nextTick(() => this.#giveUp());
      return true;
    }
    pool.dispatch(
      {
        origin: target.origin,
        path: target.basePath + path,
        method,
        headers: headers as string[],
        body,
        headersTimeout: spec.timeoutMs,
      },
      this,
    );
    if (this.#controller === undefined && pool.stats.queued > 0)
      this.#queueTimer = setTimeout(() => this.#giveUp(), spec.timeoutMs);
    return true;
  }

  /** It has waited too long for a connection, or would have had to. Should its turn come, it is aborted. */
  #giveUp(): void {
    if (this.#isAborted || this.#isOver) return;
    this.#isOver = true;
    this.abort();
    this.request.body?.destroy();
    this.receiver.onFailure('upstream_timeout');
  }
}

function failureOf(error: Error, isOpened: boolean, hasHead: boolean): UpstreamFailure {
  if (error instanceof ForbiddenAddressError) return 'upstream_forbidden_address';
  if (!hasHead && error instanceof errors.HeadersTimeoutError) return 'upstream_timeout';
  return isOpened ? 'upstream_failed' : 'upstream_unreachable';
}

// undici hands over the head as it came: names and values in turn, latin1 bytes.
function rawHeadersOf({ rawHeaders }: Dispatcher.DispatchController): readonly string[] {
  if (!Array.isArray(rawHeaders)) return [];
  return rawHeaders.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
