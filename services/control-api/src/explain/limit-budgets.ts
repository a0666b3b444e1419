// What is left of limits now, read from the Redis in which gateways count. Nothing is changed there, but for what is forgotten of a
// tenant that is gone. Without a Redis, or when it does not answer, nobody knows, and that is what it says.
import {
  clusterPartitions,
  idOfLimitKey,
  leftOfLimit,
  limitKeyPattern,
  markerFields,
  placeOfLimit,
  type LimitLeft,
  type LimitRef,
} from '@sluice/engine';
import type { Logger } from '@sluice/runtime';
import { Cluster, Redis } from 'ioredis';
import type { Config } from '../config.js';

export interface LimitBudgets {
  /** In the order of the limits; undefined: not known. */
  read(limits: readonly LimitRef[]): Promise<(LimitLeft | undefined)[]>;
  /**
   * Deletes what is counted for these ids (environments, subscriptions, ...); how many keys. Undefined: there is no Redis to
   * ask. Throws when it does not answer.
   */
  forget(ids: ReadonlySet<string>): Promise<number | undefined>;
  close(): void;
}

const commandTimeoutMs = 500;

export function openLimitBudgets({ redisUrls }: Config['limits'], logger: Logger): LimitBudgets {
  const [first, ...others] = redisUrls;
  if (first === undefined)
    return {
      read: async (limits) => limits.map(() => undefined),
      forget: async () => undefined,
      close: () => undefined,
    };
  const client = connect(first, others);
  let isReported = false;
  client.on('error', (error: Error) => {
    if (!isReported) logger.warn({ err: error }, 'Redis for limits does not answer: explanations do without budgets');
    isReported = true;
  });
  client.on('ready', () => {
    isReported = false;
  });
  const partitions = others.length === 0 ? 1 : clusterPartitions;
  return {
    async read(limits) {
      return Promise.all(limits.map(async (limit) => readOne(client, limit, partitions).catch(() => undefined)));
    },
    async forget(ids) {
      const nodes = client instanceof Cluster ? client.nodes('master') : [client];
      let forgotten = 0;
      for (const node of nodes) forgotten += await forgetAt(node, ids);
      return forgotten;
    },
    close: () => client.disconnect(),
  };
}

/** All keys of a node are walked through, a thousand at a time: there is no list of those of a tenant, and this is rare. */
async function forgetAt(node: Redis, ids: ReadonlySet<string>): Promise<number> {
  let cursor = '0';
  let forgotten = 0;
  do {
    const [next, keys] = await node.scan(cursor, 'MATCH', limitKeyPattern, 'COUNT', 1_000);
    cursor = next;
    for (const key of keys) if (ids.has(idOfLimitKey(key) ?? '')) forgotten += await node.unlink(key);
  } while (cursor !== '0');
  return forgotten;
}

function connect(first: string, others: readonly string[]): Redis | Cluster {
  const { username, password, protocol } = new URL(first);
  const bounded = { maxRetriesPerRequest: 0, commandTimeout: commandTimeoutMs, connectionName: 'sluice-control-api' };
  if (others.length === 0) return new Redis(first, { ...bounded, enableOfflineQueue: false });
  return new Cluster(
    [first, ...others].map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port || 6379) })),
    {
      enableOfflineQueue: false,
      // Nodes share a user, a password and whether TLS is spoken: those of the first URL.
      redisOptions: {
        ...bounded,
        ...(username === '' ? {} : { username: decodeURIComponent(username) }),
        ...(password === '' ? {} : { password: decodeURIComponent(password) }),
        ...(protocol === 'rediss:' ? { tls: {} } : {}),
      },
    },
  );
}

async function readOne(client: Redis | Cluster, limit: LimitRef, partitions: number): Promise<LimitLeft | undefined> {
  const { key, marker } = placeOfLimit(limit, partitions);
  // Redis's own clock is what periods go by. A cluster may answer with any node's: they differ by less than a look is late.
  const [stored, marked, clock] = await Promise.all([
    client.hgetall(key),
    client.hmget(marker, ...markerFields),
    client.time(),
  ]);
  const known = markerFields.flatMap((field, index) => {
    const value = marked[index];
    return value === null || value === undefined ? [] : [[field, value] as const];
  });
  const [seconds = 0, micros = 0] = clock.map(Number);
  return leftOfLimit(limit, stored, Object.fromEntries(known), seconds * 1000 + micros / 1000);
}
