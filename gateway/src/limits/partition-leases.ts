// The limits of one partition, what is to be said of them, and the one operation on them that may be under way. An operation
// whose answer was lost is sent again, unchanged and under its number, until it is answered, or until a new epoch or a fence
// makes that pointless.
import { CallLoop } from './call-loop.js';
import type { Clock } from './clock.js';
import type { HeldLimit } from './held-limit.js';
import type { LeaseTransport } from './lease-transport.js';
import {
  askCall,
  joinCall,
  leaseReply,
  leaveCall,
  lookCall,
  type LeaseAsk,
  type LeaseCall,
  type LeaseReply,
} from './lease-wire.js';
import type { LeftBehind, Membership } from './membership.js';
import { RedisClock } from './redis-clock.js';
import { Waiters, type Waiter } from './waiters.js';

export interface PartitionParts {
  readonly partition: number;
  readonly clock: Clock;
  readonly transport: LeaseTransport;
  readonly membership: Membership;
  readonly roundTrip: (outcome: 'answered' | 'unanswered') => void;
}

interface Operation {
  readonly call: LeaseCall;
  readonly asks: readonly LeaseAsk[];
  readonly limits: readonly HeldLimit[];
  /** When it was first sent: no unit of it may live longer than Redis, at the earliest then, said. */
  readonly sentMs: number;
  /** It was sent and not answered: nobody knows whether it was done. */
  isDoubtful: boolean;
}

/** A member that says nothing for three seconds is fenced. */
const heartbeatMs = 500;
/** For so long Redis keeps the answer to a member's last operation, and a margin. */
const answerKeptMs = 300_000;
/** Keeps a call under a few milliseconds of Redis's time. */
const mostAsks = 200;

export class PartitionLeases {
  readonly #limits = new Set<HeldLimit>();
  readonly membership: Membership;
  /** Of the server that holds this partition. */
  readonly redisClock: RedisClock;
  readonly #waiters: Waiters;
  readonly #wanted = new Set<HeldLimit>();
  /** Those that Redis said are used up. */
  readonly #exhausted = new Set<HeldLimit>();
  readonly #parts: PartitionParts;
  readonly #clock: Clock;
  #unanswered: Operation | undefined;
  #looks: HeldLimit[] = [];
  #mustLook = false;
  readonly #loop: CallLoop;
  #lastHeardMs = -heartbeatMs;

  constructor(parts: PartitionParts) {
    this.#parts = parts;
    this.#clock = parts.clock;
    this.membership = parts.membership;
    this.redisClock = new RedisClock(parts.clock);
    this.#waiters = new Waiters(parts.clock, this.redisClock);
    this.#loop = new CallLoop({
      clock: parts.clock,
      step: (nowMs) => this.#step(nowMs),
      isReachable: () => this.isReachable(),
      goWithout: () => this.#goWithout(),
    });
  }

  add(limit: HeldLimit): void {
    this.#limits.add(limit);
  }

  forget(limit: HeldLimit): void {
    this.#limits.delete(limit);
    this.#exhausted.delete(limit);
  }

  isIdle(limit: HeldLimit): boolean {
    return !this.#waiters.has(limit) && !this.#wanted.has(limit) && this.#unanswered?.limits.includes(limit) !== true;
  }

  /** Waits for `waiter.cost` units of a limit. */
  wait(limit: HeldLimit, waiter: Waiter): void {
    this.#waiters.add(limit, waiter);
    this.want(limit);
  }

  leave(limit: HeldLimit, waiter: Waiter): void {
    this.#waiters.delete(limit, waiter);
  }

  /** Asks for a lease, gives back, or hears of the period: whatever there is to say about the limit goes out together. */
  want(limit: HeldLimit): void {
    this.#wanted.add(limit);
    this.#loop.schedule();
  }

  /** Called at each tick: heartbeats, and what waits for Redis to answer again. */
  tick(nowMs: number, longestWaitMs: number): void {
    for (const limit of this.#waiters.expire(nowMs - longestWaitMs)) this.#wanted.delete(limit);
    void this.flush();
  }

  /** Sends what there is to say, and before it a call that was not answered. Resolves when nothing is under way. */
  flush(): Promise<void> {
    return this.#loop.flush();
  }

  /** Leaves: what was not given back before is forfeited. Undefined: Redis did not hear of it. */
  async goodbye(): Promise<LeftBehind | undefined> {
    await this.#loop.stop();
    if (!this.membership.isIn || !this.isReachable()) return undefined;
    try {
      const reply = await this.#call(leaveCall(this.#parts.partition, this.membership.header()));
      return this.membership.left(reply);
    } catch {
      return undefined;
    }
  }

  isReachable(): boolean {
    return this.#parts.transport.isReachable(this.#parts.partition);
  }

  /** One call. False: there is nothing to say. */
  async #step(nowMs: number): Promise<boolean> {
    const { membership } = this;
    const { partition } = this.#parts;
    if (!membership.isIn) {
      const looks = this.#limitsWithLooks();
      const reply = await this.#call(joinCall(partition, membership.header(), membership.history(), looks.length > 0));
      if (reply.state === 'rejoin') {
        membership.expelled();
        return true;
      }
      this.#looks = membership.joined(reply) ? looks : [];
      this.#mustLook = this.#looks.length > 0;
      // Nobody told of what was given back meanwhile.
      for (const limit of this.#limits) limit.doubtExhausted();
      return true;
    }
    if (this.#mustLook) {
      await this.#sendLooks();
      return true;
    }
    const isDue =
      this.#wanted.size > 0 ||
      membership.mustAcknowledge ||
      !membership.isAdmitted ||
      nowMs - this.#lastHeardMs >= heartbeatMs;
    if (this.#unanswered === undefined && !isDue) return false;
    const operation = (this.#unanswered ??= this.#begin(nowMs));
    const reply = await this.#ask(operation);
    this.#unanswered = undefined;
    const isExpelled = reply.state === 'rejoin';
    const isUndone = isExpelled && this.#isUndone(operation, reply);
    if (!isExpelled) membership.heard(reply);
    if (reply.freed.length > 0) this.#doubtExhausted(reply.freed);
    if (reply.results.length === operation.asks.length) this.#end(operation, reply);
    else this.#drop(operation, isUndone);
    if (isExpelled) {
      membership.expelled();
      return true;
    }
    if (!membership.isAdmitted && !membership.mustAcknowledge) this.#loop.waitALittle();
    return true;
  }

  async #call(call: LeaseCall, sentMs = this.#clock.nowMs()): Promise<LeaseReply> {
    const { transport, partition, roundTrip } = this.#parts;
    try {
      const reply = leaseReply(await transport.call(partition, call.keys, call.args));
      roundTrip('answered');
      this.redisClock.heard(reply.redisMs, sentMs);
      this.#lastHeardMs = this.#clock.nowMs();
      return reply;
    } catch (error) {
      roundTrip('unanswered');
      throw error;
    }
  }

  async #ask(operation: Operation): Promise<LeaseReply> {
    try {
      return await this.#call(operation.call, operation.sentMs);
    } catch (error) {
      operation.isDoubtful = true;
      throw error;
    }
  }

  async #sendLooks(): Promise<void> {
    const { partition } = this.#parts;
    const now = this.redisClock.bounds().earliestMs;
    const some = this.#looks.slice(0, mostAsks).flatMap((limit) => limit.look(now) ?? []);
    const isLast = this.#looks.length <= mostAsks;
    const reply = await this.#call(lookCall(partition, this.membership.header(), some, isLast));
    if (reply.state === 'rejoin') {
      this.#mustLook = false;
      this.membership.expelled();
      return;
    }
    this.#looks = this.#looks.slice(mostAsks);
    this.#mustLook = !isLast;
  }

  #limitsWithLooks(): HeldLimit[] {
    const now = this.redisClock.bounds().earliestMs;
    return [...this.#limits].filter((limit) => limit.look(now) !== undefined);
  }

  #begin(nowMs: number): Operation {
    const limits: HeldLimit[] = [];
    for (const limit of this.#wanted) {
      if (limits.length === mostAsks) break;
      limits.push(limit);
      this.#wanted.delete(limit);
    }
    const redisNowMs = this.redisClock.bounds().earliestMs;
    const asks = limits.map((limit) => limit.ask(this.#waiters.need(limit), nowMs, redisNowMs));
    const call = askCall(this.#parts.partition, this.membership.nextOperation(), asks);
    return { call, asks, limits, sentMs: nowMs, isDoubtful: false };
  }

  #end(operation: Operation, reply: LeaseReply): void {
    const nowMs = this.#clock.nowMs();
    operation.limits.forEach((limit, index) => {
      const ask = operation.asks[index];
      const result = reply.results[index];
      if (ask === undefined || result === undefined) return;
      switch (limit.apply(ask, result, reply.redisMs, operation.sentMs, nowMs)) {
        case 'arrived':
          if (limit.left === 0) this.#exhausted.add(limit);
          this.#handOut(limit, nowMs);
          break;
        case 'unknown':
          this.#waiters.goWithout(limit);
          break;
        case 'waiting':
          this.#loop.waitALittle();
          if (this.#waiters.has(limit)) this.#wanted.add(limit);
          break;
        case 'again':
          if (this.#waiters.has(limit)) this.#wanted.add(limit);
          break;
      }
    });
  }

  #handOut(limit: HeldLimit, nowMs: number): void {
    // Units whose deadline has come before they could be used: the next period is about to begin.
    if (limit.kind === 'period' && limit.deadlineMs <= nowMs) {
      if (this.#waiters.has(limit))
        this.#clock.setTimeout(() => this.want(limit), Math.max(1, limit.resetAtMs - nowMs + 1));
      return;
    }
    if (this.#waiters.handOut(limit, nowMs)) this.#wanted.add(limit);
  }

  #doubtExhausted(freed: readonly number[]): void {
    for (const limit of this.#exhausted) {
      if (limit.isExhausted(this.#clock.nowMs()) && !freed.includes(limit.bucket)) continue;
      this.#exhausted.delete(limit);
      limit.doubtExhausted();
    }
  }

  /** Redis lost nothing since it was sent, and would still know if it had been done: it was not, and never will be. */
  #isUndone({ sentMs }: Operation, { epoch }: LeaseReply): boolean {
    return epoch === this.membership.header().epoch && this.#clock.nowMs() - sentMs < answerKeptMs;
  }

  #drop(operation: Operation, isUndone: boolean): void {
    operation.limits.forEach((limit, index) => {
      const ask = operation.asks[index];
      // Where no limit may be exceeded, no unit is given back on the word of a key that may have been evicted.
      const isDoubtful = operation.isDoubtful && !(isUndone && limit.ref.onOutage === 'local');
      if (ask !== undefined) limit.drop(ask, isDoubtful);
      if (this.#waiters.has(limit) || limit.owes) this.#wanted.add(limit);
    });
  }

  /** Redis does not answer: each limit says what happens then. */
  #goWithout(): void {
    for (const limit of this.#waiters.limits()) this.#waiters.goWithout(limit);
    for (const limit of this.#wanted) if (!limit.owes) this.#wanted.delete(limit);
  }
}
