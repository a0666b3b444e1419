// How units of one limit come to this gateway and go: what was spent follows from what came, what was taken back and what is
// there, because threads spend without a word. From how fast they go follows how large the next lease is.
import { maxHeldUnits } from './slot-table.js';

/** How long a lease should last at the rate seen. Short: what a gateway holds is what another one may lack. */
export const leaseMs = 50;
/** Where there is plenty nobody lacks anything, and a limit is asked for so often at most; one with many units left. */
export const ampleLeaseMs = 1000;
/** Times what such a lease takes must be left. */
const plenty = 200;

export class UnitFlow {
  /** Units for the next lease. */
  lease = 1;
  #added = 0;
  #withdrawn = 0;
  #spentSeen = 0;
  #spentAtGrant = 0;
  #lastGrantMs: number;
  /** Spent per millisecond, of late. */
  #rate = 0;
  readonly #balance: () => number;

  constructor(balance: () => number, nowMs: number) {
    this.#balance = balance;
    this.#lastGrantMs = nowMs;
  }

  get spent(): number {
    return this.kept - this.#balance();
  }

  /** Units that came and were not taken back: spent, or still here. */
  get kept(): number {
    return this.#added - this.#withdrawn;
  }

  granted(units: number, nowMs: number): void {
    this.#lastGrantMs = nowMs;
    this.#spentAtGrant = this.spent;
    this.#added += units;
  }

  minted(units: number): void {
    this.#added += units;
  }

  withdrawn(units: number): void {
    this.#withdrawn += units;
  }

  /** A new period: nothing has come yet. */
  begin(): void {
    this.#added = 0;
    this.#withdrawn = 0;
    this.#spentSeen = 0;
    this.#spentAtGrant = 0;
  }

  /** Units spent since the last look. */
  observe(elapsedMs: number): number {
    const { spent } = this;
    const fresh = spent - this.#spentSeen;
    this.#spentSeen = spent;
    this.#rate = 0.5 * this.#rate + (0.5 * fresh) / Math.max(1, elapsedMs);
    return fresh;
  }

  /** Units that may well be spent within this time. */
  expected(withinMs: number): number {
    return Math.ceil(2 * this.#rate * Math.max(0, withinMs));
  }

  /**
   * By the rate since the last grant, at most doubling: from one unit up as demand shows, down at once.
   *
   * @param left of the limit, as Redis said last.
   * @param mostMs units live no longer.
   */
  resizeLease(nowMs: number, left: number, mostMs: number): void {
    const elapsedMs = Math.max(0.1, nowMs - this.#lastGrantMs);
    const perMs = (this.spent - this.#spentAtGrant) / elapsedMs;
    const ampleMs = Math.max(leaseMs, Math.min(ampleLeaseMs, mostMs));
    const byRate = Math.ceil(perMs * (left > plenty * perMs * ampleMs ? ampleMs : leaseMs));
    this.lease = Math.max(1, Math.min(maxHeldUnits, byRate, 2 * this.lease));
  }
}
