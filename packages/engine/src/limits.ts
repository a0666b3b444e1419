// Limits as a decision speaks of them: what each says, for whom it counts, and what a request takes of it.
import type { LimitShape, QuotaPeriod } from '@sluice/contracts';

interface LimitTerms {
  /** Its name within what it counts for. */
  readonly name: string;
  readonly onOutage: 'deny' | 'local';
  /** Refuses nothing: what it would have refused stands in the reasons. */
  readonly isDryRun: boolean;
}

export type CompiledLimit = LimitShape & LimitTerms;

/** A limit of one subscription, address, route, ... */
export type LimitRef = (
  | Exclude<LimitShape, { kind: 'quota' }>
  | {
      readonly kind: 'quota';
      readonly units: number;
      readonly period: QuotaPeriod;
      /** Unix milliseconds that periods are counted from; null: the calendar in UTC. */
      readonly anchorMs: number | null;
    }
) &
  LimitTerms & {
    /** `${what it counts for}/${name}`: equal keys share their units. */
    readonly key: string;
    /** Of two that differ in units, the higher one counts: the revision, and for a plan how often the subscription has moved. */
    readonly version: number;
    /** Of the operator's for a whole tenant: clients hear of it when it refuses, and of nothing before. */
    readonly isOfPlatform?: boolean;
  };

/** Units to be taken of a limit. */
export interface Charge {
  readonly limit: LimitRef;
  readonly cost: number;
}

/** The limit as it counts for one thing. `anchorMs` is when a subscription began. `counter`: limits of one scope share it, or not. */
export function limitRef(
  limit: CompiledLimit,
  scope: string,
  version: number,
  anchorMs: number | undefined,
  counter = limit.name,
): LimitRef {
  const key = `${scope}/${counter}`;
  if (limit.kind !== 'quota') return { ...limit, key, version };
  const { kind, units, period, isAnchored, name, onOutage, isDryRun } = limit;
  // Field by field: leaving one out of a copy takes as long as the rest of this stage.
  return {
    kind,
    units,
    period,
    anchorMs: isAnchored ? (anchorMs ?? null) : null,
    name,
    onOutage,
    isDryRun,
    key,
    version,
  };
}

/** How long until it is whole again, from nothing: what `w` says in RateLimit-Policy. Undefined: no such time. */
export function limitPeriodMs(limit: LimitRef): number | undefined {
  switch (limit.kind) {
    case 'rate':
    case 'window':
      return limit.periodMs;
    case 'quota':
      return periodMs[limit.period];
    case 'concurrency':
      return undefined;
    default:
      return limit satisfies never;
  }
}

const dayMs = 86_400_000;
const periodMs = { hour: dayMs / 24, day: dayMs, week: 7 * dayMs, month: 30 * dayMs, year: 365 * dayMs } as const;
