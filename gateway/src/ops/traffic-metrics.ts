// The threads' counters and the snapshot's standing, as Prometheus metrics.
import { problemCodes } from '@sluice/contracts';
import { Counter, Gauge } from '@sluice/runtime';
import type { Registry } from '@sluice/runtime';
import type { SnapshotStatus } from '../snapshot/snapshot.js';
import type { Totals } from './counters.js';
import { durationBuckets, statusClasses, totals } from './counters.js';

export function registerTrafficMetrics(registry: Registry, counters: SharedArrayBuffer): void {
  const registers = [registry];
  const counter = (
    name: string,
    help: string,
    labelNames: string[],
    fill: (metric: Counter, sums: Totals) => void,
  ): void => {
    void new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        fill(this, totals(counters));
      },
    });
  };
  counter(
    'sluice_requests_total',
    'Requests answered, by class of status; 499: the client had gone',
    ['status'],
    (metric, { status }) => {
      statusClasses.forEach((name, index) => metric.inc({ status: name }, status[index] ?? 0));
    },
  );
  counter(
    'sluice_problems_total',
    'Requests that the gateway itself answered with a problem, by its code',
    ['code'],
    (metric, { problem }) => {
      problemCodes.forEach((code, index) => {
        const count = problem[index] ?? 0;
        if (count > 0) metric.inc({ code }, count);
      });
    },
  );
  counter('sluice_malformed_requests_total', 'Requests refused by the wire itself', [], (metric, { malformed }) =>
    metric.inc(malformed),
  );
  counter(
    'sluice_body_bytes_total',
    'Body bytes, from clients and to clients',
    ['direction'],
    (metric, { receivedBytes, sentBytes }) => {
      metric.inc({ direction: 'received' }, receivedBytes);
      metric.inc({ direction: 'sent' }, sentBytes);
    },
  );
  // A histogram by its parts: prom-client's own observes single values, and these were counted by the threads already.
  const duration = 'sluice_request_duration_seconds';
  counter(
    `${duration}_bucket`,
    'Requests by duration, from the head of the request to the last byte of the answer',
    ['le'],
    (metric, { bucket, durationCount }) => {
      let cumulative = 0;
      durationBuckets.forEach((le, index) => metric.inc({ le }, (cumulative += bucket[index] ?? 0)));
      metric.inc({ le: '+Inf' }, durationCount);
    },
  );
  counter(`${duration}_sum`, 'Seconds of all requests', [], (metric, { durationSum }) => metric.inc(durationSum));
  counter(`${duration}_count`, 'Requests whose duration was counted', [], (metric, { durationCount }) =>
    metric.inc(durationCount),
  );
  void new Gauge({
    name: 'sluice_requests_in_flight',
    help: 'Requests being served',
    registers,
    collect() {
      this.set(totals(counters).inFlight);
    },
  });
}

export function registerSnapshotMetrics(registry: Registry, status: () => SnapshotStatus): void {
  const gauge = (name: string, help: string, read: (status: SnapshotStatus) => number): void => {
    void new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(status()));
      },
    });
  };
  gauge('sluice_feed_connected', '1 while the change feed is followed', ({ isConnected }) => Number(isConnected));
  gauge('sluice_snapshot_position', 'Position of the change feed that is in force', ({ position }) => position);
  gauge(
    'sluice_snapshot_behind',
    'Positions between what is in force and the head of the feed',
    ({ head, position }) => head - position,
  );
  gauge('sluice_snapshot_age_seconds', 'Time since the change feed was last heard', ({ contactAt }) =>
    contactAt === 0 ? -1 : (Date.now() - contactAt) / 1000,
  );
}
