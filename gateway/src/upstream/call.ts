// A request under way, through as many tries as it may have. One that no target can have seen goes to the next target at
// once, and costs no budget: nobody bore its load. Any other repetition needs the route's word that it is safe, the body
// still at hand, and a place in the upstream's retry budget.
import type { Body } from '../http1/body.js';
import { Attempt } from './attempt.js';
import type { AttemptReceiver } from './attempt.js';
import { requestHead } from './http1/request-head.js';
import type { TargetConnections } from './http1/target-connections.js';
import type { TargetSet } from './target-set.js';
import type { Target } from './target.js';
import type { UpstreamCall, UpstreamFailure, UpstreamReceiver, UpstreamRequest, UpstreamTunnel } from './upstream.js';

const mostUnopened = 3;

export type ConnectionsOf = (target: Target, targets: TargetSet, request: UpstreamRequest) => TargetConnections;

export class Call implements UpstreamCall, AttemptReceiver {
  attempts = 0;
  readonly #tried: Target[] = [];
  #unopened = 0;
  #repetitions = 0;
  #isRepeating = false;
  /** Opened as soon as a repetition was decided on: what comes meanwhile waits in it, however little is kept. */
  #opened: Body | undefined;
  #attempt: Attempt | undefined;
  #isTrying = false;
  #isOver = false;
  readonly #isAdmitted: boolean;
  #backoffTimer: NodeJS.Timeout | undefined;
  readonly #totalTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connectionsOf: ConnectionsOf,
    private readonly targets: TargetSet,
    private readonly request: UpstreamRequest,
    private readonly receiver: UpstreamReceiver,
  ) {
    this.#isAdmitted = targets.begin();
    if (!this.#isAdmitted) {
      this.#failLater('upstream_overloaded');
      return;
    }
    const totalMs = request.transport?.totalTimeoutMs;
    if (totalMs !== undefined) this.#totalTimer = setTimeout(() => this.#fail('upstream_timeout'), totalMs);
    const failure = this.#tryNext();
    if (failure !== undefined) this.#failLater(failure);
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
    this.request.trace?.onHead(status);
    const isWorthAnother = this.request.transport?.retries?.statuses.includes(status) === true;
    if (isWorthAnother && this.#mayBeSeenTwice() && this.#repeat()) attempt.drop();
    else this.receiver.onHead(status, headers);
  }

  onUpgrade(attempt: Attempt, headers: readonly string[], tunnel: UpstreamTunnel): void {
    this.targets.onAnswer(attempt.target, 101);
    this.request.trace?.onHead(101);
    clearTimeout(this.#totalTimer);
    this.receiver.onUpgrade?.(headers, tunnel);
  }

  onData(chunk: Uint8Array): boolean {
    return this.receiver.onData(chunk);
  }

  onEnd(): void {
    this.#finish();
    this.receiver.onEnd();
  }

  onFailed(attempt: Attempt, failure: UpstreamFailure): void {
    this.request.trace?.onFailed(failure);
    // The client's own doing: no target is to blame, and another try would come to the same.
    if (failure === 'bad_request') {
      this.#fail(failure);
      return;
    }
    // A try that gave up in the queue says nothing of its target.
    if (!attempt.hasHead && (attempt.isOpened || failure !== 'upstream_timeout'))
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
    if (this.#unopened >= mostUnopened) return false;
    this.#endTry();
    return this.#tryNext() === undefined;
  }

  #repeat(): boolean {
    const { body, transport } = this.request;
    const retries = transport?.retries;
    if (retries === undefined || this.#repetitions >= retries.attempts || body?.isAtHand === false) return false;
    this.#giveBack();
    if (!this.targets.takeRetry(performance.now())) return false;
    this.#isRepeating = true;
    this.#endTry();
    this.#opened = body?.open();
    // Full jitter: clients that failed together do not come again together.
    const waitMs = Math.random() * retries.backoffMs * 2 ** this.#repetitions;
    this.#repetitions += 1;
    this.#backoffTimer = setTimeout(() => {
      const failure = this.#tryNext();
      if (failure !== undefined) this.#fail(failure);
    }, waitMs);
    return true;
  }

  /** Undefined: a try has begun. Otherwise no target that has not been tried can take it, or the body is not at hand. */
  #tryNext(): UpstreamFailure | undefined {
    const { body } = this.request;
    const isRepetition = this.#repetitions > 0;
    let failure: UpstreamFailure = 'upstream_unreachable';
    for (let target = this.#pick(isRepetition); target !== undefined; target = this.#pick(false)) {
      this.#tried.push(target);
      const opened = body === null ? null : (this.#opened ?? body.open());
      if (opened === undefined) return 'upstream_failed';
      this.#opened = opened ?? undefined;
      const attempt = this.#attemptAt(target, opened);
      if (attempt === undefined) return 'upstream_failed';
      if (attempt.start()) {
        this.#opened = undefined;
        this.#attempt = attempt;
        this.attempts += 1;
        this.#isTrying = true;
        this.targets.beginTry(target);
        this.request.trace?.begin(target.origin);
        return undefined;
      }
      failure = 'upstream_overloaded';
    }
    return failure;
  }

  /** Undefined: what the request says would be read as another one. */
  #attemptAt(target: Target, body: Body | null): Attempt | undefined {
    const { request } = this;
    const { spec, method, upgrade, transport, trace } = request;
    const headers = trace === undefined ? request.headers : [...request.headers, 'traceparent', trace.next()];
    const connections = this.connectionsOf(target, this.targets, request);
    const line = { method, path: target.basePath + request.path, hostLine: connections.hostLine };
    const head = requestHead(line, headers, body === null ? undefined : (body.length ?? -1), upgrade);
    if (head === undefined) return undefined;
    return new Attempt(target, this, {
      connections,
      credential: spec.reuse === 'credential' ? request.credential : '',
      method,
      head,
      body,
      mayUpgrade: upgrade !== undefined,
      timeoutMs: transport?.timeoutMs ?? spec.timeoutMs,
      perTryTimeoutMs: transport?.perTryTimeoutMs,
    });
  }

  #pick(mayRestart: boolean): Target | undefined {
    const target = this.targets.pick(this.#tried, this.request.hashKey);
    if (target !== undefined || !mayRestart) return target;
    this.#tried.length = 0;
    return this.targets.pick(this.#tried, this.request.hashKey);
  }

  // The caller learns of a failure only after it has this call.
  #failLater(failure: UpstreamFailure): void {
    process.nextTick(() => this.#fail(failure));
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
    this.#endTry();
    this.request.body?.drop();
    this.#giveBack();
    if (this.#isAdmitted) this.targets.end();
  }

  #endTry(): void {
    this.request.trace?.end();
    if (this.#isTrying && this.#attempt !== undefined) this.targets.endTry(this.#attempt.target);
    this.#isTrying = false;
  }

  #giveBack(): void {
    if (this.#isRepeating) this.targets.giveRetry();
    this.#isRepeating = false;
  }
}
