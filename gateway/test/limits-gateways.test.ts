// Limits on three real gateway processes: together they never admit more than a limit allows, whatever happens to one of
// them or to Redis. The same against one Redis and against a Redis Cluster of three nodes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import { startRedis, startRedisCluster, waitFor, type RunningRedis } from '@sluice/local-stack';
import type { GatewayProcess } from './gateway-process.js';
import { documentOf, routeTo, Stack, withKey } from './stack.js';

const servers = {
  'one Redis': async () => {
    const redis = await startRedis();
    return { url: redis.url, nodes: [redis], stop: async () => redis.stop() };
  },
  'a Redis Cluster of three nodes': async () => startRedisCluster({ nodes: 3 }),
};

interface Server {
  readonly url: string;
  readonly nodes: readonly RunningRedis[];
  stop(): Promise<void>;
}

const units = 300;

describe.each(Object.entries(servers))('three gateways and %s', (_, start) => {
  let stack: Stack;
  let server: Server;
  const gateways: GatewayProcess[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  let subscriptions = 0;

  const boot = (index: number): GatewayProcess =>
    stack.gateway({
      GATEWAY_ID: `gw-${index}`,
      DATA_DIR: `${stack.dataDir}-${index}`,
      REDIS_LIMITS_URL: server.url,
    });

  beforeAll(async () => {
    [stack, server] = await Promise.all([Stack.start(), start()]);
    const upstream = await stack.upstream((req, res) => {
      if (req.url !== '/slow') {
        res.end('ok');
        return;
      }
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      res.once('close', () => (underWay -= 1));
      setTimeout(() => res.end('ok'), 100);
    });
    stack.feed.publish({
      ...(documentOf({ one: upstream.url }, [routeTo('one', '/', withKey)]) as object),
      plans: {
        quota: { title: 'Quota', apis: ['orders'], limits: [{ window: `${units}/40d` }] },
        narrow: { title: 'Narrow', apis: ['orders'], limits: [{ concurrency: 4 }] },
      },
    });
    gateways.push(...[0, 1, 2].map(boot));
    await Promise.all(gateways.map(async (gateway) => gateway.untilReady()));
  });
  afterAll(async () => {
    await stack.stop();
    await server.stop();
  });

  /** A key of a subscription of its own, known to all gateways. */
  const newKey = async (plan: string): Promise<{ key: string; subscription: string }> => {
    subscriptions += 1;
    const subscription = `sub_${subscriptions}`;
    stack.feed.admit(`key-${subscriptions}`, { plan, subscription });
    await untilKnown(`key-${subscriptions}`);
    return { key: `key-${subscriptions}`, subscription };
  };

  const untilKnown = async (key: string): Promise<void> => {
    for (const gateway of gateways)
      await waitFor(async () => (await statusOf(gateway, key)) !== 401, { what: `a gateway knows ${key}` });
  };

  const statusOf = async (gateway: GatewayProcess, key: string, path = '/x'): Promise<number> =>
    (await gateway.send(path, { headers: { 'x-api-key': key } })).status;

  /** Requests to all gateways in turn, some at a time; the statuses. One that is not answered counts as 0. */
  const flood = async (key: string, count: number, { path = '/x', atOnce = 24 } = {}): Promise<number[]> => {
    const statuses: number[] = [];
    let sent = 0;
    const client = async (): Promise<void> => {
      while (sent < count) {
        const gateway = gateways[sent % gateways.length];
        sent += 1;
        if (gateway !== undefined) statuses.push(await statusOf(gateway, key, path).catch(() => 0));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, client));
    return statuses;
  };

  const admitted = (statuses: readonly number[]): number => statuses.filter((status) => status === 200).length;

  test('admit exactly what a limit allows, and a second key of the subscription buys no more', async () => {
    const { key, subscription } = await newKey('quota');
    // What `untilKnown` sent counts too.
    const before = gateways.length;
    const first = await flood(key, 2 * units);
    stack.feed.setCredential(`${key}-second`, 'active', subscription);
    await untilKnown(`${key}-second`);
    const second = await flood(`${key}-second`, 60);
    const sum = before + admitted(first) + admitted(second);
    expect(sum).toBeLessThanOrEqual(units);
    expect(sum).toBeGreaterThanOrEqual(0.99 * units);
    expect(new Set([...first, ...second])).toEqual(new Set([200, 429]));
  });

  test('admit no more when one is killed in the midst and another takes its place', async () => {
    const { key } = await newKey('quota');
    const half = flood(key, units);
    gateways[0]?.signal('SIGKILL');
    await gateways[0]?.exited;
    const successor = boot(0);
    gateways[0] = successor;
    const statuses = await half;
    await successor.untilReady();
    const sum = 3 + admitted([...statuses, ...(await flood(key, units))]);
    expect(sum).toBeLessThanOrEqual(units);
    expect(sum).toBeGreaterThan(units / 2);
  });

  test('admit no more when one stands still for longer than it is waited for', async () => {
    const { key } = await newKey('quota');
    const [still] = gateways;
    const statuses = flood(key, units, { atOnce: 48 });
    still?.signal('SIGSTOP');
    const others = gateways.slice(1);
    // Fenced after three seconds of Redis's clock; until then and after it the others go on.
    const stoppedMs = performance.now();
    const late: number[] = [];
    while (performance.now() < stoppedMs + 3500) for (const gateway of others) late.push(await statusOf(gateway, key));
    still?.signal('SIGCONT');
    const sum = 3 + admitted([...(await statuses), ...late, ...(await flood(key, units))]);
    expect(sum).toBeLessThanOrEqual(units);
    expect(sum).toBeGreaterThan(units / 2);
  });

  test('start no quota anew when Redis is emptied', async () => {
    const { key } = await newKey('quota');
    const first = await flood(key, units / 2);
    const statuses = flood(key, units);
    for (const node of server.nodes) {
      const client = new Redis(node.url);
      await client.flushall();
      client.disconnect();
    }
    const during = await statuses;
    // A limit that no gateway could answer for stays closed; this one is known to all three.
    await waitFor(async () => [200, 429].includes(await statusOf(gateways[1]!, key)), {
      what: 'the limit is counted again',
    });
    const after = await flood(key, units);
    const sum = 3 + admitted([...first, ...during, ...after]);
    expect(sum).toBeLessThanOrEqual(units);
    expect(sum).toBeGreaterThan(0.9 * units);
    expect(after.at(-1)).toBe(429);
  });

  test('let no more requests through at the same time than a limit on concurrency says', async () => {
    const { key } = await newKey('narrow');
    mostUnderWay = 0;
    // Until each slot was used by several requests, after each other and by all gateways.
    for (let sum = 0; sum < 24;) sum += admitted(await flood(key, 60, { path: '/slow', atOnce: 20 }));
    expect(mostUnderWay).toBeLessThanOrEqual(4);
    expect(mostUnderWay).toBeGreaterThanOrEqual(2);
  });
});
