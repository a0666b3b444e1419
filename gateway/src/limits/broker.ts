// The lease broker: the only part of a gateway that talks to Redis about limits. It lives on the main thread, answers
// the workers' questions, and puts units into the table that all threads share.
//
// It promises that no unit is spent that Redis has not debited before (except `onOutage: local` while Redis is away,
// which is counted), and that what is held and not spent is at most one part in a hundred of a limit, over all gateways.
//
// The table is full when every slot belongs to a limit that holds units or that requests wait for. Then a further limit
// is answered as unavailable, and counted; slots of ended periods and of limits that hold nothing are used again.
import type { Logger, Registry } from '@sluice/runtime';
import { after, systemClock, type Clock } from './clock.js';
import { HeldLimit } from './held-limit.js';
import { leaseArguments, leaseReplies, limitKey } from './lease-script.js';
import type { LeaseTransport, LimitsPort } from './lease-transport.js';
import { createLimitMetrics } from './limit-metrics.js';
import { subscriptionOf, type FromBroker, type LimitRef, type SlotPlace, type ToBroker } from './limit-ref.js';
import { connectRedis } from './redis-transport.js';
import { maxHeldUnits, SlotTable } from './slot-table.js';
import { SubscriptionLeases, type LeaseServer, type Waiter, type WaitOutcome } from './subscription-leases.js';

export interface BrokerOptions {
  readonly redisUrl: string;
  readonly gatewayId: string;
  readonly bootId: string;
  readonly logger: Logger;
  readonly metrics: Registry;
  /** Limits that can be held at once. Default 65,536: 4 MiB. */
  readonly slots?: number;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: a connection to `redisUrl`. */
  readonly transport?: LeaseTransport;
}

export interface Broker {
  readonly shared: SharedArrayBuffer;
  attach(port: LimitsPort): void;
  /** Gives the leases back, within a second. Call it when the workers have stopped spending. */
  stop(): Promise<void>;
}

const tickMs = 100;
/** Units of a limit that nobody has spent for this long go back. */
const idleMs = 300;
const longestWaitMs = 1500;
const stopMs = 1000;
/** A step of the wall clock against the monotonic one, between two ticks. */
const longestSkewMs = 50;
/** The start waits this long for Redis, and goes on without it. */
const connectMs = 1000;

export const startBroker = async (options: BrokerOptions): Promise<Broker> => {
  const { gatewayId, bootId, logger, metrics: registry, clock = systemClock } = options;
  const monotonicMs = (): number => clock.nowMs();
  const table = new SlotTable(options.slots ?? 65_536);
  const free = Array.from({ length: table.slots }, (_, index) => table.slots - 1 - index);
  const limits = new Map<string, HeldLimit>();
  const bySlot: (HeldLimit | undefined)[] = [];
  const subscriptions = new Map<string, SubscriptionLeases>();
  const metrics = createLimitMetrics(registry, unspent, () => limits.size);
  const redis = options.transport ?? connectRedis(options.redisUrl, gatewayId, logger);
  let redisOffsetMs = 0;
  let lastSeq = 0;

  const server: LeaseServer = {
    nextSeq: () => ++lastSeq,
    nowMs: monotonicMs,
    clock,
    redisNowMs: () => clock.wallMs() + redisOffsetMs,
    isReachable: () => redis.isReachable(0),
    async operate(seq, asks) {
      try {
        const replies = leaseReplies(
          await redis.call(
            0,
            asks.map(({ key }) => limitKey(key)),
            leaseArguments(bootId, seq, asks),
          ),
          asks.length,
        );
        const [first] = replies;
        if (first !== undefined) redisOffsetMs = first.redisMs - clock.wallMs();
        metrics.roundTrip('answered');
        return replies;
      } catch (error) {
        metrics.roundTrip('unanswered');
        throw error;
      }
    },
  };

  function unspent(): number {
    let sum = 0;
    for (const limit of limits.values()) sum += limit.balance;
    return sum;
  }

  const leasesOf = (key: string): SubscriptionLeases => {
    const subscription = subscriptionOf(key);
    let leases = subscriptions.get(subscription);
    if (leases === undefined) subscriptions.set(subscription, (leases = new SubscriptionLeases(server)));
    return leases;
  };

  const forget = (limit: HeldLimit): void => {
    limits.delete(limit.key);
    bySlot[limit.slot] = undefined;
    table.assign(limit.slot);
    free.push(limit.slot);
    const subscription = subscriptionOf(limit.key);
    const leases = subscriptions.get(subscription);
    leases?.limits.delete(limit.key);
    if (leases?.limits.size === 0) subscriptions.delete(subscription);
  };

  /** Makes room by forgetting a limit that holds nothing and that nobody waits for; looks at a few of the oldest. */
  const evict = (): void => {
    let looked = 0;
    for (const limit of limits.values()) {
      if (isGivenBack(limit)) return forget(limit);
      // Moved to the end, so that the next call looks at others.
      limits.delete(limit.key);
      limits.set(limit.key, limit);
      if (++looked === 64) return;
    }
  };

  const hold = (ref: LimitRef): HeldLimit | undefined => {
    const known = limits.get(ref.key);
    if (known !== undefined) {
      known.refresh(ref);
      return known;
    }
    if (free.length === 0) evict();
    const slot = free.pop();
    if (slot === undefined) return undefined;
    const limit = new HeldLimit(ref, slot, table, metrics, monotonicMs());
    limits.set(ref.key, limit);
    bySlot[slot] = limit;
    leasesOf(ref.key).limits.set(ref.key, limit);
    return limit;
  };

  const acquire = (port: LimitsPort, { id, limits: refs, cost }: Extract<ToBroker, { type: 'acquire' }>): void => {
    const nowMs = monotonicMs();
    const places: SlotPlace[] = [];
    const answer = (outcome: FromBroker['outcome']): void => {
      port.postMessage({ type: 'acquired', id, places, outcome } satisfies FromBroker);
    };
    const held: HeldLimit[] = [];
    for (const [index, ref] of refs.entries()) {
      const limit = hold(ref);
      if (limit === undefined) {
        metrics.tableFull();
        return answer({ state: 'unavailable', index });
      }
      held.push(limit);
      places.push({ key: limit.key, slot: limit.slot, generation: limit.generation });
    }
    const waits: { limit: HeldLimit; waiter: Waiter }[] = [];
    let open = 0;
    const settle = (index: number, outcome: WaitOutcome): void => {
      if (outcome.state === 'satisfied') {
        open -= 1;
        if (open === 0) answer({ state: 'granted' });
        return;
      }
      for (const { limit, waiter } of waits) leasesOf(limit.key).leave(limit, waiter);
      answer(outcome.state === 'exhausted' ? { ...outcome, index } : { state: 'unavailable', index });
    };
    for (const [index, limit] of held.entries()) {
      if (limit.held(nowMs) >= cost) continue;
      if (limit.isExhausted(nowMs))
        return answer({ state: 'exhausted', index, resetMs: Math.max(0, limit.resetAtMs - nowMs) });
      waits.push({ limit, waiter: { cost, sinceMs: nowMs, settle: (outcome) => settle(index, outcome) } });
    }
    open = waits.length;
    if (open === 0) return answer({ state: 'granted' });
    for (const { limit, waiter } of waits) leasesOf(limit.key).wait(limit, waiter);
  };

  const isGivenBack = (limit: HeldLimit): boolean => limit.isEmpty() && leasesOf(limit.key).isIdle(limit);

  const skewOf = (nowMs: number): number => clock.wallMs() - nowMs;
  let lastTickMs = monotonicMs();
  let lastSkewMs = skewOf(lastTickMs);
  const tick = (): void => {
    const nowMs = monotonicMs();
    const elapsedMs = nowMs - lastTickMs;
    lastTickMs = nowMs;
    // The monotonic clock stands still while a machine is suspended, Redis's does not: then no deadline is believed.
    const isDistrusted = Math.abs(skewOf(nowMs) - lastSkewMs) > longestSkewMs;
    lastSkewMs = skewOf(nowMs);
    for (const limit of limits.values()) {
      const leases = leasesOf(limit.key);
      if (isDistrusted) limit.distrust(nowMs);
      limit.observe(nowMs, elapsedMs);
      leases.expire(limit, nowMs - longestWaitMs);
      if (nowMs > limit.resetAtMs + 1000 && leases.isIdle(limit)) {
        limit.endPeriod();
        forget(limit);
        continue;
      }
      if (nowMs >= limit.deadlineMs) {
        // Redis may still be in the period: the deadline kept its distance. A fresh look moves it nearer.
        if (nowMs < limit.resetAtMs && limit.balance > 0 && nowMs - limit.lastSpendMs < idleMs) leases.want(limit);
        continue;
      }
      // While Redis is away nobody else could use what is given back.
      if (!redis.isReachable(0)) continue;
      if (nowMs - limit.lastSpendMs > idleMs) limit.withdraw(maxHeldUnits);
      else if (limit.deadlineMs - nowMs < 2 * tickMs) limit.withdraw(Math.max(0, limit.surplus(nowMs)));
      if (limit.hasNews()) leases.want(limit);
    }
    for (const leases of subscriptions.values()) if (leases.isBehind()) void leases.flush();
  };
  const timer = clock.setInterval(tick, tickMs);

  await redis.ready(connectMs);
  return {
    shared: table.shared,
    attach(port: LimitsPort) {
      port.on('message', (received) => {
        const message = received as ToBroker;
        if (message.type === 'acquire') return acquire(port, message);
        const limit = bySlot[message.slot];
        if (limit === undefined || limit.generation !== message.generation) return;
        limit.isLow = true;
        leasesOf(limit.key).want(limit);
      });
      port.unref();
    },
    async stop() {
      timer.clear();
      const untilMs = monotonicMs() + stopMs;
      // An operation under way may still bring units: until nothing is left in any hand.
      while (
        redis.isReachable(0) &&
        monotonicMs() < untilMs &&
        [...limits.values()].some((limit) => !isGivenBack(limit))
      ) {
        for (const limit of limits.values()) {
          limit.withdraw(maxHeldUnits);
          if (limit.hasNews()) leasesOf(limit.key).want(limit);
        }
        const giving = [...subscriptions.values()].map((leases) => leases.flush());
        await Promise.race([Promise.allSettled(giving), after(clock, untilMs - monotonicMs())]);
        if (![...limits.values()].every(isGivenBack)) await after(clock, 5);
      }
      redis.close();
    },
  };
};
