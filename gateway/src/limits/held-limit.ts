// One limit as the broker holds it: its slot in the table, and what of it was leased, minted without Redis, spent and given
// back. How long units stay, and what an answer says of them, differs by kind: see held-period.ts (windows and quotas),
// held-short.ts (rates and sliding windows) and held-slots.ts (concurrency).
//
// The deadline of units is computed so that Redis's clock cannot have passed their end when it is reached: Redis read its
// clock at the earliest when the question was first sent (so the whole round trip counts), it reports whole milliseconds,
// and clocks may drift apart by 500 ppm until the next answer (what NTP may slew).
import { countKey } from '@sluice/engine';
import { bucketOf, type LeaseAsk, type LeaseResult, type Look } from './lease-wire.js';
import { leaseKindOf, leaseTermsOf, type LeaseKind } from './lease-terms.js';
import { saysTheSame, type LimitRef } from './limit-ref.js';
import { LocalShare, type OpenShare } from './local-share.js';
import { Owed } from './owed.js';
import { driftShare, type RedisClock } from './redis-clock.js';
import { maxHeldUnits, type SlotTable } from './slot-table.js';
import { UnitFlow } from './unit-flow.js';

const clockGrainMs = 2;
const longestDeadlineMs = 20 * 86_400_000;
/** Redis tells when a limit that was used up has units again; it is asked this often all the same. */
const longestSilenceMs = 60_000;
/** Slots get free by time too, which nobody tells; and without Redis nobody tells anything. */
const reaskMs = 150;
const reaskJitterMs = 100;

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

export abstract class HeldLimit {
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

  /** The period or grant that units belong to. */
  protected stamp = -1;
  /** Units live no longer. */
  protected lifeMs = Infinity;
  /** The version that said less than the one before. */
  #loweredVersion = 0;
  protected readonly flow: UnitFlow;
  protected readonly owed = new Owed();
  protected readonly share = new LocalShare();
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

  held(nowMs: number): number {
    return this.table.held(this.slot, nowMs);
  }

  isExhausted(nowMs: number): boolean {
    return this.table.isExhausted(this.slot, nowMs);
  }

  /** Whether forgetting it loses nothing: no units in any hand. */
  isEmpty(): boolean {
    return this.balance === 0 && !this.owes && this.share.minted === 0 && this.leased === 0;
  }

  /** Whether Redis must hear of units: given back, or admitted without it. */
  get owes(): boolean {
    return this.owed.isAny;
  }

  /** What this gateway last saw of the period, for a Redis that lost it. */
  look(_redisNowMs: number): Look | undefined {
    return undefined;
  }

  /** The document may have changed. Fewer units: what is held goes back, since it was granted under the larger number. */
  refresh(ref: LimitRef, nowMs: number): void {
    if (ref.version < this.ref.version) return;
    if (saysTheSame(this.ref, ref)) {
      // Redis goes by the newest version that it hears of: one in between may have said something else.
      this.ref = ref;
      return;
    }
    const isLess = this.isLess(ref);
    this.ref = ref;
    if (isLess) {
      this.#loweredVersion = ref.version;
      this.withdraw(maxHeldUnits);
      this.lowered(nowMs);
    }
    this.left = this.leftUnder(ref);
    this.table.setExhausted(this.slot, undefined);
    this.show();
  }

  /** Takes up to `most` units out of the threads' hands, to be given back. */
  withdraw(most: number): void {
    this.dropMinted();
    const units = this.table.withdraw(this.slot, most);
    this.flow.withdrawn(units);
    this.giveBack(units);
  }

  /** Redis must hear of units that were taken out. */
  protected giveBack(units: number): void {
    this.owed.give(this.stamp, units);
  }

  /** Whether units granted before must not be spent under this. */
  protected isLess(ref: LimitRef): boolean {
    return ref.units < this.ref.units;
  }

  protected leftUnder(_ref: LimitRef): number {
    return this.left;
  }

  /** The limit says less than it did. */
  protected lowered(_nowMs: number): void {}

  /** What the next operation asks. Units that are being given back are in the operation from here on. */
  ask(need: number, nowMs: number, redisNowMs: number): LeaseAsk {
    const isWanted = need > 0 || this.isLow;
    this.isLow = false;
    this.dropMinted();
    const missing = Math.max(0, need - this.held(nowMs));
    if (isWanted) this.flow.resizeLease(nowMs, this.left, this.lifeMs);
    const room = maxHeldUnits - this.balance;
    const want = isWanted ? Math.max(0, missing, this.flow.lease - (missing > 0 ? 0 : this.balance)) : 0;
    const { stamp, returned, charged } = this.owed.take(this.stamp);
    return {
      key: this.key,
      kind: this.kind,
      units: this.ref.units,
      version: this.ref.version,
      want: Math.min(want, room),
      need: Math.min(missing, room),
      returned,
      charged,
      stamp,
      seen: 0,
      terms: leaseTermsOf(this.ref, this.leased, redisNowMs),
    };
  }

  /** Takes in Redis's answer. `sentMs` (when it was first sent) and `nowMs` are monotonic, `redisMs` is its clock. */
  apply(ask: LeaseAsk, result: LeaseResult, redisMs: number, sentMs: number, nowMs: number): Applied {
    this.count(result);
    if (result.state === 'waiting' || result.state === 'elsewhen') {
      this.owed.owe(ask);
      return result.state === 'waiting' ? 'waiting' : 'again';
    }
    if (!this.take(ask, result, redisMs)) return 'again';
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
      this.owed.give(result.stamp, result.granted);
      return 'again';
    }
    this.receive(result, sentMs, nowMs);
    this.table.setExhausted(this.slot, this.left > 0 ? undefined : Math.min(this.resetAtMs, nowMs + longestSilenceMs));
    this.show();
    return 'arrived';
  }

  /** Redis took in what it was told. False: the answer is of a time that is over here. */
  protected take(ask: LeaseAsk, _result: LeaseResult, _redisMs: number): boolean {
    this.counts.returned(ask.returned);
    return true;
  }

  /** Puts granted units, if any, into the threads' hands until their deadline. */
  protected abstract receive(result: LeaseResult, sentMs: number, nowMs: number): void;

  /** Units may be there again before its period ends. */
  doubtExhausted(): void {
    this.table.setExhausted(this.slot, undefined);
  }

  /** An operation will never be answered. If it may have been done, what it gave back is gone; its charges are made again. */
  drop(ask: LeaseAsk, isDoubtful: boolean): void {
    if (isDoubtful) this.counts.forfeited(ask.returned);
    this.owed.owe(isDoubtful ? { ...ask, returned: 0 } : ask);
  }

  /** Until Redis has been asked anew, nothing is spent; the units stay. */
  distrust(nowMs: number): void {
    this.doubtExhausted();
    this.table.setDeadline(this.slot, nowMs);
    this.deadlineMs = Math.min(this.deadlineMs, nowMs);
  }

  /**
   * Redis cannot be asked: units from this gateway's uncoordinated share, so that `need` are held; fewer, but `least`, where
   * the share has no more.
   */
  mint(need: number, least: number, nowMs: number, redisClock: RedisClock): void {
    const share = this.openShare(nowMs, redisClock);
    if (share === undefined) {
      this.table.setExhausted(this.slot, this.reaskAt(nowMs));
      this.show();
      return;
    }
    const held = this.held(nowMs);
    const room = maxHeldUnits - this.balance;
    const want = Math.min(this.flow.lease, Math.ceil(this.ref.units / this.holders / 20));
    const most = Math.min(Math.max(need - held, want), room);
    const units = this.share.take(this.ref, this.holders, share, Math.max(1, least - held), most, nowMs);
    if (units > 0) {
      this.flow.minted(units);
      this.minted(units, nowMs);
      this.table.setDeadline(this.slot, this.deadlineMs);
      this.table.add(this.slot, units);
    }
    this.table.setLowMark(this.slot, 0);
    this.table.setExhausted(this.slot, units > 0 ? undefined : this.reaskAt(nowMs));
    this.show();
  }

  /** Undefined: for now nothing can be admitted without Redis. */
  protected abstract openShare(nowMs: number, redisClock: RedisClock): OpenShare | undefined;

  /** Minted units are about to come: until when, and as part of what. */
  protected minted(_units: number, _nowMs: number): void {}

  /** Looks at what was spent since the last look. */
  observe(nowMs: number, elapsedMs: number): void {
    const fresh = this.flow.observe(elapsedMs);
    if (fresh > 0 || (this.kind === 'slots' && this.leased > this.balance)) this.lastSpendMs = nowMs;
    this.counts.admittedAlone(this.share.look(Math.min(this.share.minted, this.balance)));
  }

  protected setDeadline(sentMs: number, remainingMs: number): void {
    this.deadlineMs = deadlineAfter(sentMs, remainingMs);
    this.table.setDeadline(this.slot, this.deadlineMs);
  }

  /** Whatever becomes of it here, Redis has done so. */
  protected count({ granted, overshoot }: LeaseResult): void {
    if (granted > 0) this.counts.leased(granted);
    if (overshoot > 0) this.counts.overshot(overshoot);
  }

  protected grant(units: number, nowMs: number): void {
    this.flow.granted(units, nowMs);
    this.table.add(this.slot, units);
  }

  /** Takes back minted units that nobody spent; those that were spent are charged to the limit. */
  protected dropMinted(): void {
    const { minted } = this.share;
    if (minted === 0) return;
    const unspent = this.table.withdraw(this.slot, minted);
    this.flow.withdrawn(unspent);
    this.counts.admittedAlone(this.share.look(unspent));
    this.share.end(unspent);
    this.charge(minted, unspent);
  }

  protected charge(minted: number, unspent: number): void {
    this.owed.charge(this.stamp, minted - unspent);
  }

  protected reaskAt(nowMs: number): number {
    return Math.min(nowMs + reaskMs + this.#random() * reaskJitterMs, Math.max(nowMs, this.resetAtMs));
  }

  protected show(): void {
    this.table.setView(this.slot, this.left, this.resetAtMs);
  }
}

/** On the monotonic clock: when units end that Redis, asked then, gave so long to live. */
export const deadlineAfter = (sinceMs: number, remainingMs: number): number =>
  sinceMs + Math.min(longestDeadlineMs, remainingMs * (1 - driftShare) - clockGrainMs);
