// What the broker counts. In units, over all limits: a label per subscription would be one time series per customer.
import { Counter, Gauge, type Registry } from '@sluice/runtime';
import type { LimitCounts } from './held-limit.js';

export interface LimitMetrics extends LimitCounts {
  roundTrip(outcome: 'answered' | 'unanswered'): void;
  tableFull(): void;
}

export const createLimitMetrics = (
  registry: Registry,
  unspent: () => number,
  slotsInUse: () => number,
): LimitMetrics => {
  const registers = [registry];
  const units = (name: string, help: string): Counter =>
    new Counter({ name: `sluice_limit_units_${name}_total`, help, registers });
  const leased = units('leased', 'Units that Redis has debited for this gateway.');
  const returned = units('returned', 'Leased units given back unspent.');
  const forfeited = units(
    'forfeited',
    'Leased units that were neither spent nor given back before their period ended.',
  );
  const overshot = units('overshoot', 'Units admitted while Redis could not be asked, by limits with onOutage local.');
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
  const gauge = (name: string, help: string, read: () => number): void => {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read());
        },
      }),
    );
  };
  gauge('sluice_limit_units_unspent', 'Units leased by this gateway and not yet spent.', unspent);
  gauge('sluice_limit_slots_in_use', 'Limits that have a slot in the shared table.', slotsInUse);
  return {
    leased: (count) => leased.inc(count),
    returned: (count) => returned.inc(count),
    forfeited: (count) => forfeited.inc(count),
    overshot: (count) => overshot.inc(count),
    roundTrip: (outcome) => roundTrips.inc({ outcome }),
    tableFull: () => full.inc(),
  };
};
