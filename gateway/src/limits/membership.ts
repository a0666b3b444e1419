// A gateway's part in one partition: its name there, what it must know so that a loss can be mended, and what it brings when
// it joins anew. See lua-partition.ts for the other side.
import type { History, LeaseReply, MemberHeader } from './lease-wire.js';

/** What a gateway writes to its disk of one partition when it leaves. */
export interface LeftBehind {
  readonly holder: string;
  readonly n: number;
  readonly departureMs: number;
  readonly redisMs: number;
  readonly roster: string;
}

/** What ran here before: nothing, a process that left, or one that ended without leaving. */
export type Former =
  | { readonly state: 'none' }
  | { readonly state: 'left'; readonly partitions: readonly LeftBehind[] }
  | { readonly state: 'lost'; readonly bootId: string };

export class Membership {
  isIn = false;
  /** Whether units are granted: every other member knows of this one, and nothing is being mended. */
  isAdmitted = false;
  /** The roster changed, and Redis must hear that it was seen. */
  mustAcknowledge = false;
  losses = 0;
  #holder: string;
  #joins = 1;
  #joinedAt = '';
  #epoch = '';
  #seq = 0;
  #rosterVersion = 0;
  #roster = '';
  #n = 0;
  #departureN = 0;
  #departureMs = 0;
  #redisMs = 0;
  #former = '';
  #isFormerLost = false;
  readonly #bootId: string;

  constructor(bootId: string, partition: number, former: Former) {
    this.#bootId = bootId;
    this.#holder = `${bootId}.1`;
    if (former.state === 'lost') {
      this.#former = former.bootId;
      this.#isFormerLost = true;
    }
    const left = former.state === 'left' ? former.partitions[partition] : undefined;
    if (left === undefined) return;
    this.#former = left.holder;
    this.#n = left.n;
    this.#departureN = left.n;
    this.#departureMs = left.departureMs;
    this.#redisMs = left.redisMs;
    this.#roster = left.roster;
  }

  header(): MemberHeader {
    return {
      holder: this.#holder,
      joinedAt: this.#joinedAt,
      seq: this.#seq,
      epoch: this.#epoch,
      rosterVersion: this.#rosterVersion,
      seenN: this.#n,
    };
  }

  /** The header of the next operation, which has a number of its own. */
  nextOperation(): MemberHeader {
    this.#seq += 1;
    return this.header();
  }

  history(): History {
    return {
      former: this.#former,
      isFormerLost: this.#isFormerLost,
      n: this.#n,
      departureN: this.#departureN,
      departureMs: this.#departureMs,
      redisMs: this.#redisMs,
      roster: this.#roster,
    };
  }

  /** True: it joined an epoch that it did not know, and must say what it last saw. */
  joined(reply: LeaseReply): boolean {
    const isNews = reply.epoch !== this.#epoch || !reply.isOpen;
    this.isIn = true;
    this.#joinedAt = reply.joinedAt;
    this.#seq = 0;
    this.heard(reply);
    return isNews;
  }

  heard(reply: LeaseReply): void {
    this.#epoch = reply.epoch;
    this.isAdmitted = reply.isOpen;
    // Until then a second loss would take with it that the former was heard of.
    if (reply.isOpen) this.#isFormerLost = false;
    this.losses = Math.max(this.losses, reply.losses);
    this.mustAcknowledge = reply.rosterVersion !== this.#rosterVersion;
    if (reply.roster !== '') {
      this.#roster = reply.roster;
      this.#rosterVersion = reply.rosterVersion;
    }
    this.#n = Math.max(this.#n, reply.n);
    this.#departureN = Math.max(this.#departureN, reply.departureN);
    this.#departureMs = Math.max(this.#departureMs, reply.departureMs);
    this.#redisMs = Math.max(this.#redisMs, reply.redisMs);
  }

  /** A new epoch began, or it was fenced: it joins again under another name. */
  expelled(): void {
    this.isIn = false;
    this.isAdmitted = false;
    if (!this.#isFormerLost) this.#former = this.#holder;
    this.#joins += 1;
    this.#holder = `${this.#bootId}.${this.#joins}`;
    this.#rosterVersion = 0;
  }

  left(reply: LeaseReply): LeftBehind {
    this.isIn = false;
    return {
      holder: this.#holder,
      n: Math.max(this.#n, reply.n),
      departureMs: Math.max(this.#redisMs, reply.redisMs),
      redisMs: Math.max(this.#redisMs, reply.redisMs),
      roster: this.#roster
        .split(' ')
        .filter((name) => name !== this.#holder)
        .join(' '),
    };
  }
}
