// What must happen: without trouble a limit is used almost wholly, and after trouble requests are admitted again.
import { ConcurrencyJudge, PeriodJudge, type Violation } from './judge.js';
import type { JudgedLimit } from './judged-limit.js';
import type { World } from './world.js';

export interface Circumstances {
  /** Nothing ever went wrong. */
  readonly isCalm: boolean;
  /** Redis's clock went back: then a period lasts until it has caught up. */
  readonly isSteppedBack: boolean;
}

/** Watches from now on; what it returns tells what did not happen. */
export const watchLiveness = (world: World, circumstances: Circumstances): (() => Violation[]) => {
  const since = new Map(world.limits.map((limit) => [limit, limit.judge.admitted]));
  const fromMs = world.scheduler.nowMs;
  return () => {
    const atMs = world.scheduler.nowMs;
    if (!world.gateways.some((gateway) => gateway.isOpen && gateway.process.state === 'running')) return [];
    return world.limits.flatMap((limit): Violation[] => {
      const says = complaint(
        limit,
        limit.judge.admitted - (since.get(limit) ?? 0),
        world.epochMs + fromMs,
        circumstances,
      );
      return says === undefined ? [] : [{ limit: limit.name, atMs, says }];
    });
  };
};

const complaint = (
  limit: JudgedLimit,
  admitted: number,
  fromMs: number,
  { isCalm, isSteppedBack }: Circumstances,
): string | undefined => {
  const ref = limit.ref(limit.newest);
  // Periods that last longer than the run may be used up, or be blocked until they end.
  if (ref.kind === 'quota' || limit.periodMs > 10_000) return undefined;
  if (isSteppedBack && ref.kind !== 'concurrency') return undefined;
  // What was admitted beyond the burst is paid back by waiting.
  if (ref.kind === 'rate' && ref.onOutage === 'local') return undefined;
  // A request may take long.
  if (limit.judge instanceof ConcurrencyJudge && limit.judge.running > 0) return undefined;
  if (admitted === 0) return 'nothing was admitted after the trouble was over';
  if (!isCalm || !(limit.judge instanceof PeriodJudge)) return undefined;
  const [, whole] = [...limit.judge.periods].find(([start]) => start >= fromMs) ?? [];
  if (whole === undefined || whole >= 0.99 * ref.units - 1) return undefined;
  return `only ${whole} of ${ref.units} were admitted in a period without trouble`;
};
