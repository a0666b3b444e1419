// Requests by a seed: for each limit more than it allows, spread unevenly over the gateways and their threads; some want
// several limits at once, some cost more than one unit.
import type { JudgedLimit } from './judged-limit.js';
import type { World } from './world.js';

const longQuotaPerMs = 15 / 1000;

/** Not steady, requests come in gusts, and what was leased is given back between them. */
export const load = (world: World, random: () => number, isSteady: boolean): void => {
  const skew = random() < 0.5 ? 0.5 : 1;
  for (const limit of world.limits) stream(world, limit, skew, isSteady || random() < 0.5, random);
};

const stream = (world: World, limit: JudgedLimit, skew: number, isSteady: boolean, random: () => number): void => {
  const { scheduler } = world;
  const servedMs = 100 + random() * 400;
  const isAlone = random() < 0.4;
  // Requests that want several limits may be refused for another one: those that want this one alone are enough.
  const meanMs = (isAlone ? 1 : 0.6) / ((1.5 + random()) * allowedPerMs(limit, servedMs));
  const most = Math.max(1, Math.min(4, Math.floor(limit.ref(0).units / 4)));
  const isDear = random() < 0.3;
  const gustMs = 200 + random() * 400;
  // A trickle would hardly meet its gusts.
  const isGusty = !isSteady && meanMs < 50;
  const next = (): void => {
    scheduler.after(-Math.log(1 - random()) * meanMs, () => {
      if (isGusty && Math.floor(scheduler.nowMs / gustMs) % 3 > 0) {
        scheduler.after(gustMs, next);
        return;
      }
      const draws = Array.from({ length: 6 }, random);
      const [place = 0, thread = 0, several = 0, dear = 0, served = 0, come = 0] = draws;
      const open = world.gateways.filter((gateway) => gateway.isOpen);
      const gateway = open[Math.floor(place ** (1 / skew) * open.length)];
      const cost = isDear && dear < 0.3 ? 1 + Math.floor((dear / 0.3) * most) : 1;
      const wanted =
        !isAlone && several < 0.4
          ? world.limits.map((one) => ({ limit: one, cost: one === limit ? cost : 1 }))
          : [{ limit, cost }];
      if (come < world.load)
        gateway?.receive(
          wanted,
          thread < 0.5 ? 0 : 1,
          served < 0.02 ? Math.min(3000, 20 * servedMs) : 2 * served * servedMs,
        );
      next();
    });
  };
  next();
};

/** Units per millisecond that the limit lets through in the long run. */
const allowedPerMs = (limit: JudgedLimit, servedMs: number): number => {
  const ref = limit.ref(0);
  if (ref.kind === 'concurrency') return ref.units / (1.4 * servedMs);
  return ref.kind === 'quota' || ref.periodMs > 10_000 ? longQuotaPerMs : ref.units / ref.periodMs;
};
