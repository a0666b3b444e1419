// Whether ClickHouse answers. While it does not, the worker takes no segments: they wait in the queue, where they are
// safe, instead of being tried again and again.
import { setTimeout as delay } from 'node:timers/promises';
import type { ClickHouseClient } from '@sluice/clickhouse';
import type { Logger } from '@sluice/runtime';
import type { WorkerMetrics } from './metrics.js';

const intervalMs = 5_000;
const awayIntervalMs = 500;

export interface ClickHouseWatch {
  /** Undefined while it answers. */
  awaySince: () => Date | undefined;
  /** For when a call has just failed: does not wait for the next round. */
  checkNow: () => void;
  stop: () => void;
}

export function watchClickHouse(parts: {
  clickhouse: ClickHouseClient;
  logger: Logger;
  metrics: WorkerMetrics;
  onAway: () => Promise<void>;
  onBack: () => Promise<void>;
}): ClickHouseWatch {
  const { clickhouse, logger, metrics } = parts;
  const ended = new AbortController();
  let woken = new AbortController();
  let away: Date | undefined;

  const check = async (): Promise<void> => {
    const answer = await clickhouse.ping({ select: true });
    metrics.clickhouseUp.set(answer.success ? 1 : 0);
    if (!answer.success && away === undefined) {
      away = new Date();
      logger.error({ reason: answer.error.message }, 'ClickHouse is away; segments wait in the queue');
      await parts.onAway();
    } else if (answer.success && away !== undefined) {
      logger.info({ awayMs: Date.now() - away.getTime() }, 'ClickHouse is back');
      away = undefined;
      await parts.onBack();
    }
  };
  const loop = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      woken = new AbortController();
      await check().catch((error: unknown) => logger.error({ err: error }, 'the check of ClickHouse failed'));
      const signal = AbortSignal.any([ended.signal, woken.signal]);
      await delay(away === undefined ? intervalMs : awayIntervalMs, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  // Runs until `stop`; it handles its own errors.
  void loop();
  return { awaySince: () => away, checkNow: () => woken.abort(), stop: () => ended.abort() };
}
