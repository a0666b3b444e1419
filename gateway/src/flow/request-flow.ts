// One request through the rooms: decide and spend (`deciding`), send (`forwarding`), answer (`answering`), record.
import { performance } from 'node:perf_hooks';
import type { ProblemCode, RecordPhase } from '@sluice/contracts';
import { newId } from '@sluice/contracts';
import type { Answer, Decision, Forward, Reason } from '@sluice/engine';
import { bodyTooLarge } from '@sluice/engine';
import { accessLine } from '../ops/access-log/access-line.js';
import type { EndedRequest } from '../ops/counters.js';
import type { LineWriter } from '../ops/lines.js';
import type { RequestTrace } from '../ops/traces/request-trace.js';
import type { Admittee } from '../overload/admission.js';
import type { EnvironmentView } from '../snapshot/replica.js';
import type { UpstreamCall } from '../upstream/upstream.js';
import type { Exchange } from '../wire/exchange.js';
import { Answering } from './answering.js';
import type { DecisionReceiver } from './deciding.js';
import { Deciding } from './deciding.js';
import type { FlowParts } from './flow-parts.js';
import { isLooping } from './forward-headers.js';
import { forward } from './forwarding.js';
import type { LongRequest } from './long-requests.js';
import { clientRequestId } from './client-request-id.js';
import { costOf } from './cost-of.js';
import { recordOf } from './record-of.js';

/** Serves one exchange to its end. */
export function serve(parts: FlowParts, exchange: Exchange): void {
  new RequestFlow(parts, exchange).begin();
}

class RequestFlow implements DecisionReceiver, Admittee, LongRequest {
  previous: LongRequest | undefined;
  next: LongRequest | undefined;
  readonly #parts: FlowParts;
  readonly #exchange: Exchange;
  readonly #time = Date.now();
  readonly #requestId = newId('request', this.#time);
  readonly #answering: Answering;
  #environment: EnvironmentView | undefined;
  #deciding: Deciding | undefined;
  #call: UpstreamCall | undefined;
  /** From its decision on: what is shed is not traced. */
  #trace: RequestTrace | undefined;
  /** The row that it is counted in. */
  #counted = 0;
  /** Reasons that only the request's course gave. */
  readonly #afterthoughts: Reason[] = [];
  #delay: NodeJS.Timeout | undefined;
  #phase: 'whole' | 'end' = 'whole';

  constructor(parts: FlowParts, exchange: Exchange) {
    this.#parts = parts;
    this.#exchange = exchange;
    this.#answering = new Answering(exchange, this.#requestId);
  }

  begin(): void {
    const { admission, replica, counters, longRequests } = this.#parts;
    const exchange = this.#exchange;
    // A misdirected request is nobody's: the tenant of its host has no part in the connection.
    if (!exchange.isMisdirected) this.#environment = replica.environmentOf(exchange.host);
    this.#counted = counters.begin(this.#environment?.compiled.environmentId);
    longRequests.begin(this);
    exchange.onClose = (isComplete) => this.#finish(isComplete);
    exchange.onDrain = () => this.#call?.resume();
    exchange.onBodyFailed = ({ code, detail }) => this.#giveUp(code, detail);
    admission.begin(this.#tenantId, this);
  }

  get startedAt(): number {
    return this.#exchange.startedAt;
  }

  /** A gateway that is killed leaves no other record of this request. */
  onLong(): void {
    try {
      if (this.#record('begin', this.#outcome(this.#answering.status))) this.#phase = 'end';
    } catch (error) {
      this.#parts.onBug(error, this.#requestId);
    }
  }

  get isGone(): boolean {
    return this.#exchange.isClosed;
  }

  admitted(): void {
    try {
      this.#decide();
    } catch (error) {
      this.onBug(error);
    }
  }

  /** It has cost nothing yet but its head, and leaves no record: writing one would cost as much as serving it. */
  shed(retryAfterS: number): void {
    this.#answering.refuse('overloaded', 'The gateway has more to do than it can serve in time. Try again later.', [
      ['retry-after', String(retryAfterS)],
    ]);
  }

  #decide(): void {
    const exchange = this.#exchange;
    this.#trace = this.#parts.tracer?.begin(exchange);
    if (isLooping(exchange.header('via')))
      this.#answering.refuse('bad_request', 'The request goes round in circles: an upstream leads back to a gateway.');
    else if (this.#environment !== undefined) {
      this.#deciding = new Deciding(this.#parts, this.#environment, exchange, this.#requestId, this.#time, this);
      this.#deciding.run();
    } else if (exchange.isMisdirected)
      this.#answering.refuse(
        'misdirected_request',
        `The certificate of this connection does not name ${exchange.host}. Open a connection for that host.`,
      );
    else if (this.#parts.replica.isLoaded)
      this.#answering.refuse('unknown_host', `No API is served at ${exchange.host}.`);
    else
      this.#answering.refuse('configuration_pending', 'This gateway has no configuration yet. Try again in a second.', [
        ['retry-after', '1'],
      ]);
  }

  onDecision(decision: Decision): void {
    const { delayMs } = decision;
    const hold = this.#deciding?.hold;
    if (hold !== undefined)
      hold.onLost = () =>
        this.#giveUp('limit_unavailable', 'A limit that applies to this request cannot be checked any more.');
    if (delayMs === 0) this.#carryOut(decision);
    else
      this.#delay = setTimeout(() => {
        try {
          this.#carryOut(decision);
        } catch (error) {
          this.onBug(error);
        }
      }, delayMs);
  }

  onBug(error: unknown): void {
    this.#parts.onBug(error, this.#requestId);
    this.#answering.refuse('internal', 'The gateway failed to serve this request.');
  }

  /** Empty: of nobody. */
  get #tenantId(): string {
    return this.#environment?.compiled.tenantId ?? '';
  }

  #carryOut(decision: Decision): void {
    const answering = this.#answering;
    answering.arm = decision.account.arm;
    answering.tightest = this.#deciding?.tightest;
    answering.headers = decision.answerHeaders;
    answering.edits = decision.response;
    if (decision.kind === 'answer') this.#answer(decision);
    else if (this.#environment !== undefined) this.#forward(decision, this.#environment);
  }

  #forward(decision: Forward, { compiled }: EnvironmentView): void {
    const { costHeader, transport } = decision;
    const maxBytes = transport.maxBodyBytes ?? 0;
    this.#call = forward(
      this.#parts,
      {
        compiled,
        decision,
        exchange: this.#exchange,
        requestId: this.#requestId,
        trace: this.#trace,
        onHead: (headers) => {
          const cost = costHeader === undefined ? undefined : costOf(headers, costHeader);
          if (cost !== undefined) this.#settle(cost, decision);
        },
        onBodyTooLarge: (bytes) => {
          this.#afterthoughts.push({ code: 'body_too_large', maxBytes, bytes });
          this.#giveUp('too_large', bodyTooLarge(maxBytes));
        },
      },
      this.#answering,
    );
  }

  /** What was taken beyond the cost is there again, and the answer says so. */
  #settle(cost: number, { spend }: Forward): void {
    this.#deciding?.hold?.settle(cost);
    const { tightest } = this.#answering;
    const reserved = spend.find(({ limit }) => limit === tightest?.limit)?.cost ?? 0;
    if (tightest === undefined || tightest.limit.kind === 'concurrency' || cost >= reserved) return;
    this.#answering.tightest = { ...tightest, left: tightest.left + reserved - cost };
  }

  /** The request may not go on, though it was sent. */
  #giveUp(code: ProblemCode, detail: string): void {
    this.#call?.abort();
    this.#answering.refuse(code, detail);
  }

  #answer({ code, detail, status, body }: Answer): void {
    if (code !== null) this.#answering.refuse(code, detail);
    else if (body === undefined) this.#answering.send(status, '');
    else this.#answering.send(status, body.text, [['content-type', body.contentType]]);
  }

  #finish(isComplete: boolean): void {
    this.#parts.admission.end(this.#tenantId);
    this.#parts.longRequests.end(this);
    clearTimeout(this.#delay);
    this.#deciding?.hold?.release();
    const { cutFor, hasStarted } = this.#exchange;
    const isBrokenOff = !isComplete && !this.#answering.isBroken;
    if (isBrokenOff && cutFor !== undefined) this.#afterthoughts.push({ code: 'connection_cut', because: cutFor });
    const hasLeft = isBrokenOff && !(cutFor !== undefined && hasStarted);
    const outcome = this.#outcome(hasLeft ? 499 : this.#answering.status);
    if (isBrokenOff) this.#call?.abort();
    this.#parts.counters.end(this.#counted, outcome);
    this.#trace?.finish({
      requestId: this.#requestId,
      status: outcome.status,
      code: outcome.code,
      compiled: this.#environment?.compiled,
      account: this.#deciding?.account,
    });
    if (this.#parts.accessLog !== undefined) this.#logAccess(this.#parts.accessLog, outcome);
    this.#record(this.#phase, outcome);
  }

  /** As it stands now. */
  #outcome(status: number): EndedRequest {
    const { code, sentBytes, receivedBytes } = this.#answering;
    return {
      status,
      code,
      durationMs: performance.now() - this.startedAt,
      sentBytes,
      receivedBytes: (this.#call?.sentBytes ?? 0) + receivedBytes,
    };
  }

  /** False: without an environment there is no tenant whose record this could be. */
  #record(phase: RecordPhase, { status, code, durationMs, sentBytes, receivedBytes }: EndedRequest): boolean {
    if (this.#environment === undefined || this.#deciding?.account === undefined) return false;
    this.#parts.records.write(
      recordOf({
        requestId: this.#requestId,
        time: this.#time,
        compiled: this.#environment.compiled,
        account: this.#deciding.account,
        reasons: [...this.#deciding.reasons, ...this.#afterthoughts],
        exchange: this.#exchange,
        status,
        code,
        call: this.#call,
        durationMs,
        receivedBytes,
        sentBytes,
        tightest: this.#answering.tightest ?? this.#deciding.tightest,
        phase,
      }),
    );
    return true;
  }

  #logAccess(log: LineWriter, outcome: EndedRequest): void {
    const exchange = this.#exchange;
    log.write(
      accessLine({
        ...outcome,
        time: this.#time,
        requestId: this.#requestId,
        clientAddress: exchange.clientAddress,
        asked: exchange,
        compiled: this.#environment?.compiled,
        account: this.#deciding?.account,
        call: this.#call,
        clientRequestId: clientRequestId(exchange.header('x-request-id')),
        traceId: this.#trace?.traceId ?? '',
      }),
    );
  }
}
