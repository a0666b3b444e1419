// Budgets: the limits as a worker thread sees them. Spending is synchronous, out of memory that the threads share;
// only when this gateway holds nothing is the broker asked, by message. Nothing here talks to Redis.
import { systemClock, type Clock } from './clock.js';
import { Holds, type TakenCharge } from './hold.js';
import type { LimitsPort } from './lease-transport.js';
import type { AcquireResult, Charge, FromBroker, LimitRef, LimitStatus, SpendResult, ToBroker } from './limit-ref.js';
import { Places } from './places.js';
import { SlotTable } from './slot-table.js';

export type { AcquireResult, Charge, Hold, LimitRef, LimitStatus, SpendResult } from './limit-ref.js';

export interface Budgets {
  /**
   * Units this gateway may spend now, as far as it knows without looking at a clock (`spend` does): 0 when the limit is
   * known to be used up, undefined when the broker must be asked.
   */
  peek(limit: LimitRef): number | undefined;
  /**
   * Takes every charge or none. Not ok: another thread was faster, the units' time has ended, or nothing is left. A hold
   * comes with charges of concurrency, and when the rest of the cost may be refunded.
   */
  spend(charges: readonly Charge[], isRefundable?: boolean): SpendResult;
  /** Asks for the charges. Resolves when they have arrived, or one is known to be used up, or Redis cannot be asked. */
  acquire(charges: readonly Charge[]): Promise<AcquireResult>;
  /** For RateLimit headers; undefined while nothing is known of this period. */
  status(limit: LimitRef): LimitStatus | undefined;
}

export const createBudgets = (shared: SharedArrayBuffer, port: LimitsPort, clock: Clock = systemClock): Budgets => {
  const table = new SlotTable(shared);
  const places = new Places(table);
  const holds = new Holds(table);
  const waiting = new Map<number, { charges: readonly Charge[]; resolve: (result: AcquireResult) => void }>();
  let nextId = 1;

  const onAcquired = (message: Extract<FromBroker, { type: 'acquired' }>): void => {
    const waiter = waiting.get(message.id);
    if (waiter === undefined) return;
    waiting.delete(message.id);
    if (waiting.size === 0) port.unref();
    for (const [index, place] of message.places.entries()) {
      const charge = waiter.charges[index];
      if (charge !== undefined) places.set(charge.limit, place);
    }
    const { outcome } = message;
    const limit = outcome.state === 'granted' ? undefined : waiter.charges[outcome.index]?.limit;
    if (outcome.state === 'granted' || limit === undefined) waiter.resolve({ state: 'granted' });
    else if (outcome.state === 'exhausted') waiter.resolve({ state: 'exhausted', limit, resetMs: outcome.resetMs });
    else waiter.resolve({ state: 'unavailable', limit });
  };
  port.on('message', (received) => {
    const message = received as FromBroker;
    if (message.type === 'acquired') onAcquired(message);
    else holds.lose(message.slot, message.generation);
  });
  // When the main thread goes, nobody can answer any more.
  port.once('close', () => {
    for (const { charges, resolve } of waiting.values()) resolve(unavailable(charges));
    waiting.clear();
  });
  port.unref();

  // One result for all spends of the thread, valid until the next one.
  const left: number[] = [];
  const spent: { ok: true; left: number[]; hold: ReturnType<Holds['begin']> | undefined } = {
    ok: true,
    left,
    hold: undefined,
  };
  const slots: number[] = [];
  const words: number[] = [];

  const holdOf = (charges: readonly Charge[]): ReturnType<Holds['begin']> =>
    holds.begin(
      charges.map((charge, index): TakenCharge => {
        const slot = slots[index] ?? 0;
        return { charge, slot, generation: table.generation(slot), word: words[index] ?? 0 };
      }),
    );

  return {
    peek(limit) {
      const place = places.of(limit);
      if (place === undefined) return undefined;
      const held = table.balance(place.slot);
      if (held > 0) return held;
      return table.isExhausted(place.slot, clock.nowMs()) ? 0 : undefined;
    },

    spend(charges, isRefundable = false) {
      const nowMs = clock.nowMs();
      let isHeld = isRefundable;
      for (let index = 0; index < charges.length; index += 1) {
        const { limit, cost } = charges[index] as Charge;
        const place = places.of(limit);
        const before = place === undefined ? -1 : table.take(place.slot, place.generation, cost, nowMs);
        if (place === undefined || before < 0) {
          for (let taken = 0; taken < index; taken += 1)
            table.putBack(slots[taken] as number, words[taken] as number, (charges[taken] as Charge).cost);
          return { ok: false, limit };
        }
        slots[index] = place.slot;
        words[index] = table.takenWord;
        left[index] = table.left(place.slot) + before - cost;
        if (limit.kind === 'concurrency') isHeld = true;
      }
      left.length = charges.length;
      for (let index = 0; index < charges.length; index += 1) {
        const slot = slots[index] as number;
        const low = table.lowMark(slot);
        if (low === 0) continue;
        const before = table.unitsIn(words[index] as number);
        if (before >= low && before - (charges[index] as Charge).cost < low)
          port.postMessage({ type: 'low', slot, generation: table.generation(slot) } satisfies ToBroker);
      }
      spent.hold = isHeld ? holdOf(charges) : undefined;
      return spent;
    },

    acquire(charges) {
      if (charges.length === 0) return Promise.resolve({ state: 'granted' });
      const id = nextId++;
      return new Promise((resolve) => {
        // A thread lives at least until its questions are answered.
        if (waiting.size === 0) port.ref();
        waiting.set(id, { charges, resolve });
        port.postMessage({ type: 'acquire', id, charges } satisfies ToBroker);
      });
    },

    status(limit) {
      const place = places.of(limit);
      if (place === undefined) return undefined;
      const nowMs = clock.nowMs();
      const resetMs = Math.ceil(table.resetAtMs(place.slot) - nowMs);
      if (resetMs <= 0 && limit.kind !== 'rate' && limit.kind !== 'concurrency') return undefined;
      return {
        left: Math.max(0, table.left(place.slot)) + table.held(place.slot, nowMs),
        resetMs: Math.max(0, resetMs),
      };
    },
  };
};

const unavailable = (charges: readonly Charge[]): AcquireResult => {
  const [first] = charges;
  return first === undefined ? { state: 'granted' } : { state: 'unavailable', limit: first.limit };
};
