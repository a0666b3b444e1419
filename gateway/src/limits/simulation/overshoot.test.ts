// What is admitted above a limit with `onOutage: local` is what is counted: moments that chance seldom meets.
import { expect, test } from 'vitest';
import { leaseScript } from '../lease-script.js';
import type { LimitRef } from '../limit-ref.js';
import { redisForTests } from '../try-redis.js';
import { JudgedLimit } from './judged-limit.js';
import { overshootViolations } from './overshoot.js';
import { seeded } from './seeded.js';
import type { VirtualGateway } from './virtual-gateway.js';
import { calm } from './virtual-wire.js';
import { World } from './world.js';

const redis = redisForTests();

const ref: LimitRef = {
  kind: 'window',
  periodMs: 500,
  units: 20,
  isSliding: false,
  key: 'sub_a/limit',
  name: 'limit',
  onOutage: 'local',
  isDryRun: false,
  version: 1,
};
const everyMs = 10;
/** Until all that was admitted is charged, and judged: see lua-period.ts. */
const judgedMs = 6000;

interface Scene {
  readonly world: World;
  readonly limit: JudgedLimit;
  readonly gateways: readonly [VirtualGateway, VirtualGateway];
  /** Nobody asks these anything. */
  readonly idle: Set<VirtualGateway>;
}

/** Two gateways that each get more than twice what the limit allows, at the start of a period. */
const scene = async (name: string): Promise<Scene> => {
  const world = new World({
    random: seeded(1),
    redis: { client: redis.client, namespace: name, script: leaseScript, longestLag: 0 },
    epochMs: Date.UTC(2026, 10, 23, 12),
    partitions: 1,
    repeat: 0,
    drift: 1,
  });
  const limit = new JudgedLimit(ref, { redisMs: () => world.redis.redisMs, isSteppedBack: false });
  world.limits.push(limit);
  const idle = new Set<VirtualGateway>();
  void world.add();
  void world.add();
  const request = (): void => {
    if (world.load === 0) return;
    for (const gateway of world.gateways)
      if (gateway.isOpen && !idle.has(gateway)) gateway.receive([{ limit, cost: 1 }], 0, 0);
    world.scheduler.after(everyMs, request);
  };
  request();
  await world.scheduler.run(3000);
  const [one, other] = world.gateways;
  if (one === undefined || other === undefined) throw new Error('two gateways');
  return { world, limit, gateways: [one, other], idle };
};

/** What was admitted above the limit, when it has been found to be what was counted. */
const counted = async ({ world, limit }: Scene): Promise<number> => {
  world.load = 0;
  await world.scheduler.run(world.scheduler.nowMs + judgedMs);
  expect(world.redis.errors).toEqual([]);
  expect(await overshootViolations(world)).toEqual([]);
  await world.redis.remove();
  return limit.judge.overshoot;
};

test('an answer that comes after its period does not lead to charges in another one', async () => {
  const told = await scene('late');
  const { scheduler, redis: virtual } = told.world;
  const [late, other] = told.gateways;
  told.idle.add(other);
  late.weather.loseAnswer = 1;
  await scheduler.run(3050);
  told.idle.add(late);
  late.weather.isCut = true;
  // In a later period Redis repeats what it answered then, and nothing that is asked afterwards reaches it.
  await scheduler.run(4010);
  virtual.onEvaluated = ({ args }) => {
    if (!String(args[1]).startsWith(`${late.name}.`)) return;
    late.weather.loseQuestion = 1;
    told.idle.delete(late);
  };
  Object.assign(late.weather, calm());
  told.idle.delete(other);
  await scheduler.run(4490);
  told.idle.add(late);
  await scheduler.run(5600);
  virtual.onEvaluated = undefined;
  Object.assign(late.weather, calm());
  expect(await counted(told)).toBeGreaterThan(0);
});

test('a unit that was granted to a gateway which was fenced before it heard of it counts for nothing', async () => {
  const told = await scene('fenced');
  const { scheduler } = told.world;
  const [fenced] = told.gateways;
  fenced.weather.loseAnswer = 1;
  await scheduler.run(3300);
  fenced.weather.isCut = true;
  await scheduler.run(3499);
  told.world.load = 0;
  await scheduler.run(7500);
  Object.assign(fenced.weather, calm());
  expect(await counted(told)).toBeGreaterThan(0);
});
