// One limit as the broker holds it: its slot, its period, and what of it was leased, spent and given back.
//
// The deadline of units is computed so that Redis's clock cannot have passed the period's end when it is reached: Redis
// read its clock at the earliest when the question was sent (so the whole round trip counts), it reports whole
// milliseconds, and clocks may drift apart by 500 ppm until the next answer (what NTP may slew).
import type { LeaseAsk, LeaseReply } from './lease-script.js';
import type { LimitRef } from './limit-ref.js';
import { maxHeldUnits, type SlotTable } from './slot-table.js';

const driftShare = 500e-6;
const clockGrainMs = 2;
/** How long a lease should last at the rate seen. Short: what a gateway holds is what another one may lack. */
const leaseMs = 50;
const longestDeadlineMs = 20 * 86_400_000;
/** A limit known to be used up is asked for again this often, because another gateway may have given units back. */
const reaskMs = 150;
const reaskJitterMs = 100;

export interface LimitCounts {
  leased(units: number): void;
  returned(units: number): void;
  forfeited(units: number): void;
  overshot(units: number): void;
}

export class HeldLimit {
  readonly key: string;
  readonly windowMs: number;
  units: number;
  onOutage: LimitRef['onOutage'];
  readonly slot: number;
  readonly generation: number;

  period = -1;
  holders = 1;
  left = 0;
  resetAtMs = 0;
  deadlineMs = 0;
  lastSpendMs = 0;
  /** Taken out of the threads' hands, to be given back with the next operation. */
  #returning = 0;
  /** Admitted without Redis, and not yet told to it. */
  #charging = 0;
  /** A thread said that the lease runs out. */
  isLow = false;

  #epoch = '';
  #version = 0;
  #used = 0;
  #mine = 0;
  #lease = 1;
  #minted = 0;
  #mintedCounted = 0;
  #mintedInPeriod = 0;
  #added = 0;
  #withdrawn = 0;
  #spentSeen = 0;
  #rate = 0;
  #lastGrantMs = 0;
  #spentAtGrant = 0;
  readonly #table: SlotTable;
  readonly #counts: LimitCounts;

  constructor(ref: LimitRef, slot: number, table: SlotTable, counts: LimitCounts, nowMs: number) {
    this.key = ref.key;
    this.windowMs = ref.windowMs;
    this.units = ref.units;
    this.onOutage = ref.onOutage;
    this.slot = slot;
    this.#table = table;
    this.#counts = counts;
    this.generation = table.assign(slot);
    table.setDeadline(slot, nowMs - 1);
    table.setExhausted(slot, undefined);
    this.#lastGrantMs = nowMs;
    this.lastSpendMs = nowMs;
    this.#show();
  }

  held(nowMs: number): number {
    return this.#table.held(this.slot, nowMs);
  }

  isExhausted(nowMs: number): boolean {
    return this.#table.isExhausted(this.slot, nowMs);
  }

  /** Whether forgetting it loses nothing: no units in any hand. */
  isEmpty(): boolean {
    return this.#table.balance(this.slot) === 0 && !this.hasNews() && this.#minted === 0;
  }

  /** Whether Redis must hear of units: given back, or admitted without it. */
  hasNews(): boolean {
    return this.#returning > 0 || this.#charging > 0;
  }

  get balance(): number {
    return this.#table.balance(this.slot);
  }

  /** The document has changed. Fewer units: what is held goes back, since it was granted under the larger number. */
  refresh(ref: LimitRef): void {
    this.onOutage = ref.onOutage;
    if (ref.units === this.units) return;
    if (ref.units < this.units) this.withdraw(maxHeldUnits);
    this.units = ref.units;
    this.left = Math.max(0, this.units - this.#used);
    this.#table.setExhausted(this.slot, undefined);
    this.#show();
  }

  /** Takes up to `most` units out of the threads' hands, to be given back. */
  withdraw(most: number): void {
    this.#dropMinted();
    const units = this.#table.withdraw(this.slot, most);
    this.#withdrawn += units;
    this.#returning += units;
  }

  /** What the next operation asks. Units that are being given back are in the operation from here on. */
  ask(need: number, nowMs: number): LeaseAsk {
    const isWanted = need > 0 || this.isLow;
    this.isLow = false;
    this.#dropMinted();
    const returned = this.#returning;
    const charged = this.#charging;
    this.#returning = 0;
    this.#charging = 0;
    const missing = Math.max(0, need - this.held(nowMs));
    if (isWanted) this.#resizeLease(nowMs);
    const room = maxHeldUnits - this.balance;
    const want = isWanted ? Math.max(0, missing, this.#lease - (missing > 0 ? 0 : this.balance)) : 0;
    return {
      key: this.key,
      windowMs: this.windowMs,
      units: this.units,
      period: this.period,
      returned,
      charged,
      want: Math.min(want, room),
      need: Math.min(missing, room),
      seenEpoch: this.#epoch,
      seenVersion: this.#version,
      seenUsed: this.#used,
      seenMine: this.#mine,
    };
  }

  /** Takes in Redis's answer. `sentMs` and `nowMs` are monotonic. False: it speaks of a period before the one known. */
  apply(ask: LeaseAsk, reply: LeaseReply, sentMs: number, nowMs: number): boolean {
    if (reply.period < this.period) return false;
    if (reply.period > this.period) {
      this.endPeriod();
      if (ask.period !== reply.period) this.#counts.forfeited(ask.returned);
    } else this.#counts.returned(ask.returned);
    this.period = reply.period;
    this.#epoch = reply.epoch;
    this.#version = reply.version;
    this.#used = reply.used;
    this.#mine = reply.mine;
    this.holders = reply.holders;
    this.left = Math.max(0, this.units - reply.used);
    const remainingMs = (reply.period + 1) * this.windowMs - reply.redisMs;
    this.resetAtMs = nowMs + remainingMs;
    this.deadlineMs = sentMs + Math.min(longestDeadlineMs, remainingMs * (1 - driftShare) - clockGrainMs);
    this.#table.setDeadline(this.slot, this.deadlineMs);
    const granted = Math.max(0, reply.granted);
    if (granted > 0) {
      this.#add(granted);
      this.#counts.leased(granted);
      this.#lastGrantMs = nowMs;
      this.#spentAtGrant = this.#spent();
      // A prefetch while a lease is still half full; none where units are counted one by one.
      this.#table.setLowMark(this.slot, granted >= 4 && this.left > 0 ? granted >> 1 : 0);
    }
    this.#table.setExhausted(this.slot, this.left > 0 ? undefined : this.#reaskAt(nowMs));
    this.#show();
    return true;
  }

  /** Until Redis has said which period it is in, nothing is spent; the units stay. */
  distrust(nowMs: number): void {
    this.deadlineMs = Math.min(this.deadlineMs, nowMs);
    this.#table.setDeadline(this.slot, this.deadlineMs);
  }

  /** The period is over: whatever is left of it is gone, here as in Redis. */
  endPeriod(): void {
    const minted = Math.min(this.#minted, this.balance);
    const left = this.#table.endPeriod(this.slot);
    this.#counts.forfeited(left - Math.min(left, minted) + this.#returning);
    this.#countMinted(Math.min(left, minted));
    this.#returning = 0;
    this.#charging = 0;
    this.#minted = 0;
    this.#mintedCounted = 0;
    this.#mintedInPeriod = 0;
    this.#added = 0;
    this.#withdrawn = 0;
    this.#spentSeen = 0;
    this.#spentAtGrant = 0;
    this.#mine = 0;
    this.#used = 0;
    this.#epoch = '';
    this.#version = 0;
  }

  /** Redis cannot be asked: units from this gateway's uncoordinated share of the period. False: the share is used up. */
  mint(need: number, nowMs: number, redisNowMs: number): boolean {
    const period = Math.floor(redisNowMs / this.windowMs);
    if (period > this.period && nowMs >= this.resetAtMs) {
      this.endPeriod();
      this.period = period;
      this.resetAtMs = nowMs + (period + 1) * this.windowMs - redisNowMs;
      this.left = 0;
    }
    this.deadlineMs = this.resetAtMs;
    this.#table.setDeadline(this.slot, this.resetAtMs);
    const share = Math.max(1, Math.floor(this.units / this.holders));
    const open = share - this.#mine - this.#mintedInPeriod;
    const units = Math.min(
      open,
      Math.max(need, Math.min(this.#lease, Math.ceil(share / 20))),
      maxHeldUnits - this.balance,
    );
    const isEnough = units >= need;
    if (isEnough && units > 0) {
      this.#minted += units;
      this.#mintedInPeriod += units;
      this.#add(units);
    }
    this.#table.setLowMark(this.slot, 0);
    this.#table.setExhausted(this.slot, isEnough ? undefined : this.#reaskAt(nowMs));
    this.#show();
    return isEnough;
  }

  /** Looks at what was spent since the last look. */
  observe(nowMs: number, elapsedMs: number): void {
    const spent = this.#spent();
    const fresh = spent - this.#spentSeen;
    this.#spentSeen = spent;
    if (fresh > 0) this.lastSpendMs = nowMs;
    this.#rate = 0.5 * this.#rate + (0.5 * fresh) / Math.max(1, elapsedMs);
    this.#countMinted(Math.min(this.#minted, this.balance));
  }

  /** Units that will hardly be spent before the deadline. */
  surplus(nowMs: number): number {
    return this.balance - Math.ceil(2 * this.#rate * Math.max(0, this.deadlineMs - nowMs)) - 1;
  }

  #spent(): number {
    return this.#added - this.#withdrawn - this.balance;
  }

  #add(units: number): void {
    this.#added += units;
    this.#table.add(this.slot, units);
  }

  /** By the rate since the last grant, at most doubling: from one unit up as demand shows, down at once. */
  #resizeLease(nowMs: number): void {
    const elapsedMs = Math.max(0.1, nowMs - this.#lastGrantMs);
    const spent = this.#spent() - this.#spentAtGrant;
    const byRate = Math.ceil((spent / elapsedMs) * leaseMs);
    this.#lease = Math.max(1, Math.min(maxHeldUnits, byRate, 2 * this.#lease));
  }

  /** Takes back minted units that nobody spent; those that were spent are charged to the limit. */
  #dropMinted(): void {
    if (this.#minted === 0) return;
    const unspent = this.#table.withdraw(this.slot, this.#minted);
    this.#withdrawn += unspent;
    this.#countMinted(unspent);
    this.#charging += this.#minted - unspent;
    this.#minted = 0;
    this.#mintedCounted = 0;
    this.#mintedInPeriod -= unspent;
  }

  /** Every minted unit that was spent is overshoot: admitted while nobody could say whether the limit still held. */
  #countMinted(unspent: number): void {
    const spent = this.#minted - unspent;
    if (spent <= this.#mintedCounted) return;
    this.#counts.overshot(spent - this.#mintedCounted);
    this.#mintedCounted = spent;
  }

  #reaskAt(nowMs: number): number {
    return Math.min(nowMs + reaskMs + Math.random() * reaskJitterMs, Math.max(nowMs, this.resetAtMs));
  }

  #show(): void {
    this.#table.setView(this.slot, { units: this.units, leftInRedis: this.left, resetAtMs: this.resetAtMs });
  }
}
