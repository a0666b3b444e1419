// A histogram whose values were counted by others: prom-client's own observes single values.
import { Histogram } from '@sluice/runtime';
import type { Registry } from '@sluice/runtime';
import { column, durationBuckets } from './counters.js';

type Rows = () => Iterable<readonly [Readonly<Record<string, string>>, Float64Array]>;

export class DurationHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #rows: Rows;

  constructor({ name, help, registers, rows }: { name: string; help: string; registers: Registry[]; rows: Rows }) {
    super({ name, help, registers, buckets: [...durationBuckets] });
    this.#name = name;
    this.#help = help;
    this.#rows = rows;
  }

  /** What prom-client asks for when it writes text; its own `get` asks for it too. */
  async getForPromString(): Promise<object> {
    const values: object[] = [];
    for (const [labels, row] of this.#rows()) {
      const count = row[column.durationCount] ?? 0;
      let cumulative = 0;
      const add = (part: string, value: number, le?: number | string): void => {
        const own = le === undefined ? labels : { le, ...labels };
        values.push({ metricName: `${this.#name}_${part}`, labels: own, sharedLabels: {}, value });
      };
      durationBuckets.forEach((le, index) => add('bucket', (cumulative += row[column.bucket + index] ?? 0), le));
      add('bucket', count, '+Inf');
      add('sum', row[column.durationSum] ?? 0);
      add('count', count);
    }
    return { name: this.#name, help: this.#help, type: 'histogram', aggregator: 'sum', values };
  }
}
