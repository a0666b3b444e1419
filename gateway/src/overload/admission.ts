// The flow's entry: which request begins now, which one waits, and which one is shed. Per thread, without locks, fair between
// tenants. In order of pressure:
//
// - Quiet: every request begins at once. It costs one look into a map.
// - Busy (the thread idles less than 70 % of its time): a tenant that uses more than a fair share of the thread waits in a
//   queue of its own. The queues are served in turns, for a quarter of a millisecond of each turn of the event loop, so that
//   the events of all other tenants are at most that much behind. It is deficit round robin (Shreedhar and Varghese, 1995) in time, not bytes.
// - Overloaded (the event loop's delay has stood above its target, see load-signal.ts; or memory runs short): a cap on how
//   many requests a tenant may begin in 100 ms comes down from the top, by a fifth in each window, and goes up by a tenth
//   once the delay is gone (DAGOR's feedback; Zhou et al., SoCC 2018). A cap cuts the largest first and approaches max-min
//   fairness: who stays below it does not feel it.
// - Out of memory, nearly: nothing new begins.
//
// A request that is shed is answered from the queue, too: a client that waits for its 503 asks less often.
import { TenantShare } from './tenant-share.js';

/** A request at the entry. */
export interface Admittee {
  /** The client has gone meanwhile. */
  readonly isGone: boolean;
  admitted(): void;
  /** Answer 503 `overloaded`, with `Retry-After`. */
  shed(retryAfterS: number): void;
}

export type MemoryPressure = 'none' | 'short' | 'out';

export interface AdmissionParts {
  nowMs(): number;
  /** In [0, 1). */
  random(): number;
  /** After the events that are ready now. */
  nextTurn(run: () => void): void;
  readonly isBusy: () => boolean;
  readonly memory: () => MemoryPressure;
  /** Connections are nearly at their bound. */
  readonly isCrowded: () => boolean;
  readonly onShed: () => void;
  readonly onDeferred: () => void;
}

/** Of each turn, for requests that wait. */
const turnMs = 0.25;
/** Longer than this nobody waits at the entry. */
const longestWaitMs = 1000;
const mostWaiting = 1000;
/** More than the mean, so that two equals are both light. */
const heavyAbove = 1.2;
/** Requests a tenant may begin in a window whatever the pressure: a slow machine still serves. */
const leastCap = 10;
const lowering = 0.8;
const raising = 1.1;

export class Admission {
  readonly #parts: AdmissionParts;
  readonly #shares = new Map<string, TenantShare>();
  readonly #waitingShares: TenantShare[] = [];
  #cap = Infinity;
  #isTurnAsked = false;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Requests at the entry. */
  get waiting(): number {
    return this.#waitingShares.reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  get cap(): number {
    return this.#cap;
  }

  /** @param tenantId empty: of nobody; they share what one tenant has. Each call is followed by one of `end`. */
  begin(tenantId: string, admittee: Admittee): void {
    let share = this.#shares.get(tenantId);
    if (share === undefined) {
      share = new TenantShare();
      this.#shares.set(tenantId, share);
    }
    share.use += 1;
    share.begun += 1;
    share.inFlight += 1;
    if (this.#mayBegin(share)) admittee.admitted();
    else this.#wait(share, admittee);
  }

  end(tenantId: string): void {
    const share = this.#shares.get(tenantId);
    if (share !== undefined) share.inFlight -= 1;
  }

  /**
   * Called after each window of the load signal. Once there is a cap, one late window lowers it again: as CoDel, which waits
   * for an interval before the first drop only.
   */
  onWindow(isOverloaded: boolean, isLate: boolean): void {
    const isPressed = isOverloaded || (isLate && this.#cap !== Infinity) || this.#parts.memory() !== 'none';
    const most = Math.max(leastCap, ...this.#shares.values().map(({ begun }) => begun));
    if (isPressed) this.#cap = Math.max(leastCap, Math.min(this.#cap, most) * lowering);
    else if (this.#cap !== Infinity) {
      this.#cap *= raising;
      // Nobody has felt it for a while.
      if (this.#cap > 2 * most) this.#cap = Infinity;
    }
    this.#weigh();
  }

  #weigh(): void {
    let active = 0;
    let sum = 0;
    let inFlight = 0;
    for (const [tenantId, share] of this.#shares) {
      if (share.fade()) {
        this.#shares.delete(tenantId);
        continue;
      }
      active += 1;
      sum += share.use;
      inFlight += share.inFlight;
    }
    for (const share of this.#shares.values()) {
      share.isHeavy = active > 1 && share.use * active > heavyAbove * sum;
      share.isHolding = active > 1 && share.inFlight * active > heavyAbove * inFlight;
    }
  }

  #mayBegin(share: TenantShare): boolean {
    if (share.waiting.length > 0 || this.#isBeyond(share)) return false;
    return !(share.isHeavy && this.#parts.isBusy());
  }

  #isBeyond(share: TenantShare): boolean {
    return share.begun > this.#cap || this.#parts.memory() === 'out' || (share.isHolding && this.#parts.isCrowded());
  }

  #wait(share: TenantShare, admittee: Admittee): void {
    this.#parts.onDeferred();
    if (share.waiting.length >= mostWaiting) return this.#shed(admittee);
    if (share.waiting.length === 0) this.#waitingShares.push(share);
    share.waiting.push({ admittee, sinceMs: this.#parts.nowMs() });
    this.#askTurn();
  }

  #askTurn(): void {
    if (this.#isTurnAsked) return;
    this.#isTurnAsked = true;
    this.#parts.nextTurn(() => {
      this.#isTurnAsked = false;
      this.#turn();
      if (this.#waitingShares.length > 0) this.#askTurn();
    });
  }

  #turn(): void {
    const untilMs = this.#parts.nowMs() + turnMs;
    let nowMs = untilMs - turnMs;
    while (nowMs < untilMs) {
      const share = this.#waitingShares.shift();
      const next = share?.waiting.shift();
      if (share === undefined || next === undefined) return;
      if (share.waiting.length > 0) this.#waitingShares.push(share);
      if (!next.admittee.isGone) this.#take(share, next.admittee, nowMs - next.sinceMs);
      nowMs = this.#parts.nowMs();
    }
  }

  #take(share: TenantShare, admittee: Admittee, waitedMs: number): void {
    if (waitedMs > longestWaitMs || this.#isBeyond(share)) this.#shed(admittee);
    else admittee.admitted();
  }

  #shed(admittee: Admittee): void {
    this.#parts.onShed();
    // Not all at once again.
    admittee.shed(1 + Math.floor(3 * this.#parts.random()));
  }
}
