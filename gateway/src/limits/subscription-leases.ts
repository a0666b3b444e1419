// The limits of one subscription, and the one operation on them that may be under way: so many requests share a round
// trip, and an operation whose answer was lost is sent again, unchanged and under its number, until it is answered.
import type { Clock } from './clock.js';
import type { HeldLimit } from './held-limit.js';
import type { LeaseAsk, LeaseReply } from './lease-script.js';

export type WaitOutcome =
  | { readonly state: 'satisfied' }
  | { readonly state: 'exhausted'; readonly resetMs: number }
  | { readonly state: 'unavailable' };

export interface Waiter {
  readonly cost: number;
  readonly sinceMs: number;
  settle(outcome: WaitOutcome): void;
}

export interface LeaseServer {
  readonly clock: Clock;
  nextSeq(): number;
  /** Sends one operation; rejects when it was not answered, whether or not it was done. */
  operate(seq: number, asks: readonly LeaseAsk[]): Promise<LeaseReply[]>;
  isReachable(): boolean;
  nowMs(): number;
  /** Redis's clock now, as last known. */
  redisNowMs(): number;
}

interface Operation {
  readonly seq: number;
  readonly asks: readonly LeaseAsk[];
  readonly limits: readonly HeldLimit[];
}

/** After an operation without an answer, requests are answered without trying for this long. */
const pauseMs = 100;

export class SubscriptionLeases {
  readonly limits = new Map<string, HeldLimit>();
  readonly #waiters = new Map<HeldLimit, Set<Waiter>>();
  readonly #wanted = new Set<HeldLimit>();
  readonly #server: LeaseServer;
  #unanswered: Operation | undefined;
  #isSending = false;
  #sent: Promise<void> = Promise.resolve();
  #isScheduled = false;
  #pausedUntilMs = 0;

  constructor(server: LeaseServer) {
    this.#server = server;
  }

  isIdle(limit: HeldLimit): boolean {
    return !this.#waiters.has(limit) && !this.#wanted.has(limit) && this.#unanswered?.limits.includes(limit) !== true;
  }

  /** Waits for `waiter.cost` units of a limit. */
  wait(limit: HeldLimit, waiter: Waiter): void {
    const waiters = this.#waiters.get(limit);
    if (waiters === undefined) this.#waiters.set(limit, new Set([waiter]));
    else waiters.add(waiter);
    this.want(limit);
  }

  leave(limit: HeldLimit, waiter: Waiter): void {
    const waiters = this.#waiters.get(limit);
    if (waiters?.delete(waiter) === true && waiters.size === 0) this.#waiters.delete(limit);
  }

  /** Asks for a lease, gives back, or hears of the period: whatever there is to say about the limit goes out together. */
  want(limit: HeldLimit): void {
    this.#wanted.add(limit);
    if (this.#isScheduled || this.#isSending) return;
    this.#isScheduled = true;
    this.#server.clock.setImmediate(() => {
      this.#isScheduled = false;
      void this.flush();
    });
  }

  /** Sends what there is to say, and before it an operation that was not answered. Resolves when nothing is under way. */
  flush(): Promise<void> {
    if (!this.#isSending) this.#sent = this.#send();
    return this.#sent;
  }

  /** Whether something waits for Redis to answer again. */
  isBehind(): boolean {
    return !this.#isSending && (this.#unanswered !== undefined || this.#wanted.size > 0);
  }

  /** Ends waits that have lasted too long. */
  expire(limit: HeldLimit, beforeMs: number): void {
    for (const waiter of this.#waiters.get(limit) ?? []) {
      if (waiter.sinceMs >= beforeMs) continue;
      this.leave(limit, waiter);
      waiter.settle({ state: 'unavailable' });
    }
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    while (this.#unanswered !== undefined || this.#wanted.size > 0) {
      const nowMs = this.#server.nowMs();
      if (!this.#server.isReachable() || nowMs < this.#pausedUntilMs) {
        this.#goWithout();
        break;
      }
      const operation = (this.#unanswered ??= this.#begin(nowMs));
      try {
        const replies = await this.#server.operate(operation.seq, operation.asks);
        this.#unanswered = undefined;
        this.#end(operation, replies, nowMs);
      } catch {
        this.#pausedUntilMs = this.#server.nowMs() + pauseMs;
      }
    }
    // In the same turn as the loop's last look, so that nothing wanted in between is overlooked.
    this.#isSending = false;
  }

  #begin(nowMs: number): Operation {
    const limits = [...this.#wanted];
    this.#wanted.clear();
    const asks = limits.map((limit) => {
      let need = 0;
      for (const waiter of this.#waiters.get(limit) ?? []) need += waiter.cost;
      return limit.ask(need, nowMs);
    });
    return { seq: this.#server.nextSeq(), asks, limits };
  }

  #end(operation: Operation, replies: readonly LeaseReply[], sentMs: number): void {
    const nowMs = this.#server.nowMs();
    operation.limits.forEach((limit, index) => {
      const ask = operation.asks[index];
      const reply = replies[index];
      if (ask === undefined || reply === undefined) return;
      if (limit.apply(ask, reply, sentMs, nowMs)) this.#settle(limit, nowMs);
    });
  }

  /** Hands what is held to those who wait, in the order they came. */
  #settle(limit: HeldLimit, nowMs: number): void {
    let open = limit.held(nowMs);
    // Units whose deadline has come before they could be used: the next period is about to begin.
    if (limit.deadlineMs <= nowMs) {
      this.#server.clock.setTimeout(() => this.want(limit), Math.max(1, limit.resetAtMs - nowMs + 1));
      return;
    }
    for (const waiter of this.#waiters.get(limit) ?? []) {
      if (open >= waiter.cost) {
        open -= waiter.cost;
        this.leave(limit, waiter);
        waiter.settle({ state: 'satisfied' });
      } else if (limit.left === 0) {
        this.leave(limit, waiter);
        waiter.settle({ state: 'exhausted', resetMs: Math.max(0, limit.resetAtMs - nowMs) });
      } else this.#wanted.add(limit);
    }
  }

  /** Redis does not answer: each limit says what happens then. */
  #goWithout(): void {
    const nowMs = this.#server.nowMs();
    for (const [limit, waiters] of this.#waiters) {
      let need = -limit.held(nowMs);
      for (const waiter of waiters) need += waiter.cost;
      const isMinted = limit.onOutage === 'local' && (need <= 0 || limit.mint(need, nowMs, this.#server.redisNowMs()));
      for (const waiter of waiters) {
        this.leave(limit, waiter);
        if (isMinted) waiter.settle({ state: 'satisfied' });
        else if (limit.onOutage === 'local')
          waiter.settle({ state: 'exhausted', resetMs: Math.max(0, limit.resetAtMs - nowMs) });
        else waiter.settle({ state: 'unavailable' });
      }
    }
    for (const limit of this.#wanted) if (!limit.hasNews()) this.#wanted.delete(limit);
  }
}
