// How one request gets its decision: the engine is asked, what it needs is fetched, what it says to spend is spent, until
// it has decided. A request that needs nothing fetched meets no promise.
import type { Account, Charge, DecideRequest, Decision, LimitRef, LimitStatus, Need, Reason } from '@sluice/engine';
import { decide, limitPeriodMs, tightest } from '@sluice/engine';
import { assertNever } from '@sluice/runtime';
import type { Hold } from '../limits/index.js';
import type { EnvironmentView } from '../snapshot/replica.js';
import type { Exchange } from '../wire/exchange.js';
import type { FlowParts } from './flow-parts.js';
import { joinHolds } from './join-holds.js';
import { RequestFacts } from './request-facts.js';

export interface DecisionReceiver {
  /** What the decision says to spend has been spent. */
  onDecision(decision: Decision): void;
  /** A bug in here, or in `onDecision`, must cost one request, not the thread with all its others. */
  onBug(error: unknown): void;
}

// A lease that came may be spent by another thread first. Each round asks Redis anew, and ends; so must the rounds.
const longestLeaseWaitMs = 3000;

export class Deciding {
  /** As far as the decision came. */
  account: Account | undefined;
  reasons: readonly Reason[] = [];
  tightest: LimitStatus | undefined;
  /** What was taken and may have to go back: slots of concurrency, and the rest of a cost that the answer tells. */
  hold: Hold | undefined;
  /** Taken before somebody was asked who calls. */
  #taken: readonly Charge[] = [];
  readonly #seed = (Math.random() * 0x1_0000_0000) >>> 0;
  readonly #facts: RequestFacts;
  #leaseDeadline = 0;

  /** @param time Unix milliseconds: the request's moment, however long the decision takes. */
  constructor(
    private readonly parts: FlowParts,
    private readonly environment: EnvironmentView,
    private readonly exchange: Exchange,
    private readonly requestId: string,
    private readonly time: number,
    private readonly receiver: DecisionReceiver,
  ) {
    this.#facts = new RequestFacts(environment, parts.budgets, parts.identity, parts.upstreams);
  }

  run(): void {
    try {
      this.#decide();
    } catch (error) {
      this.receiver.onBug(error);
    }
  }

  #decide(): void {
    if (this.exchange.isClosed) return;
    const decision = decide(this.environment.compiled, this.#request(), this.#facts, this.time, this.#seed);
    this.account = decision.account;
    this.reasons = decision.reasons;
    const isRefundable = decision.kind === 'need' || (decision.kind === 'forward' && decision.costHeader !== undefined);
    const toSpend = this.#taken.length === 0 ? decision.spend : without(this.#taken, decision.spend);
    if (!this.#spend(toSpend, isRefundable)) {
      this.#lease(toSpend);
      return;
    }
    if (decision.kind === 'need') {
      this.#keep(toSpend);
      this.#fetch(decision);
      return;
    }
    if (decision.kind === 'answer') this.#showRefusal(decision);
    this.receiver.onDecision(decision);
  }

  #request(): DecideRequest {
    const { exchange } = this;
    const { host, method, path, query, protocol, clientAddress } = exchange;
    const header = (name: string): string | undefined => exchange.header(name);
    return {
      id: this.requestId,
      host,
      method,
      path,
      query,
      protocol,
      clientAddress,
      header,
      rawHeaders: exchange.headers,
    };
  }

  #fetch(need: Need): void {
    switch (need.need) {
      case 'lease':
        this.#lease(need.charges);
        break;
      case 'token':
        this.#runAfter(this.#facts.findToken(need.question));
        break;
      case 'password':
        this.#runAfter(this.#facts.findPassword(need.hash, need.password));
        break;
      case 'forward-auth':
        this.#runAfter(this.#facts.findForwardAuth(need.call));
        break;
      default:
        assertNever(need);
    }
  }

  #runAfter(found: Promise<void>): void {
    found.then(
      () => this.run(),
      (error: unknown) => this.receiver.onBug(error),
    );
  }

  /** False: other requests were faster, and the limits must be asked for again. */
  #spend(charges: readonly Charge[], isRefundable: boolean): boolean {
    if (charges.length === 0) return true;
    const spent = this.parts.budgets.spend(charges, isRefundable);
    if (!spent.ok) return false;
    this.hold = joinHolds(this.hold, spent.hold);
    const statuses = this.#statusesOf(charges, spent.left);
    this.tightest = tightest(this.tightest === undefined ? statuses : [this.tightest, ...statuses]);
    return true;
  }

  /** What was taken early counts as there, for as long as it is. */
  #keep(charges: readonly Charge[]): void {
    if (charges.length === 0) return;
    for (const charge of charges) this.#facts.take(charge);
    this.#taken = [...this.#taken, ...charges];
    if (this.hold === undefined) return;
    // Slots may be lost while somebody is asked who calls: then the decision that follows refuses.
    this.hold.onLost = () => {
      for (const { limit } of this.#taken)
        if (limit.kind === 'concurrency') this.#facts.refuse(limit.key, { state: 'unavailable' });
    };
  }

  // A limit in a dry run is nothing that clients must heed; one of the platform's is none of theirs, until it refuses.
  #statusesOf(charges: readonly Charge[], left: readonly number[]): LimitStatus[] {
    const statuses: LimitStatus[] = [];
    for (const [index, { limit }] of charges.entries())
      if (!limit.isDryRun && limit.isOfPlatform !== true)
        statuses.push({ limit, left: left[index] ?? 0, resetMs: this.#resetMs(limit) });
    return statuses;
  }

  // What is known to be used up needs no question; everything else the broker asks Redis for.
  #lease(charges: readonly Charge[]): void {
    const { budgets } = this.parts;
    const used = charges.find(({ limit }) => budgets.peek(limit) === 0)?.limit;
    if (used !== undefined) {
      this.#facts.refuse(used.key, { state: 'exhausted', resetMs: this.#resetMs(used) });
      this.run();
      return;
    }
    const now = performance.now();
    if (this.#leaseDeadline === 0) this.#leaseDeadline = now + longestLeaseWaitMs;
    const first = charges[0]?.limit;
    if (now > this.#leaseDeadline && first !== undefined) {
      this.#facts.refuse(first.key, { state: 'unavailable' });
      this.run();
      return;
    }
    this.#runAfter(this.#acquire(charges));
  }

  async #acquire(charges: readonly Charge[]): Promise<void> {
    const result = await this.parts.budgets.acquire(charges);
    if (result.state === 'exhausted')
      this.#facts.refuse(result.limit.key, { state: 'exhausted', resetMs: result.resetMs });
    else if (result.state === 'unavailable') this.#facts.refuse(result.limit.key, { state: 'unavailable' });
  }

  // A refusal spends nothing, yet its limit is what the client wants to see.
  #showRefusal({ account }: Decision): void {
    for (const limit of account.limits) {
      const refusal = this.#facts.refusal(limit.key);
      if (refusal?.state === 'exhausted' && !limit.isDryRun)
        this.tightest = { limit, left: 0, resetMs: refusal.resetMs };
    }
  }

  #resetMs(limit: LimitRef): number {
    const known = this.parts.budgets.status(limit)?.resetMs;
    const periodMs = limitPeriodMs(limit) ?? 1000;
    return known ?? periodMs - (this.time % periodMs);
  }
}

/** `charges` but for those of `taken`. */
function without(taken: readonly Charge[], charges: readonly Charge[]): readonly Charge[] {
  const left = [...taken];
  return charges.filter(({ limit, cost }) => {
    const at = left.findIndex((one) => one.limit.key === limit.key && one.cost === cost);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
