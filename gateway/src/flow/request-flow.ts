// One request through the rooms: decide, spend, send, answer, record. A request that needs no waiting meets no promise.
import type { ProblemCode } from '@sluice/contracts';
import { newId, problem, problems } from '@sluice/contracts';
import type {
  Account,
  Answer,
  Charge,
  DecideRequest,
  Decision,
  Forward,
  Headers,
  LimitRef,
  LimitStatus,
  Need,
  Reason,
} from '@sluice/engine';
import { decide, limitPeriodMs, rateLimitHeaders, tightest } from '@sluice/engine';
import type { IdentityChecks } from '../identity/identity-checks.js';
import { assertNever } from '@sluice/runtime';
import type { Budgets } from '../limits/index.js';
import type { ThreadCounters } from '../ops/counters.js';
import type { RecordWriter } from '../records/index.js';
import type { EnvironmentView, Replica } from '../snapshot/replica.js';
import type { UpstreamCall, UpstreamFailure, UpstreamReceiver, Upstreams } from '../upstream/upstream.js';
import type { Exchange } from '../wire/exchange.js';
import { clientHeaders, isLooping, upstreamHeaders } from './forward-headers.js';
import { recordOf } from './record-of.js';
import { RequestFacts } from './request-facts.js';
import { windowOf } from './window-of.js';

export interface FlowParts {
  readonly replica: Replica;
  readonly budgets: Budgets;
  readonly identity: IdentityChecks;
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
    else if (this.#environment !== undefined) this.#start(this.#environment);
    else if (replica.isLoaded) this.#refuse('unknown_host', `No API is served at ${exchange.host}.`);
    else
      this.#refuse('configuration_pending', 'This gateway has no configuration yet. Try again in a second.', [
        ['retry-after', '1'],
      ]);
  }

  #start(environment: EnvironmentView): void {
    const { budgets, identity } = this.#parts;
    this.#decide(environment, new RequestFacts(environment, budgets, identity, () => true));
  }

  // A bug in here must cost one request, not the thread with all its others.
  #decide(environment: EnvironmentView, facts: RequestFacts): void {
    try {
      this.#decideNow(environment, facts);
    } catch (error) {
      this.#parts.onBug(error, this.requestId);
      if (this.#exchange.hasStarted) this.#exchange.destroy();
      else this.#refuse('internal', 'The gateway failed to serve this request.');
    }
  }

  #decideNow(environment: EnvironmentView, facts: RequestFacts): void {
    const exchange = this.#exchange;
    if (exchange.isClosed) return;
    const decision = decide(environment.compiled, this.#request(), facts, this.time, this.#seed);
    this.#account = decision.account;
    this.#reasons = decision.reasons;
    if (decision.kind === 'need') this.#fetch(environment, facts, decision);
    else if (!this.#spend(decision)) this.#lease(environment, facts, decision.spend);
    else if (decision.kind === 'answer') this.#answer(decision, facts);
    else this.#forward(environment, decision);
  }

  #request(): DecideRequest {
    const exchange = this.#exchange;
    const { host, method, path, query, protocol, clientAddress } = exchange;
    return { host, method, path, query, protocol, clientAddress, header: (name) => exchange.header(name) };
  }

  /** False: other requests were faster, and the limits must be asked for again. */
  #spend({ spend }: Decision): boolean {
    const { budgets } = this.#parts;
    if (spend.length === 0) return true;
    const spent = budgets.spend(
      spend.map(({ limit }) => windowOf(limit)),
      spend[0]?.cost ?? 1,
    );
    if (!spent.ok) return false;
    this.#tightest = tightest(
      spend.map(({ limit }, index) => ({ limit, left: spent.left[index] ?? 0, resetMs: this.#resetMs(limit) })),
    );
    return true;
  }

  #fetch(environment: EnvironmentView, facts: RequestFacts, need: Need): void {
    switch (need.need) {
      case 'lease':
        this.#lease(environment, facts, need.charges);
        break;
      case 'token':
        this.#decideAfter(facts.findToken(need.question), environment, facts);
        break;
      case 'password':
        this.#decideAfter(facts.findPassword(need.hash, need.password), environment, facts);
        break;
      case 'forward-auth':
        this.#decideAfter(facts.findForwardAuth(need.call), environment, facts);
        break;
      default:
        assertNever(need);
    }
  }

  #decideAfter(found: Promise<void>, environment: EnvironmentView, facts: RequestFacts): void {
    found.then(
      () => this.#decide(environment, facts),
      (error: unknown) => {
        this.#parts.onBug(error, this.requestId);
        this.#refuse('internal', 'The gateway failed to serve this request.');
      },
    );
  }

  // What is known to be used up needs no question; everything else the broker asks Redis for.
  #lease(environment: EnvironmentView, facts: RequestFacts, charges: readonly Charge[]): void {
    const { budgets } = this.#parts;
    const used = charges.find(({ limit }) => budgets.peek(windowOf(limit)) === 0)?.limit;
    if (used !== undefined) {
      facts.refuse(used.key, { state: 'exhausted', resetMs: this.#resetMs(used) });
      this.#decide(environment, facts);
      return;
    }
    const now = performance.now();
    if (this.#leaseDeadline === 0) this.#leaseDeadline = now + longestLeaseWaitMs;
    const first = charges[0]?.limit;
    if (now > this.#leaseDeadline && first !== undefined) {
      facts.refuse(first.key, { state: 'unavailable' });
      this.#decide(environment, facts);
      return;
    }
    const asked = budgets.acquire(
      charges.map(({ limit }) => windowOf(limit)),
      charges[0]?.cost ?? 1,
    );
    this.#decideAfter(
      asked.then((result) => {
        if (result.state === 'exhausted')
          facts.refuse(result.limit.key, { state: 'exhausted', resetMs: result.resetMs });
        else if (result.state === 'unavailable') facts.refuse(result.limit.key, { state: 'unavailable' });
      }),
      environment,
      facts,
    );
  }

  #answer(decision: Answer, facts: RequestFacts): void {
    for (const limit of decision.account.limits) {
      const refusal = facts.refusal(limit.key);
      if (refusal?.state === 'exhausted' && !limit.isDryRun)
        this.#tightest = { limit, left: 0, resetMs: refusal.resetMs };
    }
    this.#answerHeaders = decision.answerHeaders;
    const { code, detail, answerHeaders, status, body } = decision;
    if (code !== null) this.#refuse(code, detail, answerHeaders);
    else if (body === undefined) this.#send(status, '', this.#ownHeaders(answerHeaders));
    else this.#send(status, body.text, [...this.#ownHeaders(answerHeaders), ['content-type', body.contentType]]);
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
      hidden: decision.request.remove,
    });
    this.#call = this.#parts.upstreams.send(
      {
        tenantId: compiled.tenantId,
        name: account.upstream,
        spec,
        method: exchange.method,
        path: decision.path + decision.query,
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

  #resetMs(limit: LimitRef): number {
    const known = this.#parts.budgets.status(windowOf(limit))?.resetMs;
    const periodMs = limitPeriodMs(limit) ?? 1000;
    return known ?? periodMs - (this.time % periodMs);
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

const failureInWords = {
  upstream_unreachable: 'No target of the upstream accepted a connection.',
  upstream_forbidden_address: 'The upstream leads to an address that this gateway does not allow.',
  upstream_failed: 'The upstream closed the connection, or broke the protocol, before its answer began.',
  upstream_timeout: 'The upstream did not begin its answer in time.',
} as const satisfies Record<UpstreamFailure, string>;
