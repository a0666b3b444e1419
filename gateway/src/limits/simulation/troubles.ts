// What happens to the simulated world, by a seed: a list of troubles with their times, so that a failing run can be cut
// down by leaving some out.
import type { JudgedLimit } from './judged-limit.js';
import type { VirtualGateway } from './virtual-gateway.js';
import { calm, type Weather } from './virtual-wire.js';
import type { World } from './world.js';

export const troubleKinds = [
  'weather',
  'cut',
  'silence',
  'pause',
  'kill',
  'leave',
  'join',
  'wall-step',
  'redis-down',
  'restart',
  'flush',
  'failover',
  'redis-back',
  'raise',
  'lower',
] as const;
/** Those in which Redis cannot be asked and nobody ends without having told it what was admitted. */
export const outageKinds: readonly TroubleKind[] = ['weather', 'cut', 'silence', 'pause', 'join', 'redis-down'];

/** Calls that a replica may lack when it takes over. */
export const longestLag = 20;

export type TroubleKind = (typeof troubleKinds)[number];

export interface Trouble {
  readonly atMs: number;
  readonly kind: TroubleKind;
  /** Which gateway or limit: taken modulo how many there are. */
  readonly index: number;
  readonly lastsMs: number;
  /** In [0, 1): how bad. */
  readonly force: number;
}

export const planTroubles = (
  random: () => number,
  kinds: readonly TroubleKind[],
  { count, fromMs, untilMs }: { count: number; fromMs: number; untilMs: number },
): Trouble[] => {
  let atMs = fromMs;
  // Troubles seldom come alone: what is known of one is lost with the next, before anybody has heard of it.
  const next = (): number =>
    random() < 0.3 ? atMs + Math.round(random() * 40) : Math.round(fromMs + random() * (untilMs - fromMs));
  return Array.from({ length: kinds.length === 0 ? 0 : count }, () => ({
    atMs: (atMs = next()),
    kind: kinds[Math.floor(random() * kinds.length)] ?? 'weather',
    index: Math.floor(random() * 12),
    lastsMs: Math.round(20 + random() ** 2 * 3500),
    force: random(),
  })).toSorted((one, other) => one.atMs - other.atMs);
};

/** Makes it happen; resolves when it is over. */
export const happen = async (world: World, trouble: Trouble): Promise<void> => {
  const { scheduler, redis } = world;
  const { index, lastsMs, force } = trouble;
  const gateway = pick(world.living, index);
  const limit = pick(world.limits, index);
  switch (trouble.kind) {
    case 'weather':
      return spell(world, gateway, lastsMs, {
        loseQuestion: 0.2 * force,
        loseAnswer: 0.2 * force,
        delay: 0.3 * force,
        longestDelayMs: 600 * force,
        repeat: 0.3 * force,
      });
    case 'cut':
      return spell(world, force < 0.3 ? undefined : gateway, lastsMs, { isCut: true });
    case 'silence':
      return spell(world, force < 0.3 ? undefined : gateway, lastsMs, { isSilent: true });
    case 'pause':
      gateway?.stop();
      await scheduler.delay(lastsMs * (force < 0.2 ? 2 : 0.5));
      return gateway?.goOn();
    case 'kill':
      gateway?.kill();
      return replace(world, gateway, force * lastsMs);
    case 'leave':
      if (gateway?.process.state === 'running') await gateway.leave();
      else gateway?.kill();
      return replace(world, gateway, force * lastsMs);
    case 'join':
      if (world.living.length < 5) await world.add();
      return undefined;
    case 'wall-step':
      return gateway?.process.stepWall(force < 0.5 ? -60_000 : 60_000);
    case 'redis-down':
      redis.isUp = false;
      await scheduler.delay(lastsMs);
      redis.isUp = true;
      return undefined;
    case 'restart':
      redis.isUp = false;
      await scheduler.delay(lastsMs * 0.2);
      await redis.restart(force < 0.7);
      redis.isUp = true;
      return undefined;
    case 'flush':
      return redis.flushAll();
    case 'failover':
      redis.isUp = false;
      await scheduler.delay(lastsMs * 0.2);
      await redis.failOver(Math.floor(force * longestLag));
      redis.isUp = true;
      return undefined;
    case 'redis-back':
      // By 60 s at most in all.
      redis.offsetMs = Math.max(-60_000, redis.offsetMs - 60_000 * (force < 0.5 ? 1 : force));
      return undefined;
    case 'raise':
      return change(world, limit, lastsMs, 1 + 2 * force);
    case 'lower':
      return change(world, limit, lastsMs, 0.1 + 0.6 * force);
  }
};

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** Bad weather for one gateway, or for all; the last of two spells that overlap ends both. */
const spell = async (
  world: World,
  gateway: VirtualGateway | undefined,
  lastsMs: number,
  weather: Partial<Weather>,
): Promise<void> => {
  const under = (gateway === undefined ? world.living : [gateway]).map((one) => one.weather);
  for (const one of under) Object.assign(one, weather);
  await world.scheduler.delay(lastsMs);
  for (const one of under) Object.assign(one, calm(world.repeat));
};

/** Another boot on the same disk. */
const replace = async (world: World, former: VirtualGateway | undefined, afterMs: number): Promise<void> => {
  if (former === undefined) return;
  await world.scheduler.delay(afterMs);
  await world.add(former.disk, former.weather);
};

/** The plan says other units; each gateway hears of it at its own time. */
const change = async (world: World, limit: JudgedLimit | undefined, lastsMs: number, factor: number): Promise<void> => {
  if (limit === undefined) return;
  const ref = limit.ref(limit.newest);
  limit.versions.push({ ...ref, units: Math.max(1, Math.round(ref.units * factor)), version: limit.newest + 2 });
  const heard = world.living.map(async (gateway) => {
    await world.scheduler.delay(world.random() * Math.min(lastsMs, 1000));
    gateway.hear(limit);
  });
  await Promise.all(heard);
};
