import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedisCluster, waitFor, type RunningRedisCluster } from '@sluice/local-stack';
import type { LimitRef } from './index.js';
import { answered, demand, tryGateway, windowOf, type TriedGateway } from './try-limits.js';

let cluster: RunningRedisCluster;
const gateways: TriedGateway[] = [];
beforeAll(async () => {
  cluster = await startRedisCluster();
  for (let index = 0; index < 2; index += 1) gateways.push(await tryGateway('', { redisUrls: cluster.url.split(',') }));
}, 60_000);
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await cluster.stop();
});

describe('limits on a Redis Cluster', () => {
  test('of scopes on all nodes are exact, each with its own leases', { timeout: 60_000 }, async () => {
    const refs = Array.from({ length: 12 }, (_, index): LimitRef => windowOf(`sub_${index}`, 60));
    const [a, b] = gateways;
    const sums = await Promise.all(
      refs.map(async (ref) => {
        const isDone = (): boolean => a!.budgets.peek(ref) === 0 && b!.budgets.peek(ref) === 0;
        const both = await Promise.all([a!, b!].map(({ budgets }) => demand(budgets, [ref], 2, isDone)));
        return both[0]! + both[1]!;
      }),
    );
    expect(sums).toEqual(refs.map(() => 60));
  });

  test('are spent all or none when their scopes lie on different nodes', async () => {
    const { budgets } = gateways[0]!;
    const refs = [windowOf('sub_x', 1000), windowOf('10.1.2.3', 7), windowOf('app_y', 500)];
    let accepted = 0;
    for (let request = 0; request < 20; request += 1) if ((await answered(budgets, refs)) === 'accepted') accepted += 1;
    expect(accepted).toBe(7);
    expect(budgets.status(refs[0]!)?.left).toBe(993);
    expect(budgets.status(refs[2]!)?.left).toBe(493);
  });

  test('start no count anew when one node is emptied', { timeout: 60_000 }, async () => {
    const [a, b] = gateways;
    const refs = Array.from({ length: 6 }, (_, index): LimitRef => windowOf(`flush_${index}`, 50));
    const accepted = async (ref: LimitRef): Promise<boolean> => (await answered(a!.budgets, [ref])) === 'accepted';
    for (const ref of refs) for (let request = 0; request < 30; request += 1) expect(await accepted(ref)).toBe(true);
    const node = new Redis(cluster.nodes[0]!.url);
    await node.flushall();
    node.disconnect();
    for (const ref of refs) {
      let rest = 1;
      await waitFor(async () => (await answered(b!.budgets, [ref])) === 'accepted', {
        what: 'the limit is known again',
        intervalMs: 50,
      });
      for (let request = 0; request < 40; request += 1)
        for (const { budgets } of [a!, b!]) if ((await answered(budgets, [ref])) === 'accepted') rest += 1;
      expect(rest).toBe(20);
    }
  });
});
