// The broker's connection to Redis: one script call an operation, answered within a bounded time or not at all.
// Nothing is sent twice by the client itself and nothing waits in its queue: who asks decides what to send again.
import { Redis } from 'ioredis';
import type { Logger } from '@sluice/runtime';
import { leaseScript, leaseScriptSha } from './lease-script.js';
import type { LeaseTransport } from './lease-transport.js';

const commandTimeoutMs = 250;
// A peer that went without closing (a failover, a lost route) would be written to until TCP gives up, for many minutes.
const silenceMs = 1000;

export const connectRedis = (redisUrl: string, gatewayId: string, logger: Logger): LeaseTransport => {
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
  client.on('error', (error: Error) => {
    if (isReported) return;
    isReported = true;
    logger.warn({ err: error }, 'Redis for limits does not answer: limits go on as their onOutage says');
  });
  client.on('ready', () => {
    if (isReported) logger.info('Redis for limits answers again');
    isReported = false;
  });

  return {
    partitions: 1,
    async call(_partition, keys, args) {
      try {
        return await client.call('EVALSHA', leaseScriptSha, keys.length, ...keys, ...args);
      } catch (error) {
        // Redis's error codes are the first word of the reply: this Redis has not seen the script since it started.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return client.call('EVAL', leaseScript, keys.length, ...keys, ...args);
      }
    },
    isReachable: () => client.status === 'ready',
    ready: (withinMs) =>
      new Promise((resolve) => {
        if (client.status === 'ready') {
          resolve();
          return;
        }
        const timer = setTimeout(resolve, withinMs);
        client.once('ready', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    close() {
      client.disconnect();
    },
  };
};
