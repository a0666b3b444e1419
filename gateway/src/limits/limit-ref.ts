// What the rooms of the gateway say to each other about limits.
import type { Charge, LimitRef } from '@sluice/engine';

export type { Charge, LimitRef } from '@sluice/engine';

/** Valid until the next `spend` of the thread: nothing is allocated for a request that needs no hold. */
export type SpendResult =
  | {
      readonly ok: true;
      /** Units left of each, as far as this gateway knows. */
      readonly left: readonly number[];
      readonly hold: Hold | undefined;
    }
  | { readonly ok: false; readonly limit: LimitRef };

/** What a request goes on holding after it was let through. */
export interface Hold {
  /** The cost is known now: what was taken beyond it goes back, while its period lasts. Once. Never takes more. */
  settle(cost: number): void;
  /** The request has ended: its slots are free. May be called any number of times; once it was called, `onLost` is not. */
  release(): void;
  /** The slots could not be renewed: the request must be ended now. */
  onLost: (() => void) | undefined;
}

export type AcquireResult =
  | { readonly state: 'granted' }
  | { readonly state: 'exhausted'; readonly limit: LimitRef; readonly resetMs: number }
  | { readonly state: 'unavailable'; readonly limit: LimitRef };

export interface LimitStatus {
  /** Units left of the period: what Redis last said, plus what this gateway holds. */
  readonly left: number;
  readonly resetMs: number;
}

/** Whether two references to one key say the same: then what is held under one may be spent under the other. */
export const saysTheSame = (a: LimitRef, b: LimitRef): boolean =>
  a === b || (a.units === b.units && a.onOutage === b.onOutage && burstOf(a) === burstOf(b) && isSameCount(a, b));

const burstOf = (limit: LimitRef): number => (limit.kind === 'rate' ? limit.burst + limit.periodMs / 4096 : 0);

const isSameCount = (a: LimitRef, b: LimitRef): boolean => {
  if (a.kind === 'quota') return b.kind === 'quota' && a.period === b.period && a.anchorMs === b.anchorMs;
  if (a.kind === 'window') return b.kind === 'window' && a.periodMs === b.periodMs && a.isSliding === b.isSliding;
  return a.kind === b.kind;
};

// Messages between a worker thread and the broker.

/** Where a limit's slot is, and which use of the slot it is: a slot is used again for another limit. */
export interface SlotPlace {
  readonly slot: number;
  readonly generation: number;
}

export type ToBroker =
  | { readonly type: 'acquire'; readonly id: number; readonly charges: readonly Charge[] }
  | ({ readonly type: 'low' } & SlotPlace);

export type FromBroker =
  | {
      readonly type: 'acquired';
      readonly id: number;
      /** In the order of the charges; shorter when one could not be held. */
      readonly places: readonly SlotPlace[];
      readonly outcome:
        | { readonly state: 'granted' }
        | { readonly state: 'exhausted'; readonly index: number; readonly resetMs: number }
        | { readonly state: 'unavailable'; readonly index: number };
    }
  /** A limit's slots were not renewed: whoever is in one must end. */
  | ({ readonly type: 'lost' } & SlotPlace);
