// Concurrency as the broker holds it: slots, leased until a deadline and renewed before it. Requests in slots that could not be
// renewed must end before Redis lends them to others, so their deadline lies well before Redis's.
import { HeldLimit, type Applied } from './held-limit.js';
import type { LeaseAsk, LeaseResult } from './lease-wire.js';
import type { OpenShare } from './local-share.js';
import { maxHeldUnits } from './slot-table.js';

/** Before slots end in Redis, the requests in them are told to end. */
const abortMarginMs = 600;
/** Slots that a gateway opens or keeps without Redis, until it looks again. */
const extensionMs = 1000;

export class HeldSlots extends HeldLimit {
  /** More slots are in use than there are. */
  isOverfull = false;
  #loweredAtMs = -Infinity;

  /** Slots given back, or to be renewed. */
  override get owes(): boolean {
    return super.owes || this.isSettling;
  }

  override apply(_ask: LeaseAsk, result: LeaseResult, _redisMs: number, sentMs: number, nowMs: number): Applied {
    this.count(result);
    if (result.state === 'unknown') {
      this.deadlineMs = nowMs;
      return 'unknown';
    }
    this.holders = result.holders;
    this.isSettling = false;
    this.left = Math.max(0, result.left);
    this.resetAtMs = nowMs + result.resetInMs;
    this.setDeadline(sentMs, result.diesInMs - abortMarginMs);
    this.receive(result, sentMs, nowMs);
    // More are in use than there are: the limit was lowered. What gets free goes back, and nobody enters meanwhile.
    this.isOverfull = result.left < 0 || sentMs <= this.#loweredAtMs;
    if (this.isOverfull) this.shrink(nowMs);
    if (result.state === 'waiting') return 'waiting';
    this.table.setExhausted(this.slot, this.left > 0 ? undefined : this.reaskAt(nowMs));
    this.show();
    return 'arrived';
  }

  override drop(ask: LeaseAsk, isDoubtful: boolean): void {
    super.drop(ask, isDoubtful);
    this.isSettling = true;
  }

  override distrust(nowMs: number): void {
    this.doubtExhausted();
    this.table.setDeadline(this.slot, nowMs);
    this.isSettling = this.leased > 0;
  }

  /** Slots that got free go back at once. */
  shrink(nowMs: number): void {
    this.table.setDeadline(this.slot, nowMs);
    this.withdraw(maxHeldUnits);
  }

  /** With `local`, requests keep their slots while Redis is away. */
  extend(nowMs: number): void {
    this.deadlineMs = nowMs + extensionMs;
    this.table.setDeadline(this.slot, this.deadlineMs);
  }

  /** Slots that could not be renewed are given up. True: requests are in them and must end. */
  lose(nowMs: number): boolean {
    if (this.leased === 0 || nowMs < this.deadlineMs) return false;
    const busy = this.leased - this.table.endPeriod(this.slot);
    this.counts.forfeited(this.leased);
    this.leased = 0;
    this.flow.begin();
    // Requests that end now must not meet others that take their place in the meantime.
    this.unknownUntilMs = nowMs + abortMarginMs;
    return busy > 0;
  }

  protected override receive({ granted }: LeaseResult, _sentMs: number, nowMs: number): void {
    this.leased += granted;
    if (granted > 0) this.grant(granted, nowMs);
  }

  protected override openShare(): OpenShare {
    return { had: this.leased };
  }

  protected override minted(units: number, nowMs: number): void {
    this.leased += units;
    this.deadlineMs = nowMs + extensionMs;
  }

  protected override charge(minted: number, unspent: number): void {
    this.leased -= unspent;
    // Which slots were in use meanwhile, nobody knows any more.
    this.owed.charge(this.stamp, minted);
  }

  protected override giveBack(units: number): void {
    this.leased -= units;
    if (units === 0) return;
    this.isSettling = true;
    this.counts.returned(units);
  }

  /** Until Redis has answered by the lower number, what others use of it is not known here. */
  protected override lowered(nowMs: number): void {
    this.#loweredAtMs = nowMs;
    this.isOverfull = this.leased > 0;
    this.isSettling = this.leased > 0;
    this.table.setDeadline(this.slot, nowMs);
  }
}
