// What is counted of targets. Over all upstreams: a label for each target would be a time series for each of a tenant's
// machines; which target it is stands in the log and in the console.
import { targetStates } from '@sluice/contracts';
import { Counter, Gauge, readCounter } from '@sluice/runtime';
import type { Registry } from '@sluice/runtime';
import type { EjectionCause } from '../ejecting.js';
import { ejectionCauses } from '../ejecting.js';
import { refusedWord } from './health-table.js';
import type { CheckCount, TargetHealth } from './target-health.js';

export interface HealthMetrics {
  readonly checked: (outcome: CheckCount) => void;
  readonly ejected: (cause: EjectionCause) => void;
  /** What is read when somebody looks. */
  observe(health: TargetHealth): void;
}

export function createHealthMetrics(registry: Registry): HealthMetrics {
  const registers = [registry];
  const checks = new Counter({
    name: 'sluice_upstream_checks_total',
    help: 'Active checks of targets, by how they ended; skipped: the tenant had used its share up',
    labelNames: ['outcome'],
    registers,
  });
  const ejections = new Counter({
    name: 'sluice_upstream_ejections_total',
    help: 'Targets that were ejected because they failed requests, by what they failed with',
    labelNames: ['cause'],
    registers,
  });
  for (const cause of ejectionCauses) ejections.inc({ cause }, 0);
  return {
    checked: (outcome) => checks.inc({ outcome }),
    ejected: (cause) => ejections.inc({ cause }),
    observe: (health) => observe(registry, health),
  };
}

function observe(registry: Registry, health: TargetHealth): void {
  void new Gauge({
    name: 'sluice_upstream_targets',
    help: 'Targets of all upstreams, by state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const counts = new Map(targetStates.map((state) => [state, 0]));
      for (const { state } of health.targets()) counts.set(state, (counts.get(state) ?? 0) + 1);
      for (const [state, count] of counts) this.set({ state }, count);
    },
  });
  readCounter(
    registry,
    'sluice_upstream_refusals_total',
    'What the circuit breakers of upstreams refused: requests in flight, requests that would wait, repetitions',
    (metric) => {
      for (const [limit, word] of Object.entries(refusedWord)) metric.inc({ limit }, health.table.refused.read(word));
    },
    ['limit'],
  );
}
