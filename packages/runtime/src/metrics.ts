// The metrics of a process, for Prometheus.
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A registry of its own (never prom-client's global one), with the process's default metrics. */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** A number that is kept elsewhere, and read when somebody looks. */
export function readGauge(registry: Registry, name: string, help: string, read: () => number): void {
  void new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** The same for a count. @param fill adds all that was counted so far, to a counter at zero. */
export function readCounter(
  registry: Registry,
  name: string,
  help: string,
  fill: (metric: Counter) => void,
  labelNames: readonly string[] = [],
): void {
  void new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      fill(this);
    },
  });
}
