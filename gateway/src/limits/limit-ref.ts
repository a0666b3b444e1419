// What the rooms of the gateway say to each other about limits.

/** One limit of one subscription. */
export interface LimitRef {
  /** `${subscriptionId}/${limitName}` */
  readonly key: string;
  /** Units of a period. May change within one: the newest said counts. */
  readonly units: number;
  readonly windowMs: number;
  /** When Redis cannot be asked: refuse once the leases are spent, or go on with an uncoordinated share and count it. */
  readonly onOutage: 'deny' | 'local';
}

export type SpendResult =
  | { readonly ok: true; readonly left: number[] }
  | { readonly ok: false; readonly limit: LimitRef };

export type AcquireResult =
  | { readonly state: 'granted' }
  | { readonly state: 'exhausted'; readonly limit: LimitRef; readonly resetMs: number }
  | { readonly state: 'unavailable'; readonly limit: LimitRef };

export interface LimitStatus {
  /** Units left of the period: what Redis last said, plus what this gateway holds. */
  readonly left: number;
  readonly resetMs: number;
}

/** The Redis hash tag's content: the limits of one subscription live in one slot and share round trips. */
export const subscriptionOf = (key: string): string => {
  const slash = key.lastIndexOf('/');
  return slash < 0 ? key : key.slice(0, slash);
};

// Messages between a worker thread and the broker.

/** Where a key's slot is, and which use of the slot it is: a slot is used again for another key. */
export interface SlotPlace {
  readonly key: string;
  readonly slot: number;
  readonly generation: number;
}

export type ToBroker =
  | { readonly type: 'acquire'; readonly id: number; readonly limits: readonly LimitRef[]; readonly cost: number }
  | { readonly type: 'low'; readonly slot: number; readonly generation: number };

export interface FromBroker {
  readonly type: 'acquired';
  readonly id: number;
  readonly places: readonly SlotPlace[];
  readonly outcome:
    | { readonly state: 'granted' }
    | { readonly state: 'exhausted'; readonly index: number; readonly resetMs: number }
    | { readonly state: 'unavailable'; readonly index: number };
}
