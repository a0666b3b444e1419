// What tests use to act as gateways: a broker with some workers' ports, and the loop that the gateway runs a request by.
import { MessageChannel } from 'node:worker_threads';
import { createLogger, createMetrics, type Registry } from '@sluice/runtime';
import { newId } from '@sluice/contracts';
import { waitFor } from '@sluice/local-stack';
import { startBroker, type Broker, type BrokerOptions } from './broker.js';
import { createBudgets, type Budgets, type LimitRef } from './index.js';

export interface TriedGateway {
  readonly broker: Broker;
  readonly bootId: string;
  readonly budgets: Budgets;
  readonly metrics: Registry;
  readonly metric: (name: string) => Promise<number>;
  /** Ends it without giving anything back, as a crash would. */
  crash(): void;
  stop(): Promise<void>;
}

export const tryGateway = async (redisUrl: string, options: Partial<BrokerOptions> = {}): Promise<TriedGateway> => {
  const metrics = createMetrics();
  const bootId = newId('boot');
  const broker = await startBroker({
    redisUrls: [redisUrl],
    gatewayId: newId('gateway'),
    bootId,
    logger: createLogger('test', 'silent'),
    metrics,
    ...options,
  });
  const { port1, port2 } = new MessageChannel();
  broker.attach(port1);
  const close = (): void => {
    port1.close();
    port2.close();
  };
  return {
    broker,
    bootId,
    metrics,
    budgets: createBudgets(broker.shared, port2),
    async metric(name) {
      const found = (await metrics.getMetricsAsJSON()).find((one) => one.name === name);
      return (found?.values ?? []).reduce((sum, { value }) => sum + value, 0);
    },
    crash: close,
    async stop() {
      close();
      await broker.stop();
    },
  };
};

export type Tried = 'accepted' | 'exhausted' | 'unavailable';

/** One request: takes `cost` of every limit, or says why not. */
export const tryRequest = async (budgets: Budgets, limits: readonly LimitRef[], cost = 1): Promise<Tried> => {
  const charges = limits.map((limit) => ({ limit, cost }));
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const seen = limits.map((limit) => budgets.peek(limit));
    if (seen.includes(0)) return 'exhausted';
    if (seen.every((units) => units !== undefined && units >= cost) && budgets.spend(charges).ok) return 'accepted';
    const answer = await budgets.acquire(charges);
    if (answer.state !== 'granted') return answer.state;
  }
  return 'unavailable';
};

/** As `tryRequest`, where Redis is there: one that is late on a busy machine is asked again. */
export const answered = (budgets: Budgets, limits: readonly LimitRef[], cost = 1): Promise<Tried> =>
  waitFor(
    async () => {
      const answer = await tryRequest(budgets, limits, cost);
      return answer === 'unavailable' ? false : answer;
    },
    { what: 'the limit is known', intervalMs: 50 },
  );

/** A window of 40 days does not roll over during a test, whenever it runs, but for one minute in 57,600. */
export const longMs = 40 * 86_400_000;

const terms = { isDryRun: false, version: 1 };

export const windowOf = (
  scope: string,
  units: number,
  changes: { onOutage?: LimitRef['onOutage']; periodMs?: number; version?: number; isSliding?: boolean } = {},
): LimitRef => ({
  ...terms,
  kind: 'window',
  key: `${scope}/window`,
  name: 'window',
  units,
  periodMs: longMs,
  isSliding: false,
  onOutage: 'deny',
  ...changes,
});

export const quotaOf = (
  scope: string,
  units: number,
  period: Extract<LimitRef, { kind: 'quota' }>['period'],
  anchorMs: number | null = null,
): LimitRef => ({
  ...terms,
  kind: 'quota',
  key: `${scope}/quota`,
  name: 'quota',
  units,
  period,
  anchorMs,
  onOutage: 'deny',
});

export const rateOf = (scope: string, units: number, periodMs: number, burst: number): LimitRef => ({
  ...terms,
  kind: 'rate',
  key: `${scope}/rate`,
  name: 'rate',
  units,
  periodMs,
  burst,
  onOutage: 'deny',
});

export const concurrencyOf = (scope: string, units: number, onOutage: LimitRef['onOutage'] = 'deny'): LimitRef => ({
  ...terms,
  kind: 'concurrency',
  key: `${scope}/concurrency`,
  name: 'concurrency',
  units,
  onOutage,
});

/** Requests, `concurrency` at a time, until `isDone` says so; the number accepted. */
export const demand = async (
  budgets: Budgets,
  limits: readonly LimitRef[],
  concurrency: number,
  isDone: () => boolean,
): Promise<number> => {
  let accepted = 0;
  const one = async (): Promise<void> => {
    while (!isDone()) {
      if ((await tryRequest(budgets, limits)) === 'accepted') accepted += 1;
      // Other requests get their turn, as they do between reads of a socket.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return accepted;
};
