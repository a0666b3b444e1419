// A request under way, through as many tries as it may have. One that no target can have seen goes to the next target at
// once, and costs no budget: nobody bore its load. Any other repetition needs the route's word that it is safe, the body
// still at hand, and a place in the upstream's retry budget.
import type { Readable } from 'node:stream';
import { Attempt } from './attempt.js';
import type { AttemptReceiver } from './attempt.js';
import type { Target } from './balancer.js';
import type { Pools } from './pools.js';
import type { TargetSet } from './target-set.js';
import type { UpstreamCall, UpstreamFailure, UpstreamReceiver, UpstreamRequest } from './upstream.js';

const mostUnopened = 3;

export class Call implements UpstreamCall, AttemptReceiver {
  attempts = 0;
  readonly #tried: Target[] = [];
  #unopened = 0;
  #repetitions = 0;
  #isRepeating = false;
  /** Opened as soon as a repetition was decided on: what comes meanwhile waits in it, however little is kept. */
  #opened: Readable | undefined;
  #attempt: Attempt | undefined;
  #isOver = false;
  #isAdmitted = false;
  #backoffTimer: NodeJS.Timeout | undefined;
  readonly #totalTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pools: Pools,
    private readonly targets: TargetSet,
    private readonly request: UpstreamRequest,
    private readonly receiver: UpstreamReceiver,
  ) {
    const totalMs = request.transport?.totalTimeoutMs;
    this.#isAdmitted = targets.begin();
    if (!this.#isAdmitted) {
      process.nextTick(() => this.#fail('upstream_overloaded'));
      return;
    }
    if (totalMs !== undefined) this.#totalTimer = setTimeout(() => this.#fail('upstream_timeout'), totalMs);
    // The caller learns of a failure only after it has this call.
    if (!this.#tryNext()) process.nextTick(() => this.#fail('upstream_timeout'));
  }

  get target(): string {
    return this.#attempt?.target.origin ?? '';
  }

  get sentBytes(): number {
    return this.#attempt?.sentBytes ?? 0;
  }

  get firstByteMs(): number {
    return this.#attempt?.firstByteMs ?? 0;
  }

  resume(): void {
    this.#attempt?.resume();
  }

  abort(): void {
    this.#finish();
  }

  onHead(attempt: Attempt, status: number, headers: readonly string[]): void {
    this.targets.onAnswer(attempt.target, status);
    const isWorthAnother = this.request.transport?.retries?.statuses.includes(status) === true;
    if (isWorthAnother && this.#mayBeSeenTwice() && this.#repeat()) attempt.drop();
    else this.receiver.onHead(status, headers);
  }

  onData(chunk: Uint8Array): boolean {
    return this.receiver.onData(chunk);
  }

  onEnd(): void {
    this.#finish();
    this.receiver.onEnd();
  }

  onFailed(attempt: Attempt, failure: UpstreamFailure): void {
    this.targets.onFailure(attempt.target, failure, attempt.isOpened);
    if (!attempt.hasHead) {
      // A wait for a connection that ran out has taken its time: the next target would need as much again.
      if (!attempt.isOpened && failure !== 'upstream_timeout' && this.#passOver()) return;
      if ((!attempt.isOpened || this.#mayBeSeenTwice()) && this.#repeat()) return;
    }
    this.#fail(failure);
  }

  #mayBeSeenTwice(): boolean {
    return this.request.transport?.retries?.methods.includes(this.request.method) === true;
  }

  #passOver(): boolean {
    this.#unopened += 1;
    return this.#unopened < mostUnopened && this.#tryNext();
  }

  #repeat(): boolean {
    const { body, transport } = this.request;
    const retries = transport?.retries;
    if (retries === undefined || this.#repetitions >= retries.attempts || body?.isAtHand === false) return false;
    this.#giveBack();
    if (!this.targets.takeRetry(performance.now())) return false;
    this.#isRepeating = true;
    this.#opened = body?.open();
    // Full jitter: clients that failed together do not come again together.
    const waitMs = Math.random() * retries.backoffMs * 2 ** this.#repetitions;
    this.#repetitions += 1;
    this.#backoffTimer = setTimeout(() => {
      if (!this.#tryNext()) this.#fail('upstream_timeout');
    }, waitMs);
    return true;
  }

  /** False: no target that has not been tried can take it, or the body is not at hand. */
  #tryNext(): boolean {
    const { tenantId, name, spec, method, path, headers, body, transport } = this.request;
    const isRepetition = this.#repetitions > 0;
    for (let target = this.#pick(isRepetition); target !== undefined; target = this.#pick(false)) {
      this.#tried.push(target);
      const pool = this.pools.get(tenantId, name, target.origin);
      if (this.pools.isFull(pool)) continue;
      const stream = body === null ? null : (this.#opened ?? body.open());
      if (stream === undefined) return false;
      this.#opened = undefined;
      this.attempts += 1;
      this.#attempt = new Attempt(target, this);
      this.#attempt.start({
        pool,
        method,
        path,
        headers,
        body: stream,
        timeoutMs: transport?.timeoutMs ?? spec.timeoutMs,
        perTryTimeoutMs: transport?.perTryTimeoutMs,
      });
      return true;
    }
    return false;
  }

  #pick(mayRestart: boolean): Target | undefined {
    const target = this.targets.pick(this.#tried, this.request.hashKey);
    if (target !== undefined || !mayRestart) return target;
    this.#tried.length = 0;
    return this.targets.pick(this.#tried, this.request.hashKey);
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#isOver) return;
    this.#finish();
    this.receiver.onFailure(failure);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#backoffTimer);
    clearTimeout(this.#totalTimer);
    this.#attempt?.abort();
    this.request.body?.drop();
    this.#giveBack();
    if (this.#isAdmitted) this.targets.end();
  }

  #giveBack(): void {
    if (this.#isRepeating) this.targets.giveRetry();
    this.#isRepeating = false;
  }
}
