// One run by a seed: a world, limits and load drawn from it, troubles, then calm; and what the judge has to say.
import type { LimitRef } from '../limit-ref.js';
import type { Redis } from 'ioredis';
import { leaseScript } from '../lease-script.js';
import type { Violation } from './judge.js';
import { drawLimits, epoch } from './draw-limits.js';
import { JudgedLimit } from './judged-limit.js';
import { load } from './load.js';
import { watchLiveness } from './liveness.js';
import { overshootViolations } from './overshoot.js';
import { seeded } from './seeded.js';
import {
  happen,
  longestLag,
  outageKinds,
  planTroubles,
  troubleKinds,
  type Trouble,
  type TroubleKind,
} from './troubles.js';
import type { Evaluation } from './virtual-redis.js';
import { World } from './world.js';

export interface SimulateOptions {
  readonly client: Redis;
  /** Default: the gateway's. */
  readonly script?: string;
  /** Kinds of trouble that are left out. */
  readonly without?: readonly TroubleKind[];
  /** All kinds of trouble that there are, and some come for sure. Default: some of all kinds, by the seed. */
  readonly among?: readonly TroubleKind[];
  /** Which of the planned troubles happen, by their place; all by default. */
  readonly only?: readonly number[];
  readonly kinds?: readonly LimitRef['kind'][];
  readonly gateways?: number;
  /** Half of the limits go on without Redis, and nobody is killed: then all overshoot is counted. Default: deny. */
  readonly onOutage?: LimitRef['onOutage'];
  /** Told of all that happens. */
  readonly trace?: (line: string) => void;
  readonly onEvaluated?: (evaluation: Evaluation) => void;
}

export interface Outcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly troubles: readonly Trouble[];
  readonly limits: readonly JudgedLimit[];
  readonly requests: number;
  readonly admitted: number;
  readonly evaluations: number;
  readonly virtualMs: number;
}

const troubleFromMs = 800;
const troubleUntilMs = 5000;
/** A member that went silent is fenced after 3 s; then others settle. */
const recoveryMs = 5500;
/** A request may hold a slot this long. */
const shortestWatchMs = 2000;
/** Until all overshoot has been counted: see lua-period.ts. */
const judgingMs = 6000;

export const simulate = async (seed: number, options: SimulateOptions): Promise<Outcome> => {
  const random = seeded(seed);
  // Streams of their own, so that a trouble left out does not change the others.
  const [forPlan, forLimits, forLoad, forWorld] = [1, 2, 3, 4].map((stream) => seeded(seed * 31 + stream * 7919));
  if (!forPlan || !forLimits || !forLoad || !forWorld) throw new Error('four streams');
  const isLocal = options.onOutage === 'local';
  const kinds =
    options.among ?? (isLocal ? outageKinds : troubleKinds).filter(() => forPlan() < (isLocal ? 0.5 : 0.25));
  const isCalm = options.among === undefined && forPlan() < 0.1;
  const plan = planTroubles(forPlan, kinds, {
    count: isCalm ? 0 : 1 + Math.floor(forPlan() * 6),
    fromMs: troubleFromMs,
    untilMs: troubleUntilMs,
  });
  const troubles = plan.filter(
    ({ kind }, index) => options.without?.includes(kind) !== true && options.only?.includes(index) !== false,
  );
  const isSteppedBack = troubles.some(({ kind }) => kind === 'redis-back');

  const epochMs = epoch(random());
  const world = new World({
    random: forWorld,
    redis: {
      client: options.client,
      namespace: `seed${seed}`,
      script: options.script ?? leaseScript,
      longestLag: troubles.some(({ kind }) => kind === 'failover') ? longestLag : 0,
    },
    epochMs,
    partitions: random() < 0.7 ? 1 : 2,
    repeat: random() < 0.4 ? 0.15 : 0,
    drift: random() < 0.5 ? 1 : 0,
  });
  const { scheduler, redis } = world;
  let evaluations = 0;
  redis.onEvaluated = (evaluation) => {
    evaluations += 1;
    for (const limit of world.limits) limit.evaluated(evaluation.keys, evaluation.redisMs);
    options.onEvaluated?.(evaluation);
    options.trace?.(
      `${stamp(scheduler.nowMs)} redis ${JSON.stringify(evaluation.keys)} ${JSON.stringify(evaluation.args)} -> ${JSON.stringify(evaluation.reply)}`,
    );
  };
  const count = options.gateways ?? 1 + Math.floor(random() * 3);
  for (const ref of drawLimits(forLimits, epochMs, options)) {
    world.limits.push(new JudgedLimit(ref, { redisMs: () => redis.redisMs, isSteppedBack }));
    options.trace?.(`limit ${JSON.stringify(ref)}`);
  }
  world.onAdmitted = (limit, cost) =>
    options.trace?.(`${stamp(scheduler.nowMs)} admitted ${cost} of ${limit.name}: ${limit.judge.admitted} in all`);

  for (let index = 0; index < count; index += 1) scheduler.at(random() * 200, () => void world.add());
  const open = new Set(troubles);
  const undergo = async (trouble: Trouble): Promise<void> => {
    await happen(world, trouble);
    options.trace?.(`${stamp(scheduler.nowMs)} over: ${trouble.kind}`);
    open.delete(trouble);
  };
  for (const trouble of troubles) {
    scheduler.at(trouble.atMs, () => {
      options.trace?.(`${stamp(scheduler.nowMs)} TROUBLE ${JSON.stringify(trouble)}`);
      void undergo(trouble);
    });
  }
  load(world, forLoad, troubles.length === 0);
  const longestMs = Math.max(
    shortestWatchMs,
    ...world.limits.map(({ periodMs }) => (periodMs < 10_000 ? periodMs : 0)),
  );
  if (troubles.length > 0) {
    await scheduler.run(troubleUntilMs);
    while (open.size > 0) await scheduler.run(scheduler.nowMs + 100);
    // Nobody looks at how much is admitted meanwhile.
    world.load = 0.3;
    await scheduler.run(scheduler.nowMs + recoveryMs);
    world.load = 1;
  } else await scheduler.run(2500);
  const watched = watchLiveness(world, { isCalm: troubles.length === 0, isSteppedBack });
  await scheduler.run(scheduler.nowMs + 2 * longestMs + 500);
  const complaints = watched();
  world.load = 0;
  if (isLocal) await scheduler.run(scheduler.nowMs + judgingMs);
  const violations = [
    ...world.limits.filter(({ isExact }) => isExact).flatMap(({ judge }) => judge.violations),
    ...complaints,
    ...(isLocal ? await overshootViolations(world) : []),
    ...redis.errors.map((says) => ({ limit: 'the script', atMs: scheduler.nowMs, says })),
  ];
  await redis.remove();
  return {
    seed,
    violations,
    troubles,
    limits: world.limits,
    requests: world.outcomes.admitted + world.outcomes.exhausted + world.outcomes.unavailable,
    admitted: world.outcomes.admitted,
    evaluations,
    virtualMs: scheduler.nowMs,
  };
};

const stamp = (ms: number): string => ms.toFixed(3).padStart(10);
