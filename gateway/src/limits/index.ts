// Budgets: the limits as a worker thread sees them. Spending is synchronous, out of memory that the threads share;
// only when this gateway holds nothing is the broker asked, by message. Nothing here talks to Redis.
import { systemClock, type Clock } from './clock.js';
import type { LimitsPort } from './lease-transport.js';
import type {
  AcquireResult,
  FromBroker,
  LimitRef,
  LimitStatus,
  SlotPlace,
  SpendResult,
  ToBroker,
} from './limit-ref.js';
import { SlotTable, type Taken } from './slot-table.js';

export type { AcquireResult, LimitRef } from './limit-ref.js';

export interface Budgets {
  /** Units this gateway may spend now: 0 when the limit is known to be used up, undefined when the broker must be asked. */
  peek(limit: LimitRef): number | undefined;
  /** Spends `cost` of every limit or of none. Not ok: another thread was faster, the period ended, or nothing is left. */
  spend(limits: readonly LimitRef[], cost: number): SpendResult;
  /** Asks for `cost` units of each. Resolves when they have arrived, or one is known to be used up, or Redis cannot be asked. */
  acquire(limits: readonly LimitRef[], cost?: number): Promise<AcquireResult>;
  /** For RateLimit headers; undefined while nothing is known of this period. */
  status(limit: LimitRef): LimitStatus | undefined;
}

export const createBudgets = (shared: SharedArrayBuffer, port: LimitsPort, clock: Clock = systemClock): Budgets => {
  const table = new SlotTable(shared);
  const places = new Map<string, SlotPlace>();
  const waiting = new Map<number, { limits: readonly LimitRef[]; resolve: (result: AcquireResult) => void }>();
  let nextId = 1;

  /** A place whose slot has been given to another key is forgotten, so the map never outgrows the table for long. */
  const placeOf = (limit: LimitRef): SlotPlace | undefined => {
    const place = places.get(limit.key);
    if (place === undefined) return undefined;
    if (table.generation(place.slot) === place.generation) return place;
    places.delete(limit.key);
    return undefined;
  };

  const remember = (place: SlotPlace): void => {
    if (places.size >= 2 * table.slots) {
      for (const known of places.values())
        if (table.generation(known.slot) !== known.generation) places.delete(known.key);
    }
    places.set(place.key, place);
  };

  port.on('message', (received) => {
    const message = received as FromBroker;
    for (const place of message.places) remember(place);
    const waiter = waiting.get(message.id);
    if (waiter === undefined) return;
    waiting.delete(message.id);
    if (waiting.size === 0) port.unref();
    const { outcome } = message;
    const limit = outcome.state === 'granted' ? undefined : waiter.limits[outcome.index];
    if (outcome.state === 'granted' || limit === undefined) waiter.resolve({ state: 'granted' });
    else if (outcome.state === 'exhausted') waiter.resolve({ state: 'exhausted', limit, resetMs: outcome.resetMs });
    else waiter.resolve({ state: 'unavailable', limit });
  });
  // When the main thread goes, nobody can answer any more.
  port.once('close', () => {
    for (const { limits, resolve } of waiting.values()) resolve(unavailable(limits));
    waiting.clear();
  });
  port.unref();

  return {
    peek(limit) {
      const place = placeOf(limit);
      // Other units than the broker knows: the document changed, and the broker must hear of it.
      if (place === undefined || table.unitsOf(place.slot) !== limit.units) return undefined;
      const nowMs = clock.nowMs();
      const held = table.held(place.slot, nowMs);
      if (held > 0) return held;
      return table.isExhausted(place.slot, nowMs) ? 0 : undefined;
    },

    spend(limits, cost) {
      const nowMs = clock.nowMs();
      const taken: { place: SlotPlace; taken: Taken }[] = [];
      const left: number[] = [];
      for (const limit of limits) {
        const place = placeOf(limit);
        const one = place === undefined ? undefined : table.take(place.slot, place.generation, cost, nowMs);
        if (place === undefined || one === undefined) {
          for (const earlier of taken) table.putBack(earlier.place.slot, earlier.taken, cost);
          return { ok: false, limit };
        }
        taken.push({ place, taken: one });
        left.push(table.view(place.slot).leftInRedis + one.before - cost);
      }
      for (const { place, taken: one } of taken) {
        const low = table.lowMark(place.slot);
        if (one.before >= low && one.before - cost < low) {
          port.postMessage({ type: 'low', slot: place.slot, generation: place.generation } satisfies ToBroker);
        }
      }
      return { ok: true, left };
    },

    acquire(limits, cost = 1) {
      if (limits.length === 0) return Promise.resolve({ state: 'granted' });
      const id = nextId++;
      return new Promise((resolve) => {
        // A thread lives at least until its questions are answered.
        if (waiting.size === 0) port.ref();
        waiting.set(id, { limits, resolve });
        const plain = limits.map(({ key, units, windowMs, onOutage }) => ({ key, units, windowMs, onOutage }));
        port.postMessage({ type: 'acquire', id, limits: plain, cost } satisfies ToBroker);
      });
    },

    status(limit) {
      const place = placeOf(limit);
      if (place === undefined) return undefined;
      const nowMs = clock.nowMs();
      const view = table.view(place.slot);
      if (view.resetAtMs <= nowMs) return undefined;
      return {
        left: Math.max(0, view.leftInRedis) + table.held(place.slot, nowMs),
        resetMs: Math.ceil(view.resetAtMs - nowMs),
      };
    },
  };
};

const unavailable = (limits: readonly LimitRef[]): AcquireResult => {
  const [limit] = limits;
  return limit === undefined ? { state: 'granted' } : { state: 'unavailable', limit };
};
