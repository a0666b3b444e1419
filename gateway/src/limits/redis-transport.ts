// The broker's connection to Redis or a Redis Cluster: one script call an operation, answered within a bounded time or not at
// all. On one Redis nothing is sent twice by the client and nothing waits in its queue. On a cluster the client follows
// MOVED and ASK, and may send again what a closed connection left open: operations are numbered, so that changes nothing.
import { Cluster, Redis } from 'ioredis';
import { clusterPartitions } from '@sluice/engine';
import type { Logger } from '@sluice/runtime';
import { leaseScript, leaseScriptSha } from './lease-script.js';
import type { LeaseTransport } from './lease-transport.js';

const answerMs = 250;
// A peer that went without closing (a failover, a lost route) would be written to until TCP gives up, for many minutes.
const silenceMs = 1000;
const connectTimeoutMs = 2000;

export const connectRedis = (redisUrls: readonly string[], gatewayId: string, logger: Logger): LeaseTransport => {
  const connection = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: connectTimeoutMs,
    socketTimeout: silenceMs,
    connectionName: `sluice-limits-${gatewayId}`,
  };
  const retryStrategy = (times: number): number => Math.min(50 * 2 ** Math.min(times, 5), 1000);
  const [first = '', ...others] = redisUrls;
  const client =
    others.length === 0
      ? new Redis(first, { ...connection, retryStrategy })
      : new Cluster(
          redisUrls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port || 6379) })),
          {
            enableOfflineQueue: false,
            clusterRetryStrategy: retryStrategy,
            slotsRefreshTimeout: connectTimeoutMs,
            redisOptions: { ...connection, ...credentialsOf(first) },
          },
        );
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

  const run = async (keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> => {
    try {
      return await client.evalsha(leaseScriptSha, keys.length, ...keys, ...args);
    } catch (error) {
      // Redis's error codes are the first word of the reply: this Redis has not seen the script since it started.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(leaseScript, keys.length, ...keys, ...args);
    }
  };

  return {
    partitions: others.length === 0 ? 1 : clusterPartitions,
    call: (_partition, keys, args) => inTime(run(keys, args)),
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

/**
 * Rejects when no answer came in time. Where this process stood still for that long, the answer lies in the socket unread
 * and the timer comes first: the socket is read once more, so that a busy machine is not taken for a silent Redis.
 */
const inTime = (answer: Promise<unknown>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new Error('Redis did not answer in time'))), answerMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/** Nodes of a cluster share a user, a password and whether TLS is spoken: those of the first URL. */
const credentialsOf = (url: string): { username?: string; password?: string; tls?: Record<string, never> } => {
  const { username, password, protocol } = new URL(url);
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
};
