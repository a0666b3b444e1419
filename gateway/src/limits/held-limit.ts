// One limit as the broker holds it: its slot, its period, and what of it was leased, spent and given back.
//
// The deadline of units is computed so that Redis's clock cannot have passed their end when it is reached: Redis read its
// clock at the earliest when the question was first sent (so the whole round trip counts), it reports whole milliseconds,
// and clocks may drift apart by 500 ppm until the next answer (what NTP may slew).
//
// Units of a period stay when more come. Units of a rate or a sliding window live for a fraction of a second, and those in a
// slot all end with the oldest of them. When half of its life is over, they are taken back before more are asked for; not
// before: requests that were just told of units would find them gone, and ask again.
import { bucketOf, type LeaseAsk, type LeaseResult } from './lease-wire.js';
import { countKey, saysTheSame, type LimitRef } from './limit-ref.js';
import { LocalShare } from './local-share.js';
import { Owed } from './owed.js';
import { periodAt, slidingLifeMs } from './periods.js';
import { maxHeldUnits, type SlotTable } from './slot-table.js';
import type { Look } from './lease-wire.js';

const driftShare = 500e-6;
const clockGrainMs = 2;
/** How long a lease should last at the rate seen. Short: what a gateway holds is what another one may lack. */
const leaseMs = 50;
const longestDeadlineMs = 20 * 86_400_000;
/** Redis tells when a limit that was used up has units again; it is asked this often all the same. */
const longestSilenceMs = 60_000;
/** Slots get free by time too, which nobody tells; and without Redis nobody tells anything. */
const reaskMs = 150;
const reaskJitterMs = 100;
/** Before slots end in Redis, the requests in them are told to end. */
const abortMarginMs = 600;
const slotExtensionMs = 1000;

export interface LimitCounts {
  leased(units: number): void;
  returned(units: number): void;
  forfeited(units: number): void;
  admittedAlone(units: number): void;
  overshot(units: number): void;
}

export interface HeldParts {
  readonly table: SlotTable;
  readonly counts: LimitCounts;
  readonly random: () => number;
}

/** What came of an answer: units may have arrived; ask again, with what is known now; or nobody knows what is left. */
export type Applied = 'arrived' | 'again' | 'waiting' | 'unknown';

export class HeldLimit {
  readonly key: string;
  readonly kind: 'period' | 'rate' | 'sliding' | 'slots';
  readonly slot: number;
  /** Under which Redis tells that it has units again. */
  readonly bucket: number;
  generation: number;
  ref: LimitRef;

  holders = 1;
  left = 0;
  resetAtMs = 0;
  deadlineMs = 0;
  lastSpendMs: number;
  /** A thread said that the lease runs out. */
  isLow = false;
  /** Overshoot of it is not judged yet, or slots must be renewed: it is asked about again. */
  isSettling = false;
  /** More slots are in use than there are. */
  isOverfull = false;
  /** Slots leased, in use or not. */
  leased = 0;
  /** Until then nobody needs to ask: what was used is not known. */
  unknownUntilMs = 0;

  #stamp = -1;
  #periodEnd = 0;
  #look = 0;
  #loweredAtMs = -Infinity;
  #used = 0;
  #lease = 1;
  #minted = 0;
  #mintedSeen = 0;
  #added = 0;
  #withdrawn = 0;
  #spentSeen = 0;
  #rate = 0;
  #lastGrantMs: number;
  #spentAtGrant = 0;
  /** Of a rate or a sliding window: what came since the slot was last empty, and how long the oldest of it lives. */
  #grants: { readonly stamp: number; readonly units: number }[] = [];
  #lifeMs = 0;
  #owed = new Owed();
  #share = new LocalShare();
  readonly #parts: HeldParts;
  readonly #table: SlotTable;

  constructor(ref: LimitRef, slot: number, parts: HeldParts, nowMs: number) {
    this.ref = ref;
    this.key = countKey(ref);
    this.kind = kindOf(ref);
    this.slot = slot;
    this.bucket = bucketOf(this.key);
    this.#parts = parts;
    this.#table = parts.table;
    this.generation = this.#table.assign(slot);
    this.#table.setDeadline(slot, nowMs - 1);
    this.#table.setExhausted(slot, undefined);
    this.#lastGrantMs = nowMs;
    this.lastSpendMs = nowMs;
    this.#show();
  }

  get balance(): number {
    return this.#table.balance(this.slot);
  }

  /** Whether units live so shortly that those left are taken back before more are asked for. */
  get isShort(): boolean {
    return this.kind === 'rate' || this.kind === 'sliding';
  }

  held(nowMs: number): number {
    return this.#table.held(this.slot, nowMs);
  }

  isExhausted(nowMs: number): boolean {
    return this.#table.isExhausted(this.slot, nowMs);
  }

  /** Whether forgetting it loses nothing: no units in any hand. */
  isEmpty(): boolean {
    return this.balance === 0 && !this.owes && this.#minted === 0 && this.leased === 0;
  }

  /** Whether Redis must hear of units: given back, or admitted without it. */
  get owes(): boolean {
    return this.#owed.isAny || (this.kind === 'slots' && this.isSettling);
  }

  /** What this gateway last saw of the period, for a Redis that lost it. */
  look(redisNowMs: number): Look | undefined {
    if (this.kind !== 'period' || this.#look === 0 || this.#periodEnd + 60_000 < redisNowMs) return undefined;
    const { units } = this.ref;
    return { key: this.key, start: this.#stamp, end: this.#periodEnd, used: this.#used, look: this.#look, units };
  }

  /** The document may have changed. Fewer units: what is held goes back, since it was granted under the larger number. */
  refresh(ref: LimitRef, nowMs: number): void {
    if (ref.version < this.ref.version || saysTheSame(this.ref, ref)) return;
    const isLess = ref.units < this.ref.units || this.isShort;
    this.ref = ref;
    if (isLess) this.withdraw(maxHeldUnits);
    if (isLess && this.kind === 'slots') this.#lower(nowMs);
    if (this.kind === 'period') this.left = Math.max(0, ref.units - this.#used);
    this.#table.setExhausted(this.slot, undefined);
    this.#show();
  }

  /** Takes up to `most` units out of the threads' hands, to be given back. */
  withdraw(most: number): void {
    if (this.isShort) return this.#recall();
    this.#dropMinted();
    const units = this.#table.withdraw(this.slot, most);
    this.#withdrawn += units;
    if (this.kind === 'slots') {
      this.leased -= units;
      if (units > 0) {
        this.isSettling = true;
        this.#parts.counts.returned(units);
      }
    } else this.#owed.give(this.#stamp, units);
  }

  /** What the next operation asks. Units that are being given back are in the operation from here on. */
  ask(need: number, nowMs: number, redisNowMs: number): LeaseAsk {
    const isWanted = need > 0 || this.isLow;
    this.isLow = false;
    this.#dropMinted();
    if (isWanted && this.isShort && nowMs > this.deadlineMs - this.#lifeMs / 2) this.#recall();
    const missing = Math.max(0, need - this.held(nowMs));
    if (isWanted) this.#resizeLease(nowMs);
    const room = maxHeldUnits - this.balance;
    const want = isWanted ? Math.max(0, missing, this.#lease - (missing > 0 ? 0 : this.balance)) : 0;
    const { stamp, returned, charged } = this.#owed.take(this.#stamp);
    return {
      key: this.key,
      kind: this.kind === 'period' && this.ref.onOutage === 'local' ? 'local' : this.kind,
      units: this.ref.units,
      version: this.ref.version,
      want: Math.min(want, room),
      need: Math.min(missing, room),
      returned,
      charged,
      stamp,
      seen: this.kind === 'period' && stamp === this.#stamp ? this.#look : 0,
      terms: this.#terms(redisNowMs),
    };
  }

  /** Takes in Redis's answer. `sentMs` (when it was first sent) and `nowMs` are monotonic, `redisMs` is its clock. */
  apply(ask: LeaseAsk, result: LeaseResult, redisMs: number, sentMs: number, nowMs: number): Applied {
    const { counts } = this.#parts;
    if (result.overshoot > 0) counts.overshot(result.overshoot);
    if (this.kind === 'slots') return this.#applySlots(result, sentMs, nowMs);
    if (result.state === 'waiting' || result.state === 'elsewhen') {
      this.#owed.owe(ask);
      return result.state === 'waiting' ? 'waiting' : 'again';
    }
    if (this.kind === 'period') {
      if (result.state === 'done' && result.stamp < this.#stamp) {
        counts.forfeited(result.granted);
        return 'again';
      }
      if (result.stamp > this.#stamp) this.endPeriod();
      if (result.stamp > 0) this.#stamp = result.stamp;
      if (result.state === 'done') {
        this.#periodEnd = redisMs + result.diesInMs;
        this.#look = result.look;
        this.#used = result.units - result.left;
      }
    }
    counts.returned(ask.returned);
    this.holders = result.holders;
    this.isSettling = result.isSettling;
    this.left = Math.max(0, result.left);
    this.resetAtMs = nowMs + result.resetInMs;
    if (result.state === 'unknown') {
      this.unknownUntilMs = nowMs + reaskMs;
      this.#table.setExhausted(this.slot, undefined);
      this.#show();
      return 'unknown';
    }
    this.unknownUntilMs = 0;
    if (!this.isShort) this.#setDeadline(sentMs, result.diesInMs);
    if (result.granted > 0) {
      if (this.isShort) this.#beginLife(result, sentMs, nowMs);
      this.#grant(result.granted, nowMs);
      // A prefetch while a lease is still half full; none where units are counted one by one, or live shortly.
      const isPrefetched = !this.isShort && result.granted >= 4 && this.left > 0;
      this.#table.setLowMark(this.slot, isPrefetched ? result.granted >> 1 : 0);
    }
    this.#table.setExhausted(this.slot, this.left > 0 ? undefined : Math.min(this.resetAtMs, nowMs + longestSilenceMs));
    this.#show();
    return 'arrived';
  }

  /** Units may be there again before its period ends. */
  doubtExhausted(): void {
    this.#table.setExhausted(this.slot, undefined);
  }

  #applySlots(result: LeaseResult, sentMs: number, nowMs: number): Applied {
    if (result.state === 'unknown') {
      this.deadlineMs = nowMs;
      return 'unknown';
    }
    this.holders = result.holders;
    this.isSettling = false;
    this.left = Math.max(0, result.left);
    this.resetAtMs = nowMs + result.resetInMs;
    this.#setDeadline(sentMs, result.diesInMs - abortMarginMs);
    this.leased += result.granted;
    if (result.granted > 0) this.#grant(result.granted, nowMs);
    // More are in use than there are: the limit was lowered. What gets free goes back, and nobody enters meanwhile.
    this.isOverfull = result.left < 0 || sentMs <= this.#loweredAtMs;
    if (this.isOverfull) this.shrink(nowMs);
    if (result.state === 'waiting') return 'waiting';
    this.#table.setExhausted(this.slot, this.left > 0 ? undefined : this.#reaskAt(nowMs));
    this.#show();
    return 'arrived';
  }

  /** Until Redis has answered by the lower number, what others use of it is not known here. */
  #lower(nowMs: number): void {
    this.#loweredAtMs = nowMs;
    this.isOverfull = this.leased > 0;
    this.isSettling = this.leased > 0;
    this.#table.setDeadline(this.slot, nowMs);
  }

  /** Slots that got free go back at once. */
  shrink(nowMs: number): void {
    this.#table.setDeadline(this.slot, nowMs);
    this.withdraw(maxHeldUnits);
  }

  /** An operation will never be answered. If it may have been done, what it gave back is gone; its charges are made again. */
  drop(ask: LeaseAsk, isDoubtful: boolean): void {
    if (isDoubtful) this.#parts.counts.forfeited(ask.returned);
    this.#owed.owe(isDoubtful ? { ...ask, returned: 0 } : ask);
    if (this.kind === 'slots') this.isSettling = true;
  }

  /** Until Redis has been asked anew, nothing is spent; the units stay. */
  distrust(nowMs: number): void {
    this.doubtExhausted();
    this.#table.setDeadline(this.slot, nowMs);
    if (this.kind === 'slots') this.isSettling = this.leased > 0;
    else this.deadlineMs = Math.min(this.deadlineMs, nowMs);
  }

  /** With `local`, requests keep their slots while Redis is away. */
  extendSlots(nowMs: number): void {
    this.deadlineMs = nowMs + slotExtensionMs;
    this.#table.setDeadline(this.slot, this.deadlineMs);
  }

  /** Units whose time is over go back where Redis still takes them. */
  expire(nowMs: number): void {
    if (this.isShort && nowMs >= this.deadlineMs && this.balance > 0) this.#recall();
  }

  /** Slots that could not be renewed are given up. True: requests are in them and must end. */
  loseSlots(nowMs: number): boolean {
    if (this.leased === 0 || nowMs < this.deadlineMs) return false;
    const idle = this.#table.endPeriod(this.slot);
    const busy = this.leased - idle;
    this.#parts.counts.forfeited(this.leased);
    this.leased = 0;
    this.#added = 0;
    this.#withdrawn = 0;
    this.#spentSeen = 0;
    this.#spentAtGrant = 0;
    // Requests that end now must not meet others that take their place in the meantime.
    this.unknownUntilMs = nowMs + abortMarginMs;
    return busy > 0;
  }

  /** The period is over: whatever is left of it is gone, here as in Redis. Late charges are kept. */
  endPeriod(): void {
    this.#dropMinted();
    const left = this.#table.endPeriod(this.slot);
    // Without `local` nothing is judged after the end, and Redis need not hear of it.
    if (this.ref.onOutage === 'local') this.#owed.give(this.#stamp, left);
    else this.#parts.counts.forfeited(left);
    this.#added = 0;
    this.#withdrawn = 0;
    this.#spentSeen = 0;
    this.#spentAtGrant = 0;
    this.#used = 0;
    this.#look = 0;
  }

  /** Redis cannot be asked: units from this gateway's uncoordinated share. False: the share is used up. */
  mint(need: number, nowMs: number, redisNowMs: number): boolean {
    const start = this.#periodOfShare(nowMs, redisNowMs);
    const mine = this.kind === 'slots' ? this.leased : this.#added - this.#withdrawn - this.#minted;
    if (this.isShort) this.#recall();
    const want = Math.min(this.#lease, Math.ceil(this.ref.units / this.holders / 20));
    if (this.kind === 'period' && this.deadlineMs <= nowMs) this.deadlineMs = this.resetAtMs - clockGrainMs;
    if (this.kind === 'period' && this.deadlineMs <= nowMs) return false;
    const room = maxHeldUnits - this.balance;
    const units =
      need > room
        ? 0
        : this.#share.take(this.ref, this.holders, start, this.isShort ? 0 : mine, need, Math.min(want, room), nowMs);
    if (units > 0) {
      this.#minted += units;
      this.#added += units;
      if (this.kind === 'slots') this.leased += units;
      if (this.isShort) {
        this.deadlineMs = nowMs + leaseMs;
        this.#stamp = 0;
      }
      if (this.kind === 'slots') this.deadlineMs = nowMs + slotExtensionMs;
      this.#table.setDeadline(this.slot, this.deadlineMs);
      this.#table.add(this.slot, units);
    }
    this.#table.setLowMark(this.slot, 0);
    this.#table.setExhausted(this.slot, units > 0 ? undefined : this.#reaskAt(nowMs));
    this.#show();
    return units > 0;
  }

  /** Looks at what was spent since the last look. */
  observe(nowMs: number, elapsedMs: number): void {
    const spent = this.#spent();
    const fresh = spent - this.#spentSeen;
    this.#spentSeen = spent;
    if (fresh > 0 || (this.kind === 'slots' && this.leased > this.balance)) this.lastSpendMs = nowMs;
    this.#rate = 0.5 * this.#rate + (0.5 * fresh) / Math.max(1, elapsedMs);
    this.#countMinted(Math.min(this.#minted, this.balance));
  }

  /** Units that will hardly be spent before the deadline. */
  surplus(nowMs: number): number {
    return this.balance - Math.ceil(2 * this.#rate * Math.max(0, this.deadlineMs - nowMs)) - 1;
  }

  #terms(redisNowMs: number): LeaseAsk['terms'] {
    const { ref } = this;
    if (ref.kind === 'rate') return [ref.periodMs, ref.burst, 0, 0];
    if (ref.kind === 'window' && ref.isSliding) return [ref.periodMs, slidingLifeMs(ref.periodMs), 0, 0];
    if (ref.kind === 'concurrency') return [this.leased, ref.onOutage === 'local' ? 1 : 0, 0, 0];
    const now = periodAt(ref, redisNowMs);
    if (now === undefined) return [0, 0, 0, 0];
    const next = periodAt(ref, now.end);
    return [now.start, now.end, next?.start ?? now.end, next?.end ?? now.end];
  }

  #periodOfShare(nowMs: number, redisNowMs: number): number {
    if (this.kind === 'sliding' && this.ref.kind === 'window') return Math.floor(redisNowMs / this.ref.periodMs);
    const period = periodAt(this.ref, redisNowMs);
    if (period === undefined) return 0;
    if (period.start > this.#stamp && nowMs >= this.resetAtMs) {
      this.endPeriod();
      this.#stamp = period.start;
      this.left = 0;
      this.resetAtMs = nowMs + period.end - redisNowMs;
      this.deadlineMs = this.resetAtMs - clockGrainMs;
    }
    return this.#stamp;
  }

  #setDeadline(sentMs: number, remainingMs: number): void {
    this.deadlineMs = sentMs + Math.min(longestDeadlineMs, remainingMs * (1 - driftShare) - clockGrainMs);
    this.#table.setDeadline(this.slot, this.deadlineMs);
  }

  /** Units of a rate or a sliding window have come. */
  #beginLife({ stamp, granted, diesInMs }: LeaseResult, sentMs: number, nowMs: number): void {
    // Even an empty slot is taken back: a refund of older units must not come under the new deadline.
    if (this.balance === 0 || nowMs >= this.deadlineMs) {
      this.#recall();
      this.#setDeadline(sentMs, diesInMs);
      this.#lifeMs = diesInMs;
    }
    this.#stamp = stamp;
    this.#grants.push({ stamp, units: granted });
  }

  #spent(): number {
    return this.#added - this.#withdrawn - this.balance;
  }

  #grant(units: number, nowMs: number): void {
    this.#parts.counts.leased(units);
    this.#lastGrantMs = nowMs;
    this.#spentAtGrant = this.#spent();
    this.#added += units;
    this.#table.add(this.slot, units);
  }

  /** Takes everything back, and makes a refund or a spend that is under way fail. */
  #recall(): void {
    this.#dropMinted();
    let units = this.#table.endPeriod(this.slot);
    this.#withdrawn += units;
    for (const grant of this.#grants.splice(0).toReversed()) {
      const unspent = Math.min(units, grant.units);
      units -= unspent;
      // A rate takes back only what it granted last: see lua-rate.ts.
      if (this.kind === 'rate' && grant.stamp !== this.#stamp) this.#parts.counts.forfeited(unspent);
      else this.#owed.give(grant.stamp, unspent);
    }
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
    if (this.kind === 'slots') this.leased -= unspent;
    this.#countMinted(unspent);
    // Which slots were in use meanwhile, nobody knows any more.
    this.#owed.charge(this.#stamp, this.kind === 'slots' ? this.#minted : this.#minted - unspent);
    this.#share.giveBack(unspent);
    this.#minted = 0;
    this.#mintedSeen = 0;
  }

  #countMinted(unspent: number): void {
    const spent = this.#minted - unspent;
    if (spent <= this.#mintedSeen) return;
    this.#parts.counts.admittedAlone(spent - this.#mintedSeen);
    this.#mintedSeen = spent;
  }

  #reaskAt(nowMs: number): number {
    return Math.min(nowMs + reaskMs + this.#parts.random() * reaskJitterMs, Math.max(nowMs, this.resetAtMs));
  }

  #show(): void {
    this.#table.setView(this.slot, this.left, this.resetAtMs);
  }
}

const kindOf = (ref: LimitRef): HeldLimit['kind'] => {
  if (ref.kind === 'rate') return 'rate';
  if (ref.kind === 'concurrency') return 'slots';
  return ref.kind === 'window' && ref.isSliding ? 'sliding' : 'period';
};
