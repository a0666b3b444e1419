// The broker's connection to Redis: one script call an operation, answered within a bounded time or not at all.
// Nothing is sent twice by the client itself and nothing waits in its queue: who asks decides what to send again.
import { Redis } from 'ioredis';
import type { Logger } from '@sluice/runtime';
import {
  leaseArguments,
  leaseReplies,
  leaseScript,
  leaseScriptSha,
  type LeaseAsk,
  type LeaseReply,
} from './lease-script.js';

const commandTimeoutMs = 250;
// A peer that went without closing (a failover, a lost route) would be written to until TCP gives up, for many minutes.
const silenceMs = 1000;

export interface RedisLeases {
  operate(seq: number, asks: readonly LeaseAsk[]): Promise<LeaseReply[]>;
  isReachable(): boolean;
  /** Resolves when Redis can be asked, or after a time. */
  connected(withinMs: number): Promise<void>;
  redisNowMs(): number;
  close(): void;
}

export const connectLeases = (
  redisUrl: string,
  { gatewayId, bootId }: { gatewayId: string; bootId: string },
  logger: Logger,
): RedisLeases => {
  const client = new Redis(redisUrl, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: 2000,
    socketTimeout: silenceMs,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 5), 1000),
    connectionName: `sluice-limits-${gatewayId}`,
  });
  let isReported = false;
  let offsetMs = 0;
  client.on('error', (error: Error) => {
    if (isReported) return;
    isReported = true;
    logger.warn({ err: error }, 'Redis for limits does not answer: limits go on as their onOutage says');
  });
  client.on('ready', () => {
    if (isReported) logger.info('Redis for limits answers again');
    isReported = false;
  });

  const call = async (args: readonly (string | number)[]): Promise<unknown> => {
    try {
      return await client.call('EVALSHA', leaseScriptSha, ...args);
    } catch (error) {
      // Redis's error codes are the first word of the reply: this Redis has not seen the script since it started.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.call('EVAL', leaseScript, ...args);
    }
  };

  return {
    async operate(seq, asks) {
      const replies = leaseReplies(await call(leaseArguments(bootId, seq, asks)), asks.length);
      const [first] = replies;
      if (first !== undefined) offsetMs = first.redisMs - Date.now();
      return replies;
    },
    isReachable: () => client.status === 'ready',
    connected: (withinMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        client.once('ready', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    redisNowMs: () => Date.now() + offsetMs,
    close() {
      client.disconnect();
    },
  };
};
