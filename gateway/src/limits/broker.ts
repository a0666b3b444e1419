// The lease broker: the only part of a gateway that talks to Redis about limits. It lives on the main thread, answers
// the workers' questions, and puts units into the table that all threads share.
//
// It promises that no unit is spent that Redis has not debited before (except `onOutage: local` while Redis is away,
// which is counted), and that what is held and not spent is at most one part in a hundred of a limit, over all gateways.
//
// One Redis has one partition, so that everything goes in one call; a Redis Cluster has 32, each with a call of its own. What
// a loss leaves unknown of rates, sliding windows and slots is known again by waiting, since their memory is short: members
// report only what they saw of windows and quotas.
import type { Logger, Registry } from '@sluice/runtime';
import { bootFileIn, formerOf, leftText, memoryBootFile, runningText, type BootFile } from './boot-file.js';
import { after, systemClock, type Clock } from './clock.js';
import type { HeldLimit } from './held-limit.js';
import { HeldPeriod, lookKeptMs } from './held-period.js';
import { HeldShort } from './held-short.js';
import { HeldSlots } from './held-slots.js';
import type { LeaseTransport, LimitsPort } from './lease-transport.js';
import { createLimitMetrics } from './limit-metrics.js';
import type { FromBroker, SlotPlace, ToBroker } from './limit-ref.js';
import { LimitTable } from './limit-table.js';
import { Membership } from './membership.js';
import { PartitionLeases } from './partition-leases.js';
import { connectRedis } from './redis-transport.js';
import { maxHeldUnits, SlotTable } from './slot-table.js';
import type { WaitOutcome, Waiter } from './waiters.js';

export interface BrokerOptions {
  /** One URL, or the nodes of a Redis Cluster. */
  readonly redisUrls: readonly string[];
  readonly gatewayId: string;
  readonly bootId: string;
  readonly logger: Logger;
  readonly metrics: Registry;
  /** Limits that can be held at once. Default 65,536: 4 MiB. */
  readonly slots?: number;
  /** The folder for `limits.json`. Without it the next process does not know what this one knew. */
  readonly dataDir?: string;
  /** Default: the file in `dataDir`. */
  readonly bootFile?: BootFile;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: a connection to `redisUrls`. */
  readonly transport?: LeaseTransport;
}

export interface Broker {
  readonly shared: SharedArrayBuffer;
  attach(port: LimitsPort): void;
  /** Gives the leases back, within a second. Call it when the workers have stopped spending. */
  stop(): Promise<void>;
}

const tickMs = 100;
/** A limit at rest is looked at once in so many ticks. */
const restTicks = 20;
/** Units of a limit that nobody has spent for this long go back. */
const idleMs = 300;
/** Limits without a period are forgotten when unused for this long. */
const forgetMs = 10_000;
const longestWaitMs = 1500;
const stopMs = 1000;
/** A step of the wall clock against the monotonic one, between two ticks. */
const longestSkewMs = 50;
/** The start waits this long for Redis, and goes on without it; and so long for the others to know of this gateway. */
const connectMs = 1000;
const admissionMs = 4000;
/** Overshoot that is not judged yet is asked about, and slots are renewed, this often. */
const settleMs = 500;

export const startBroker = async (options: BrokerOptions): Promise<Broker> => {
  const { gatewayId, bootId, logger, metrics: registry, clock = systemClock } = options;
  const file = options.bootFile ?? (options.dataDir === undefined ? memoryBootFile() : bootFileIn(options.dataDir));
  const redis = options.transport ?? connectRedis(options.redisUrls, gatewayId, logger);
  const former = formerOf(file, redis.partitions);
  file.write(runningText(bootId));

  const slots = new SlotTable(options.slots ?? 65_536);
  const metrics = createLimitMetrics(registry, {
    unspent: () => sum((limit) => limit.balance),
    held: () => table.limits.size,
    unknown: () => sum((limit) => (limit.unknownUntilMs > clock.nowMs() ? 1 : 0)),
    losses: () => partitions.reduce((total, { membership }) => total + membership.losses, 0),
  });
  const partitions = Array.from(
    { length: redis.partitions },
    (_, partition) =>
      new PartitionLeases({
        partition,
        clock,
        transport: redis,
        membership: new Membership(bootId, partition, former),
        roundTrip: (outcome) => metrics.roundTrip(outcome),
      }),
  );
  const table = new LimitTable({ table: slots, counts: metrics, random: () => clock.random() }, partitions);
  const ports: LimitsPort[] = [];
  const sum = (count: (limit: HeldLimit) => number): number => {
    let total = 0;
    for (const limit of table.limits.values()) total += count(limit);
    return total;
  };

  const acquire = (port: LimitsPort, { id, charges }: Extract<ToBroker, { type: 'acquire' }>): void => {
    const nowMs = clock.nowMs();
    const places: SlotPlace[] = [];
    const answer = (outcome: Extract<FromBroker, { type: 'acquired' }>['outcome']): void => {
      port.postMessage({ type: 'acquired', id, places, outcome } satisfies FromBroker);
    };
    const held: HeldLimit[] = [];
    for (const [index, { limit: ref, cost }] of charges.entries()) {
      const limit = cost > maxHeldUnits ? undefined : table.hold(ref, nowMs);
      if (limit === undefined) {
        metrics.tableFull();
        return answer({ state: 'unavailable', index });
      }
      held.push(limit);
      places.push({ slot: limit.slot, generation: limit.generation });
    }
    const waits: { limit: HeldLimit; waiter: Waiter }[] = [];
    let open = 0;
    const settle = (index: number, outcome: WaitOutcome): void => {
      if (outcome.state === 'satisfied') {
        open -= 1;
        if (open === 0) answer({ state: 'granted' });
        return;
      }
      for (const { limit, waiter } of waits) table.leasesOf(limit).leave(limit, waiter);
      answer(outcome.state === 'exhausted' ? { ...outcome, index } : { state: 'unavailable', index });
    };
    for (const [index, limit] of held.entries()) {
      const cost = charges[index]?.cost ?? 1;
      if (limit.held(nowMs) >= cost) continue;
      if (limit.isExhausted(nowMs))
        return answer({ state: 'exhausted', index, resetMs: Math.max(0, limit.resetAtMs - nowMs) });
      if (nowMs < limit.unknownUntilMs && limit.ref.onOutage === 'deny') return answer({ state: 'unavailable', index });
      waits.push({ limit, waiter: { cost, sinceMs: nowMs, settle: (outcome) => settle(index, outcome) } });
    }
    open = waits.length;
    if (open === 0) return answer({ state: 'granted' });
    for (const { limit, waiter } of waits) table.leasesOf(limit).wait(limit, waiter);
  };

  const skewOf = (nowMs: number): number => clock.wallMs() - nowMs;
  let lastTickMs = clock.nowMs();
  let lastSkewMs = skewOf(lastTickMs);
  let lastSettleMs = lastTickMs;
  const tick = (): void => {
    const nowMs = clock.nowMs();
    const elapsedMs = nowMs - lastTickMs;
    lastTickMs = nowMs;
    // The monotonic clock stands still while a machine is suspended, Redis's does not: then no deadline is believed.
    const skewMs = skewOf(nowMs) - lastSkewMs;
    const isDistrusted = Math.abs(skewMs) > longestSkewMs;
    lastSkewMs += skewMs;
    const isSettling = nowMs - lastSettleMs >= settleMs;
    if (isSettling) lastSettleMs = nowMs;
    if (isDistrusted) {
      for (const leases of partitions) leases.redisClock.distrust(skewMs);
      for (const limit of table.limits.values()) {
        limit.distrust(nowMs);
        table.active.add(limit);
      }
    }
    for (const limit of table.someAtRest(restTicks)) table.active.add(limit);
    for (const limit of table.active) {
      limit.observe(nowMs, elapsedMs);
      if (limit instanceof HeldSlots) tendSlots(limit, nowMs, isSettling || isDistrusted);
      else if (limit instanceof HeldPeriod) tendPeriod(limit, nowMs, isSettling);
      else if (limit instanceof HeldShort) tendShort(limit, nowMs);
      if (!limit.isSettling && table.isGivenBack(limit)) table.active.delete(limit);
    }
    for (const leases of partitions) leases.tick(nowMs, longestWaitMs);
  };

  const tendPeriod = (limit: HeldPeriod, nowMs: number, isSettling: boolean): void => {
    const leases = table.leasesOf(limit);
    if (nowMs > limit.resetAtMs + 1000) {
      limit.endPeriod();
      const isForgotten = nowMs > limit.resetAtMs + lookKeptMs;
      if (isForgotten && table.isGivenBack(limit) && !limit.isSettling) return table.forget(limit);
    } else if (nowMs >= limit.deadlineMs) {
      // Redis may still be in the period: the deadline kept its distance. A fresh look moves it nearer.
      if (nowMs < limit.resetAtMs && limit.balance > 0 && nowMs - limit.lastSpendMs < idleMs) leases.want(limit);
    } else if (leases.isReachable()) {
      // While Redis is away nobody else could use what is given back.
      if (nowMs - limit.lastSpendMs > idleMs) limit.withdraw(maxHeldUnits);
      else if (limit.deadlineMs - nowMs < 2 * tickMs) limit.withdraw(Math.max(0, limit.surplus(nowMs)));
    }
    if (limit.owes || (limit.isSettling && isSettling)) leases.want(limit);
  };

  const tendShort = (limit: HeldShort, nowMs: number): void => {
    limit.expire(nowMs);
    if (limit.owes) table.leasesOf(limit).want(limit);
    else if (nowMs - limit.lastSpendMs > forgetMs && table.isGivenBack(limit)) table.forget(limit);
  };

  const tendSlots = (limit: HeldSlots, nowMs: number, isRenewing: boolean): void => {
    const leases = table.leasesOf(limit);
    if (limit.ref.onOutage === 'local' && limit.leased > 0 && nowMs >= limit.deadlineMs - tickMs) limit.extend(nowMs);
    if (limit.lose(nowMs)) {
      const { slot, generation } = limit;
      for (const port of ports) port.postMessage({ type: 'lost', slot, generation } satisfies FromBroker);
    }
    if (limit.isOverfull) limit.shrink(nowMs);
    else if (nowMs - limit.lastSpendMs > idleMs) limit.withdraw(maxHeldUnits);
    if (limit.owes || (limit.leased > 0 && isRenewing)) leases.want(limit);
    else if (nowMs - limit.lastSpendMs > forgetMs && table.isGivenBack(limit)) table.forget(limit);
  };

  const timer = clock.setInterval(tick, tickMs);
  const isReachable = (): boolean => partitions.some((leases) => leases.isReachable());
  const isAdmitted = (): boolean => partitions.every(({ membership }) => membership.isAdmitted);
  await redis.ready(connectMs);
  for (const leases of partitions) void leases.flush();
  const admittedByMs = clock.nowMs() + admissionMs;
  while (isReachable() && !isAdmitted() && clock.nowMs() < admittedByMs) await after(clock, 5);

  return {
    shared: slots.shared,
    attach(port: LimitsPort) {
      ports.push(port);
      port.once('close', () => void ports.splice(ports.indexOf(port), 1));
      port.on('message', (received) => {
        const message = received as ToBroker;
        if (message.type === 'acquire') return acquire(port, message);
        const limit = table.at(message.slot, message.generation);
        if (limit === undefined) return;
        limit.isLow = true;
        table.active.add(limit);
        table.leasesOf(limit).want(limit);
      });
      port.unref();
    },
    async stop() {
      timer.clear();
      const untilMs = clock.nowMs() + stopMs;
      const isHolding = (): boolean => [...table.limits.values()].some((limit) => !table.isGivenBack(limit));
      // An operation under way may still bring units: until nothing is left in any hand.
      while (isReachable() && clock.nowMs() < untilMs && isHolding()) {
        for (const limit of table.limits.values()) {
          limit.withdraw(maxHeldUnits);
          if (limit.owes) table.leasesOf(limit).want(limit);
        }
        const giving = partitions.map((leases) => leases.flush());
        await Promise.race([Promise.allSettled(giving), after(clock, untilMs - clock.nowMs())]);
        if (isHolding()) await after(clock, 5);
      }
      const left = await Promise.all(partitions.map((leases) => leases.goodbye()));
      const known = left.filter((one) => one !== undefined);
      if (known.length === partitions.length) file.write(leftText(bootId, known));
      redis.close();
    },
  };
};
