// What the broker counts. In units, over all limits: a label per subscription would be one time series per customer.
import { Counter, readGauge, type Registry } from '@sluice/runtime';
import type { LimitCounts } from './held-limit.js';

export interface LimitMetrics extends LimitCounts {
  roundTrip(outcome: 'answered' | 'unanswered'): void;
  tableFull(): void;
}

/** What is read when somebody looks. */
export interface LimitGauges {
  readonly unspent: () => number;
  readonly held: () => number;
  readonly unknown: () => number;
  readonly losses: () => number;
}

export const createLimitMetrics = (registry: Registry, gauges: LimitGauges): LimitMetrics => {
  const registers = [registry];
  const units = (name: string, help: string): Counter =>
    new Counter({ name: `sluice_limit_units_${name}_total`, help, registers });
  const leased = units('leased', 'Units that Redis has debited for this gateway.');
  const returned = units('returned', 'Leased units given back unspent.');
  const forfeited = units(
    'forfeited',
    'Leased units that were neither spent nor given back before their time ended, or that a lost answer spoke of.',
  );
  const alone = units('alone', 'Units admitted while Redis could not be asked, by limits with onOutage local.');
  const overshot = units(
    'overshoot',
    'Units admitted above a limit with onOutage local, counted three seconds after Redis heard of them.',
  );
  const roundTrips = new Counter({
    name: 'sluice_limit_round_trips_total',
    help: 'Lease operations sent to Redis.',
    labelNames: ['outcome'],
    registers,
  });
  const full = new Counter({
    name: 'sluice_limit_table_full_total',
    help: 'Requests answered as unavailable because no slot was free.',
    registers,
  });
  readGauge(registry, 'sluice_limit_units_unspent', 'Units leased by this gateway and not yet spent.', gauges.unspent);
  readGauge(registry, 'sluice_limit_slots_in_use', 'Limits that have a slot in the shared table.', gauges.held);
  readGauge(
    registry,
    'sluice_limit_unknown',
    'Limits that this gateway refuses (or serves alone) because a loss left their use unknown.',
    gauges.unknown,
  );
  readGauge(
    registry,
    'sluice_limit_losses',
    'Times that Redis was found to have lost counts, since it was first used.',
    gauges.losses,
  );
  return {
    leased: (count) => leased.inc(count),
    returned: (count) => returned.inc(count),
    forfeited: (count) => forfeited.inc(count),
    admittedAlone: (count) => alone.inc(count),
    overshot: (count) => overshot.inc(count),
    roundTrip: (outcome) => roundTrips.inc({ outcome }),
    tableFull: () => full.inc(),
  };
};
