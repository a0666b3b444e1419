// One request through the rooms: decide, spend, send, answer, record. A request that needs no waiting meets no promise.
import type { ProblemCode } from '@sluice/contracts';
import { newId, problem, problems } from '@sluice/contracts';
import type { Account, Answer, Facts, Forward, Headers, LimitRefusal, LimitStatus, Need, Reason } from '@sluice/engine';
import { decide, rateLimitHeaders, tightest } from '@sluice/engine';
import type { AcquireResult, Budgets } from '../limits/index.js';
import type { ThreadCounters } from '../ops/counters.js';
import type { RecordWriter } from '../records/index.js';
import type { EnvironmentView, Replica } from '../snapshot/replica.js';
import type { UpstreamCall, UpstreamFailure, UpstreamReceiver, Upstreams } from '../upstream/upstream.js';
import type { Exchange } from '../wire/exchange.js';
import { clientHeaders, isLooping, upstreamHeaders } from './forward-headers.js';
import { recordOf } from './record-of.js';

export interface FlowParts {
  readonly replica: Replica;
  readonly budgets: Budgets;
  readonly records: RecordWriter;
  readonly upstreams: Upstreams;
  readonly counters: ThreadCounters;
  readonly onBug: (error: unknown, requestId: string) => void;
}

// A lease that came may be spent by another thread first. Each round asks Redis anew, and ends; so must the rounds.
const longestLeaseWaitMs = 3000;

/** Serves one exchange to its end. */
export function serve(parts: FlowParts, exchange: Exchange): void {
  new RequestFlow(parts, exchange).begin();
}

class RequestFlow implements UpstreamReceiver {
  readonly requestId: string;
  readonly time = Date.now();
  readonly #parts: FlowParts;
  readonly #exchange: Exchange;
  readonly #seed = (Math.random() * 0x1_0000_0000) >>> 0;
  #environment: EnvironmentView | undefined;
  #account: Account | undefined;
  #reasons: readonly Reason[] = [];
  #answerHeaders: Headers = [];
  #tightest: LimitStatus | undefined;
  #call: UpstreamCall | undefined;
  #status = 0;
  #code: ProblemCode | '' = '';
  #sentBytes = 0;
  #isBroken = false;
  #leaseDeadline = 0;

  constructor(parts: FlowParts, exchange: Exchange) {
    this.#parts = parts;
    this.#exchange = exchange;
    this.requestId = newId('request', this.time);
  }

  begin(): void {
    const { replica, counters } = this.#parts;
    const exchange = this.#exchange;
    counters.begin();
    exchange.onClose = (isComplete) => this.#finish(isComplete);
    exchange.onDrain = () => this.#call?.resume();
    this.#environment = replica.environmentOf(exchange.host);
    if (isLooping(exchange.header('via')))
      this.#refuse('bad_request', 'The request goes round in circles: an upstream leads back to a gateway.');
    else if (this.#environment !== undefined) this.#decide(this.#environment, undefined);
    else if (replica.isLoaded) this.#refuse('unknown_host', `No API is served at ${exchange.host}.`);
    else
      this.#refuse('configuration_pending', 'This gateway has no configuration yet. Try again in a second.', [
        ['retry-after', '1'],
      ]);
  }

  // A bug in here must cost one request, not the thread with all its others.
  #decide(environment: EnvironmentView, refused: LimitRefusal | undefined): void {
    try {
      this.#decideNow(environment, refused);
    } catch (error) {
      this.#parts.onBug(error, this.requestId);
      if (this.#exchange.hasStarted) this.#exchange.destroy();
      else this.#refuse('internal', 'The gateway failed to serve this request.');
    }
  }

  #decideNow(environment: EnvironmentView, refused: LimitRefusal | undefined): void {
    const { budgets } = this.#parts;
    const exchange = this.#exchange;
    if (exchange.isClosed) return;
    const facts: Facts = {
      credential: (key) => environment.credential(key),
      subscription: (id) => environment.subscription(id),
      weights: (route) => environment.weights(route),
      budget: (limit) => budgets.peek(limit),
      refused,
    };
    const request = {
      host: exchange.host,
      method: exchange.method,
      path: exchange.path,
      clientAddress: exchange.clientAddress,
      header: (name: string) => exchange.header(name),
    };
    const decision = decide(environment.compiled, request, facts, this.time, this.#seed);
    this.#account = decision.account;
    this.#reasons = decision.reasons;
    if (decision.kind === 'need') this.#lease(environment, decision);
    else if (decision.kind === 'answer') this.#answer(decision, refused);
    else this.#spend(environment, decision);
  }

  #spend(environment: EnvironmentView, decision: Forward): void {
    const { budgets } = this.#parts;
    if (decision.spend.length > 0) {
      const spent = budgets.spend(decision.spend, 1);
      if (!spent.ok) {
        const { account, reasons, spend } = decision;
        this.#lease(environment, { kind: 'need', need: 'lease', account, reasons, limits: spend });
        return;
      }
      this.#tightest = tightest(
        decision.spend.map((limit, index) => ({
          limit,
          left: spent.left[index] ?? 0,
          resetMs: budgets.status(limit)?.resetMs ?? this.#resetMs(limit.windowMs),
        })),
      );
    }
    this.#forward(environment, decision);
  }

  // What is known to be used up needs no question; everything else the broker asks Redis for.
  #lease(environment: EnvironmentView, { limits }: Need): void {
    const { budgets } = this.#parts;
    const used = limits.find((limit) => budgets.peek(limit) === 0);
    if (used !== undefined) {
      this.#decide(environment, {
        state: 'exhausted',
        key: used.key,
        resetMs: budgets.status(used)?.resetMs ?? this.#resetMs(used.windowMs),
      });
      return;
    }
    const now = performance.now();
    if (this.#leaseDeadline === 0) this.#leaseDeadline = now + longestLeaseWaitMs;
    const [first] = limits;
    if (now > this.#leaseDeadline && first !== undefined) {
      this.#decide(environment, { state: 'unavailable', key: first.key });
      return;
    }
    budgets.acquire(limits).then(
      (result) => this.#decide(environment, refusalOf(result)),
      () => this.#refuse('internal', 'The gateway failed to check the limit.'),
    );
  }

  #answer(decision: Answer, refused: LimitRefusal | undefined): void {
    if (refused?.state === 'exhausted') {
      const limit = decision.account.limits.find((one) => one.key === refused.key);
      if (limit !== undefined) this.#tightest = { limit, left: 0, resetMs: refused.resetMs };
    }
    this.#answerHeaders = decision.answerHeaders;
    if (decision.code !== null) this.#refuse(decision.code, decision.detail, decision.answerHeaders);
    else this.#send(decision.status, '', this.#ownHeaders(decision.answerHeaders));
  }

  #forward({ compiled }: EnvironmentView, decision: Forward): void {
    const exchange = this.#exchange;
    const { account } = decision;
    const spec = compiled.upstreams.get(account.upstream);
    this.#answerHeaders = decision.answerHeaders;
    if (spec === undefined)
      throw new Error(`the compiled route ${account.route} names the upstream ${account.upstream}, which is not there`);
    const body = exchange.takeBody();
    const headers = upstreamHeaders(exchange.headers, {
      clientAddress: exchange.clientAddress,
      authority: exchange.authority,
      protocol: exchange.protocol,
      requestId: this.requestId,
      hasBody: body !== null,
      hidden: decision.hiddenHeaders,
    });
    this.#call = this.#parts.upstreams.send(
      {
        tenantId: compiled.tenantId,
        name: account.upstream,
        spec,
        method: exchange.method,
        path: decision.path + exchange.query,
        headers,
        body,
      },
      this,
    );
  }

  onHead(status: number, headers: readonly string[]): void {
    this.#status = status;
    this.#exchange.start(status, clientHeaders(headers, this.#ownHeaders(this.#answerHeaders)));
  }

  onData(chunk: Uint8Array): boolean {
    this.#sentBytes += chunk.length;
    return this.#exchange.write(chunk);
  }

  onEnd(): void {
    this.#exchange.end();
  }

  onFailure(failure: UpstreamFailure): void {
    if (!this.#exchange.hasStarted) {
      this.#refuse(failure, failureInWords[failure], this.#answerHeaders);
      return;
    }
    // The head is out: only a broken connection tells the client that the body is not whole.
    this.#code = failure;
    this.#isBroken = true;
    this.#exchange.destroy();
  }

  #refuse(code: ProblemCode, detail: string, headers: Headers = []): void {
    if (this.#exchange.isClosed) return;
    this.#code = code;
    const body = JSON.stringify(problem(code, detail, { instance: this.#exchange.path, requestId: this.requestId }));
    this.#send(problems[code].status, body, [
      ...this.#ownHeaders(headers),
      ['content-type', 'application/problem+json'],
      ['cache-control', 'no-store'],
    ]);
  }

  #send(status: number, body: string, headers: Headers): void {
    const exchange = this.#exchange;
    const bytes = Buffer.from(body);
    this.#status = status;
    exchange.start(status, [...headers.flat(), ...(status === 204 ? [] : ['content-length', String(bytes.length)])]);
    if (bytes.length > 0 && exchange.method !== 'HEAD') {
      this.#sentBytes = bytes.length;
      exchange.write(bytes);
    }
    exchange.end();
  }

  #ownHeaders(headers: Headers): Headers {
    const own: [string, string][] = [['x-sluice-request-id', this.requestId]];
    const arm = this.#account?.arm ?? '';
    if (arm !== '') own.push(['x-sluice-arm', arm]);
    return [...headers, ...own, ...(this.#tightest === undefined ? [] : rateLimitHeaders(this.#tightest))];
  }

  // Windows are aligned to the Unix epoch.
  #resetMs(windowMs: number): number {
    return windowMs - (this.time % windowMs);
  }

  #finish(isComplete: boolean): void {
    const hasLeft = !isComplete && !this.#isBroken;
    if (hasLeft) this.#call?.abort();
    const status = hasLeft ? 499 : this.#status;
    const durationMs = performance.now() - this.#exchange.startedAt;
    this.#parts.counters.end({
      status,
      code: this.#code,
      durationMs,
      sentBytes: this.#sentBytes,
      receivedBytes: this.#call?.sentBytes ?? 0,
    });
    // Without an environment there is no tenant whose record this could be.
    if (this.#environment === undefined || this.#account === undefined) return;
    this.#parts.records.write(
      recordOf({
        requestId: this.requestId,
        time: this.time,
        compiled: this.#environment.compiled,
        account: this.#account,
        reasons: this.#reasons,
        exchange: this.#exchange,
        status,
        code: this.#code,
        call: this.#call,
        durationMs,
        sentBytes: this.#sentBytes,
        tightest: this.#tightest,
      }),
    );
  }
}

function refusalOf(result: AcquireResult): LimitRefusal | undefined {
  if (result.state === 'granted') return undefined;
  const { key } = result.limit;
  return result.state === 'exhausted'
    ? { state: 'exhausted', key, resetMs: result.resetMs }
    : { state: 'unavailable', key };
}

const failureInWords = {
  upstream_unreachable: 'No target of the upstream accepted a connection.',
  upstream_forbidden_address: 'The upstream leads to an address that this gateway does not allow.',
  upstream_failed: 'The upstream closed the connection, or broke the protocol, before its answer began.',
  upstream_timeout: 'The upstream did not begin its answer in time.',
} as const satisfies Record<UpstreamFailure, string>;
