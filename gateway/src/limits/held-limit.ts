// One limit as the broker holds it: its slot, its period, and what of it was leased, spent and given back.
//
// The deadline of units is computed so that Redis's clock cannot have passed their end when it is reached: Redis read its
// clock at the earliest when the question was first sent (so the whole round trip counts), it reports whole milliseconds,
// and clocks may drift apart by 500 ppm until the next answer (what NTP may slew).
//
// Units of a period stay when more come. Units of a rate or a sliding window live for a fraction of a second, and those in a
// slot all end with the oldest of them. When half of its life is over, they are taken back before more are asked for; not
// before: requests that were just told of units would find them gone, and ask again.
import { countKey, periodAt } from '@sluice/engine';
import { bucketOf, type LeaseAsk, type LeaseResult, type Look } from './lease-wire.js';
import { leaseKindOf, leaseTermsOf, type LeaseKind } from './lease-terms.js';
import { saysTheSame, type LimitRef } from './limit-ref.js';
import { LocalShare } from './local-share.js';
import { Owed } from './owed.js';
import { driftShare, type RedisClock } from './redis-clock.js';
import { ShortGrants } from './short-grants.js';
import { maxHeldUnits, type SlotTable } from './slot-table.js';
import { leaseMs, UnitFlow } from './unit-flow.js';

const clockGrainMs = 2;
const longestDeadlineMs = 20 * 86_400_000;
/** Redis tells when a limit that was used up has units again; it is asked this often all the same. */
const longestSilenceMs = 60_000;
/** Slots get free by time too, which nobody tells; and without Redis nobody tells anything. */
const reaskMs = 150;
const reaskJitterMs = 100;
/** Redis's clock may go back by two minutes at most, until when it stands still: see lua-partition.ts. */
export const lookKeptMs = 125_000;
/** Slots that a gateway opens or keeps without Redis, until it looks again. */
export const slotExtensionMs = 1000;

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
  readonly kind: LeaseKind;
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
  /** Slots leased, in use or not. */
  leased = 0;
  /** Until then nobody needs to ask: what was used is not known. */
  unknownUntilMs = 0;

  #stamp = -1;
  #periodEnd = 0;
  #look = 0;
  #used = 0;
  /** The version that said less than the one before. */
  #loweredVersion = 0;
  protected readonly flow: UnitFlow;
  /** Of a rate or a sliding window: what came since the slot was last empty, and how long the oldest of it lives. */
  readonly #grants = new ShortGrants();
  #lifeMs = 0;
  #owed = new Owed();
  #share = new LocalShare();
  readonly #random: () => number;
  protected readonly counts: LimitCounts;
  protected readonly table: SlotTable;

  constructor(ref: LimitRef, slot: number, parts: HeldParts, nowMs: number) {
    this.ref = ref;
    this.key = countKey(ref);
    this.kind = leaseKindOf(ref);
    this.slot = slot;
    this.bucket = bucketOf(this.key);
    this.#random = parts.random;
    this.counts = parts.counts;
    this.table = parts.table;
    this.generation = this.table.assign(slot);
    this.table.setDeadline(slot, nowMs - 1);
    this.table.setExhausted(slot, undefined);
    this.flow = new UnitFlow(() => this.balance, nowMs);
    this.lastSpendMs = nowMs;
    this.show();
  }

  get balance(): number {
    return this.table.balance(this.slot);
  }

  /** Whether units live so shortly that those left are taken back before more are asked for. */
  get isShort(): boolean {
    return this.kind === 'rate' || this.kind === 'sliding';
  }

  held(nowMs: number): number {
    return this.table.held(this.slot, nowMs);
  }

  isExhausted(nowMs: number): boolean {
    return this.table.isExhausted(this.slot, nowMs);
  }

  /** Whether forgetting it loses nothing: no units in any hand. */
  isEmpty(): boolean {
    return this.balance === 0 && !this.owes && this.#share.minted === 0 && this.leased === 0;
  }

  /** Whether Redis must hear of units: given back, or admitted without it. */
  get owes(): boolean {
    return this.#owed.isAny;
  }

  /** What this gateway last saw of the period, for a Redis that lost it. */
  look(redisNowMs: number): Look | undefined {
    if (this.kind !== 'period' || this.#look === 0 || this.#periodEnd + lookKeptMs < redisNowMs) return undefined;
    const { units } = this.ref;
    return { key: this.key, start: this.#stamp, end: this.#periodEnd, used: this.#used, look: this.#look, units };
  }

  /** The document may have changed. Fewer units: what is held goes back, since it was granted under the larger number. */
  refresh(ref: LimitRef, nowMs: number): void {
    if (ref.version < this.ref.version || saysTheSame(this.ref, ref)) return;
    const isLess = ref.units < this.ref.units || this.isShort;
    this.ref = ref;
    if (isLess) {
      this.#loweredVersion = ref.version;
      this.withdraw(maxHeldUnits);
      this.lowered(nowMs);
    }
    if (this.kind === 'period') this.left = Math.max(0, ref.units - this.#used);
    this.table.setExhausted(this.slot, undefined);
    this.show();
  }

  /** Takes up to `most` units out of the threads' hands, to be given back. */
  withdraw(most: number): void {
    if (this.isShort) return this.#recall();
    this.#dropMinted();
    const units = this.table.withdraw(this.slot, most);
    this.flow.withdrawn(units);
    this.giveBack(units);
  }

  /** Redis must hear of units that were taken out. */
  protected giveBack(units: number): void {
    this.#owed.give(this.#stamp, units);
  }

  /** The limit says less than it did. */
  protected lowered(_nowMs: number): void {}

  /** What the next operation asks. Units that are being given back are in the operation from here on. */
  ask(need: number, nowMs: number, redisNowMs: number): LeaseAsk {
    const isWanted = need > 0 || this.isLow;
    this.isLow = false;
    this.#dropMinted();
    if (isWanted && this.isShort && nowMs > this.deadlineMs - this.#lifeMs / 2) this.#recall();
    const missing = Math.max(0, need - this.held(nowMs));
    if (isWanted) this.flow.resizeLease(nowMs, this.left, this.isShort ? this.#lifeMs : Infinity);
    const room = maxHeldUnits - this.balance;
    const want = isWanted ? Math.max(0, missing, this.flow.lease - (missing > 0 ? 0 : this.balance)) : 0;
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
      terms: leaseTermsOf(this.ref, this.leased, redisNowMs),
    };
  }

  /** Takes in Redis's answer. `sentMs` (when it was first sent) and `nowMs` are monotonic, `redisMs` is its clock. */
  apply(ask: LeaseAsk, result: LeaseResult, redisMs: number, sentMs: number, nowMs: number): Applied {
    const { counts } = this;
    if (result.overshoot > 0) counts.overshot(result.overshoot);
    if (result.state === 'waiting' || result.state === 'elsewhen') {
      this.#owed.owe(ask);
      return result.state === 'waiting' ? 'waiting' : 'again';
    }
    if (this.kind === 'period') {
      if (result.state === 'done' && result.stamp < this.#stamp) {
        this.#giveBackOf(result.stamp, result.granted);
        return 'again';
      }
      if (result.stamp > 0) this.#beginPeriod(result.stamp, redisMs + result.diesInMs);
      if (result.state === 'done') {
        this.#look = result.look;
        this.#used = result.units - result.left;
      }
    }
    // Redis is in a period before the one that it knows of, and took nothing.
    if (this.kind === 'period' && result.stamp === 0) this.#owed.owe(ask);
    else counts.returned(ask.returned);
    this.holders = result.holders;
    this.isSettling = result.isSettling;
    this.left = Math.max(0, result.left);
    this.resetAtMs = nowMs + result.resetInMs;
    if (result.state === 'unknown') {
      this.unknownUntilMs = nowMs + reaskMs;
      this.table.setExhausted(this.slot, undefined);
      this.show();
      return 'unknown';
    }
    this.unknownUntilMs = 0;
    if (ask.version < this.#loweredVersion) {
      // Granted under the larger number, as what was taken back then.
      this.#owed.give(result.stamp, result.granted);
      return 'again';
    }
    if (!this.isShort) this.setDeadline(sentMs, result.diesInMs);
    if (result.granted > 0) {
      if (this.isShort) this.#beginLife(result, sentMs, nowMs);
      this.grant(result.granted, nowMs);
      // A prefetch while a lease is still half full; none where units are counted one by one, or live shortly.
      const isPrefetched = !this.isShort && result.granted >= 4 && this.left > 0;
      this.table.setLowMark(this.slot, isPrefetched ? result.granted >> 1 : 0);
    }
    this.table.setExhausted(this.slot, this.left > 0 ? undefined : Math.min(this.resetAtMs, nowMs + longestSilenceMs));
    this.show();
    return 'arrived';
  }

  /** Units may be there again before its period ends. */
  doubtExhausted(): void {
    this.table.setExhausted(this.slot, undefined);
  }

  /** An operation will never be answered. If it may have been done, what it gave back is gone; its charges are made again. */
  drop(ask: LeaseAsk, isDoubtful: boolean): void {
    if (isDoubtful) this.counts.forfeited(ask.returned);
    this.#owed.owe(isDoubtful ? { ...ask, returned: 0 } : ask);
  }

  /** Until Redis has been asked anew, nothing is spent; the units stay. */
  distrust(nowMs: number): void {
    this.doubtExhausted();
    this.table.setDeadline(this.slot, nowMs);
    this.deadlineMs = Math.min(this.deadlineMs, nowMs);
  }

  /** Units whose time is over go back where Redis still takes them. */
  expire(nowMs: number): void {
    if (this.isShort && nowMs >= this.deadlineMs && this.balance > 0) this.#recall();
  }

  /**
   * The period is over by this machine's clock: whatever is left of it is gone. Late charges are kept, and so is what was
   * seen of it: Redis, whose clock may have gone back, may still be in it.
   */
  endPeriod(): void {
    this.#dropMinted();
    this.#giveBackOf(this.#stamp, this.table.endPeriod(this.slot));
    this.flow.begin();
  }

  #beginPeriod(start: number, end: number): void {
    if (start > this.#stamp) {
      this.endPeriod();
      this.#used = 0;
      this.#look = 0;
    }
    this.#stamp = start;
    this.#periodEnd = end;
  }

  /** Units of a period that is over. Without `local` nothing is judged after its end, and Redis need not hear of them. */
  #giveBackOf(stamp: number, units: number): void {
    if (this.ref.onOutage === 'local') this.#owed.give(stamp, units);
    else this.counts.forfeited(units);
  }

  /** Redis cannot be asked: units from this gateway's uncoordinated share. False: the share is used up. */
  mint(need: number, nowMs: number, redisClock: RedisClock): boolean {
    if (this.kind === 'period' && !this.#enterPeriod(nowMs, redisClock)) {
      this.table.setExhausted(this.slot, this.reaskAt(nowMs));
      this.show();
      return false;
    }
    const start = this.#nameOfShare(redisClock);
    const mine = this.kind === 'slots' ? this.leased : this.flow.kept - this.#share.minted;
    if (this.isShort) this.#recall();
    const want = Math.min(this.flow.lease, Math.ceil(this.ref.units / this.holders / 20));
    const room = maxHeldUnits - this.balance;
    const units =
      need > room
        ? 0
        : this.#share.take(this.ref, this.holders, start, this.isShort ? 0 : mine, need, Math.min(want, room), nowMs);
    if (units > 0) {
      this.flow.minted(units);
      if (this.kind === 'slots') this.leased += units;
      if (this.isShort) {
        this.deadlineMs = nowMs + leaseMs;
        this.#stamp = 0;
      }
      if (this.kind === 'slots') this.deadlineMs = nowMs + slotExtensionMs;
      this.table.setDeadline(this.slot, this.deadlineMs);
      this.table.add(this.slot, units);
    }
    this.table.setLowMark(this.slot, 0);
    this.table.setExhausted(this.slot, units > 0 ? undefined : this.reaskAt(nowMs));
    this.show();
    return units > 0;
  }

  /** Looks at what was spent since the last look. */
  observe(nowMs: number, elapsedMs: number): void {
    const fresh = this.flow.observe(elapsedMs);
    if (fresh > 0 || (this.kind === 'slots' && this.leased > this.balance)) this.lastSpendMs = nowMs;
    this.counts.admittedAlone(this.#share.look(Math.min(this.#share.minted, this.balance)));
  }

  /** Units that will hardly be spent before the deadline. */
  surplus(nowMs: number): number {
    return this.balance - this.flow.expected(this.deadlineMs - nowMs) - 1;
  }

  #nameOfShare(redisClock: RedisClock): number {
    if (this.kind === 'period') return this.#stamp;
    if (this.ref.kind !== 'window') return 0;
    return Math.floor(redisClock.bounds().earliestMs / this.ref.periodMs);
  }

  /**
   * Without asking Redis, begins the period that it is in, and sets until when units of that may be spent. False while it is
   * not sure which one that is: what was admitted in one and charged to another would not be counted where it went beyond.
   */
  #enterPeriod(nowMs: number, redisClock: RedisClock): boolean {
    // Redis may be away for so long that nothing would be served at all.
    const { earliestMs, latestMs } = redisClock.bounds(this.ref.kind === 'window' ? this.ref.periodMs / 2 : undefined);
    const period = periodAt(this.ref, latestMs);
    if (period === undefined) return false;
    if (period.start > this.#stamp) {
      this.resetAtMs = nowMs + period.start - earliestMs;
      if (period.start > earliestMs) return false;
      this.#beginPeriod(period.start, period.end);
      this.left = 0;
    }
    this.resetAtMs = nowMs + this.#periodEnd - earliestMs;
    this.deadlineMs = Math.max(this.deadlineMs, deadlineAfter(nowMs, this.#periodEnd - latestMs));
    return this.deadlineMs > nowMs;
  }

  protected setDeadline(sentMs: number, remainingMs: number): void {
    this.deadlineMs = deadlineAfter(sentMs, remainingMs);
    this.table.setDeadline(this.slot, this.deadlineMs);
  }

  /** Units of a rate or a sliding window have come. */
  #beginLife({ stamp, granted, diesInMs }: LeaseResult, sentMs: number, nowMs: number): void {
    // Even an empty slot is taken back: a refund of older units must not come under the new deadline.
    if (this.balance === 0 || nowMs >= this.deadlineMs) {
      this.#recall();
      this.setDeadline(sentMs, diesInMs);
      this.#lifeMs = diesInMs;
    }
    this.#stamp = stamp;
    this.#grants.add(stamp, granted);
  }

  protected grant(units: number, nowMs: number): void {
    this.counts.leased(units);
    this.flow.granted(units, nowMs);
    this.table.add(this.slot, units);
  }

  /** Takes everything back, and makes a refund or a spend that is under way fail. */
  #recall(): void {
    this.#dropMinted();
    const units = this.table.endPeriod(this.slot);
    this.flow.withdrawn(units);
    for (const grant of this.#grants.takeBack(units)) {
      // A rate takes back only what it granted last: see lua-rate.ts.
      if (this.kind === 'rate' && grant.stamp !== this.#stamp) this.counts.forfeited(grant.units);
      else this.#owed.give(grant.stamp, grant.units);
    }
  }

  /** Takes back minted units that nobody spent; those that were spent are charged to the limit. */
  #dropMinted(): void {
    if (this.#share.minted === 0) return;
    const unspent = this.table.withdraw(this.slot, this.#share.minted);
    this.flow.withdrawn(unspent);
    if (this.kind === 'slots') this.leased -= unspent;
    this.counts.admittedAlone(this.#share.look(unspent));
    // Which slots were in use meanwhile, nobody knows any more.
    this.#owed.charge(this.#stamp, this.kind === 'slots' ? this.#share.minted : this.#share.minted - unspent);
    this.#share.end(unspent);
  }

  protected reaskAt(nowMs: number): number {
    return Math.min(nowMs + reaskMs + this.#random() * reaskJitterMs, Math.max(nowMs, this.resetAtMs));
  }

  protected show(): void {
    this.table.setView(this.slot, this.left, this.resetAtMs);
  }
}

const deadlineAfter = (sinceMs: number, remainingMs: number): number =>
  sinceMs + Math.min(longestDeadlineMs, remainingMs * (1 - driftShare) - clockGrainMs);
