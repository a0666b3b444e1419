// What the threads say of their load, each in a row of its own in shared memory, and the metrics of it.
import type { Registry } from '@sluice/runtime';
import { Gauge, readCounter, readGauge } from '@sluice/runtime';
import type { ConnectionsShared } from './connection-bounds.js';
import { openConnections } from './connection-bounds.js';

const columns = ['delayMs', 'utilization', 'waiting', 'shed', 'deferred', 'full', 'addressFull', 'evicted'] as const;
type Column = (typeof columns)[number];

export function createOverloadCounters(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * columns.length * Float64Array.BYTES_PER_ELEMENT);
}

export class OverloadCounters {
  readonly #row: Float64Array;

  constructor(shared: SharedArrayBuffer, thread: number) {
    this.#row = new Float64Array(shared, thread * columns.length * Float64Array.BYTES_PER_ELEMENT, columns.length);
  }

  set(column: Column, value: number): void {
    this.#row[columns.indexOf(column)] = value;
  }

  count(column: Column): void {
    const index = columns.indexOf(column);
    this.#row[index] = (this.#row[index] ?? 0) + 1;
  }
}

export function registerOverloadMetrics(
  registry: Registry,
  shared: SharedArrayBuffer,
  connections: ConnectionsShared,
): void {
  const cells = new Float64Array(shared);
  const ofThreads = (column: Column): number[] => {
    const at = columns.indexOf(column);
    return Array.from({ length: cells.length / columns.length }, (_, row) => cells[row * columns.length + at] ?? 0);
  };
  const sum = (column: Column): number => ofThreads(column).reduce((total, value) => total + value, 0);
  const gauge = (name: string, help: string, column: Column, scale: number): void => {
    void new Gauge({
      name,
      help,
      labelNames: ['thread'],
      registers: [registry],
      collect() {
        ofThreads(column).forEach((value, thread) => this.set({ thread: String(thread) }, value * scale));
      },
    });
  };
  gauge('sluice_thread_delay_seconds', 'Shortest delay of an event in the last 100 ms, by thread', 'delayMs', 0.001);
  gauge('sluice_thread_utilization', 'Share of the last 100 ms that a thread was not idle', 'utilization', 1);
  gauge('sluice_requests_waiting', 'Requests that wait at the entry for their tenant to have a turn', 'waiting', 1);
  readCounter(
    registry,
    'sluice_requests_deferred_total',
    'Requests that had to wait at the entry, or were shed there',
    (metric) => metric.inc(sum('deferred')),
  );
  readCounter(registry, 'sluice_requests_shed_total', 'Requests answered with 503 overloaded', (metric) =>
    metric.inc(sum('shed')),
  );
  readCounter(
    registry,
    'sluice_connections_refused_total',
    'Connections beyond a bound: of the process, or of one client address',
    (metric) => {
      metric.inc({ bound: 'process' }, sum('full'));
      metric.inc({ bound: 'address' }, sum('addressFull'));
    },
    ['bound'],
  );
  readCounter(
    registry,
    'sluice_connections_evicted_total',
    'Connections without a request that were closed to make room at the bound',
    (metric) => metric.inc(sum('evicted')),
  );
  readGauge(registry, 'sluice_connections_open', 'Connections of clients', () => openConnections(connections));
}
